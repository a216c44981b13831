//! What a server is, as far as everything above needs to know.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::error::Error;
use crate::model::Models;
use crate::password::Credentials;
use crate::random::{Random, SystemRandom};
use crate::signal::{Event, Events, Subscribers};
use crate::store::Store;
use crate::time::{Clock, SystemClock};
use crate::token::{GeneratedToken, GeneratorContext, OpaqueTokens, generate};
use crate::types::{Issuer, Subject, Timestamp};

/// An authorization server: implemented by `#[oauth2_server]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an OAuth 2.0 server",
    label = "not a server",
    note = "put `#[oauth2_server(..)]` on the struct"
)]
pub trait OAuth2Server: Models {
    /// Where its models are kept.
    type Store: Store<Self>;

    /// The field marked `#[oauth2(store)]`.
    fn store(&self) -> &Self::Store;

    /// The issuer identifier, from the declaration, a field or the environment.
    ///
    /// # Errors
    ///
    /// When the environment does not have it.
    fn issuer(&self) -> Result<String, Error>;

    /// Tells the handlers of `signals(..)` what happened.
    fn signal<'a>(&'a self, event: Event<'a>) -> BoxFuture<'a, ()>;

    /// Whether `tokens(..)` has a generator of your own. A value of any form may be a token then.
    const OWN_TOKENS: bool = false;

    /// Asks the generator of `tokens(..)` for the values of a token.
    #[must_use]
    fn generate_token<'a>(
        cx: &'a GeneratorContext<'a, Self>,
    ) -> BoxFuture<'a, Result<GeneratedToken, Error>> {
        generate::<Self, OpaqueTokens>(cx)
    }

    /// Whether there is a `subjects = ..` to ask. Without it every subject is active.
    const ASKS_SUBJECTS: bool = false;

    /// Asks `subjects = ..` whether tokens may be issued for `subject` now.
    fn subject_state<'a>(&'a self, subject: &'a Subject) -> BoxFuture<'a, Result<SubjectState, Error>> {
        let _ = subject;
        Box::pin(std::future::ready(Ok(SubjectState::Active)))
    }

    /// Asks `sign_in = ..` who has filled in the sign-in form; `None` when the credentials are nobody's.
    fn sign_in<'a>(&'a self, credentials: &'a Credentials) -> BoxFuture<'a, Result<Option<Subject>, Error>> {
        let _ = credentials;
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// Whether a person may still be issued tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubjectState {
    /// Yes.
    Active,
    /// No: disabled, locked or gone. Every grant is then refused with `invalid_grant`.
    Disabled,
}

/// Where a server takes time and randomness from. The system, outside of tests.
#[derive(Clone)]
pub struct Environment {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

impl Environment {
    /// An environment with this clock and this source of randomness.
    pub fn new(clock: impl Clock, random: impl Random) -> Self {
        Self { clock: Arc::new(clock), random: Arc::new(random) }
    }
}

/// The operating system's clock and generator.
impl Default for Environment {
    fn default() -> Self {
        Self::new(SystemClock, SystemRandom)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

/// Where a browser finds what it needs on its way: paths with the issuer's in front.
pub(crate) struct Pages {
    pub(crate) authorization: String,
    pub(crate) sign_in: String,
    pub(crate) consent: String,
}

/// A server whose start-up checks have passed. Cheap to clone, dereferences to your struct, and is the axum
/// state that protected handlers need.
pub struct Ready<S>(Arc<Shared<S>>);

struct Shared<S> {
    server: S,
    issuer: Issuer,
    keyed_clients: bool,
    pages: Pages,
    metadata: Bytes,
    environment: Environment,
    subscribers: Subscribers,
}

impl<S: OAuth2Server> Ready<S> {
    pub(crate) fn new(
        server: S,
        issuer: Issuer,
        keyed_clients: bool,
        pages: Pages,
        metadata: Bytes,
        environment: Environment,
    ) -> Self {
        let subscribers = Subscribers::default();
        Self(Arc::new(Shared { server, issuer, keyed_clients, pages, metadata, environment, subscribers }))
    }

    /// The issuer identifier.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// Whether some endpoint has a method by which clients prove themselves without a secret.
    pub(crate) fn has_keyed_clients(&self) -> bool {
        self.0.keyed_clients
    }

    /// Where its pages are.
    pub(crate) fn pages(&self) -> &Pages {
        &self.0.pages
    }

    /// The metadata document (RFC 8414), as it is served.
    pub(crate) fn metadata(&self) -> Bytes {
        self.0.metadata.clone()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.environment.clock.now()
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.0.environment.random
    }

    pub(crate) async fn emit(&self, event: Event<'_>) {
        tracing::debug!(event = event.name(), "signal");
        self.0.server.signal(event).await;
        self.0.subscribers.tell(event);
    }

    /// Subscribes to what happens from now on: every event, whether or not `signals(..)` has a handler for it, after the
    /// handlers ran. A request neither waits for a subscriber nor fails because of one; a subscriber that falls behind loses
    /// the oldest events and is told how many ([`EVENTS_KEPT`](crate::signal::EVENTS_KEPT)). Any number may subscribe. A
    /// subscription does not keep the server: it ends when the last handle and the last router are gone.
    ///
    /// ```no_run
    /// use oauth2_runtime::prelude::*;
    /// use oauth2_runtime::signal::Notice;
    ///
    /// async fn watch<S: OAuth2Server>(auth: &Ready<S>) {
    ///     let mut events = auth.events();
    ///     while let Some(notice) = events.next().await {
    ///         match notice {
    ///             Notice::Event(event) => println!("{}: {event:?}", event.name()),
    ///             Notice::Dropped(events) => println!("{events} events were dropped"),
    ///             _ => {}
    ///         }
    ///     }
    /// }
    /// ```
    #[must_use = "who is not asked for events only makes them wait"]
    pub fn events(&self) -> Events {
        self.0.subscribers.subscribe()
    }
}

impl<S> Ready<S> {
    /// Whether both are handles of one server.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// A handle that does not keep the server.
    pub(crate) fn downgrade(&self) -> Idle<S> {
        Idle(Arc::downgrade(&self.0))
    }
}

/// A handle that does not keep the server.
pub(crate) struct Idle<S>(Weak<Shared<S>>);

impl<S> Idle<S> {
    /// A handle that does, while somebody else has one.
    pub(crate) fn upgrade(&self) -> Option<Ready<S>> {
        self.0.upgrade().map(Ready)
    }
}

impl<S> Clone for Ready<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Deref for Ready<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0.server
    }
}

impl<S> fmt::Debug for Ready<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("issuer", &self.0.issuer).finish_non_exhaustive()
    }
}

/// An async function that says whether tokens may be issued for a subject: the value of `subjects = ..`.
#[diagnostic::on_unimplemented(
    message = "this function cannot answer for subjects",
    label = "expected `async fn(&{S}, &Subject) -> Result<SubjectState, Error>`",
    note = "it is asked before every token that speaks for a person"
)]
pub trait SubjectCheck<'a, S: 'a>: Send + Sync {
    /// The future of one call.
    type Fut: Future<Output = Result<SubjectState, Error>> + Send;
    /// Calls it.
    fn call(&self, server: &'a S, subject: &'a Subject) -> Self::Fut;
}

#[diagnostic::do_not_recommend]
impl<'a, S: 'a, F, Fut> SubjectCheck<'a, S> for F
where
    F: Fn(&'a S, &'a Subject) -> Fut + Send + Sync,
    Fut: Future<Output = Result<SubjectState, Error>> + Send,
{
    type Fut = Fut;

    fn call(&self, server: &'a S, subject: &'a Subject) -> Fut {
        self(server, subject)
    }
}

/// Calls the function of `subjects = ..`.
#[doc(hidden)]
pub fn subject_state<'a, S: Sync, F>(
    check: F,
    server: &'a S,
    subject: &'a Subject,
) -> BoxFuture<'a, Result<SubjectState, Error>>
where
    F: for<'b> SubjectCheck<'b, S> + 'a,
{
    Box::pin(async move { check.call(server, subject).await })
}

/// Reads the issuer from the environment variable `name`.
#[doc(hidden)]
pub fn issuer_from_environment(name: &str) -> Result<String, Error> {
    std::env::var(name).map_err(|source| {
        Error::new(format!(
            "the environment variable `{name}` must hold the issuer, such as `https://id.example`"
        ))
        .caused_by(source)
    })
}
