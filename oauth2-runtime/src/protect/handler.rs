use std::marker::PhantomData;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::{Bearer, Challenge, ResourceProtector, StoredTokens, forgive_missing};
use crate::server::{OAuth2Server, Ready};
use crate::types::Requirement;

/// The token of a request, or why it was refused.
#[doc(hidden)]
pub type Outcome<S> = Result<Bearer<S>, Challenge>;

/// The realm that a handler's challenges name.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Realm(Option<&'static str>);

impl Realm {
    /// The issuer.
    pub const ISSUER: Self = Self(None);

    /// What `realm = ..` says. The macro has checked that a header can carry it.
    #[must_use]
    pub const fn named(realm: &'static str) -> Self {
        Self(Some(realm))
    }

    fn of<S: OAuth2Server>(self, server: &Ready<S>) -> ResourceProtector<StoredTokens<S>> {
        let protector = server.protector();
        self.0.and_then(|realm| protector.clone().realm(realm).ok()).unwrap_or(protector)
    }
}

/// What one `#[protect]` handler asks for: implemented by the attribute on a hidden type.
#[doc(hidden)]
pub trait Protection<S: OAuth2Server, A>: Send + Sync + 'static {
    /// The scopes.
    const REQUIREMENT: Requirement<S::Scopes>;

    /// The value of `realm = ..`.
    const REALM: Realm = Realm::ISSUER;

    /// The handler's first argument, or the refusal.
    ///
    /// # Errors
    ///
    /// The challenge to answer with.
    fn argument(outcome: Outcome<S>) -> Result<A, Challenge>;

    /// The predicate of `when = ..`.
    fn allows(token: &Bearer<S>, parts: &Parts) -> bool {
        let _ = (token, parts);
        true
    }
}

/// The first argument of a `#[protect]` handler: `Bearer<Server>`, or `Option<Bearer<Server>>` for a handler that
/// also answers without a token.
#[diagnostic::on_unimplemented(
    message = "the first argument of a `#[protect]` handler must be its token",
    label = "expected `Bearer<{S}>` or `Option<Bearer<{S}>>`",
    note = "the token is how a protected handler knows who calls (RFC 6750 section 2.1)"
)]
pub trait TokenArgument<S: OAuth2Server>: Sized {
    /// The argument, or the refusal. A token that is there but not valid is always refused.
    ///
    /// # Errors
    ///
    /// The challenge to answer with.
    fn from_outcome(outcome: Outcome<S>) -> Result<Self, Challenge>;
}

#[diagnostic::do_not_recommend]
impl<S: OAuth2Server> TokenArgument<S> for Bearer<S> {
    fn from_outcome(outcome: Result<Self, Challenge>) -> Result<Self, Challenge> {
        outcome
    }
}

#[diagnostic::do_not_recommend]
impl<S: OAuth2Server> TokenArgument<S> for Option<Bearer<S>> {
    fn from_outcome(outcome: Outcome<S>) -> Result<Self, Challenge> {
        forgive_missing(outcome)
    }
}

/// Extracts the token of a `#[protect]` handler. Only the attribute writes it.
#[doc(hidden)]
pub struct Protected<S, A, P>(pub A, pub PhantomData<fn() -> (S, P)>);

impl<St, S, A, P> FromRequestParts<St> for Protected<S, A, P>
where
    St: Send + Sync,
    S: OAuth2Server,
    A: Send,
    P: Protection<S, A>,
    Ready<S>: FromRef<St>,
{
    type Rejection = Challenge;

    async fn from_request_parts(parts: &mut Parts, state: &St) -> Result<Self, Challenge> {
        let server = Ready::<S>::from_ref(state);
        let protector = P::REALM.of(&server);
        let outcome = protector.acquire(parts, &P::REQUIREMENT, |token| P::allows(token, parts)).await;
        Ok(Self(P::argument(outcome)?, PhantomData))
    }
}

/// The stand-in for a handler whose `#[protect]` has an error: it fits every router, so that the error stays alone.
#[doc(hidden)]
pub struct Unchecked<A>(pub A);

impl<St: Send + Sync, A> FromRequestParts<St> for Unchecked<A> {
    type Rejection = http::StatusCode;

    async fn from_request_parts(_: &mut Parts, _: &St) -> Result<Self, Self::Rejection> {
        Err(http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}
