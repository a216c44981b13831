//! Tokens of another authorization server, validated by asking it (RFC 7662).

mod answer;
mod cache;
mod endpoint;
mod flights;
mod moment;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{TokenInfo, TokenValidator};
use crate::error::Error;
use crate::time::{Clock, SystemClock};
use crate::types::{Scope, Secret, Timestamp, fits_a_form};

pub use answer::Introspected;
pub use endpoint::{MAX_ANSWER_BYTES, MAX_CALLS};

use answer::Expected;
use cache::Cache;
use endpoint::Endpoint;
use flights::Flights;
use moment::Moment;

/// How long an answer is used, unless a validator says otherwise.
pub const DEFAULT_STALENESS: Duration = Duration::from_secs(30);
/// How many answers are remembered, unless a validator says otherwise.
pub const DEFAULT_ENTRIES: usize = 10_000;
/// How long one question may take, unless a validator says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// Validates tokens by asking the introspection endpoint of the authorization server that issued them (RFC 7662).
///
/// ```no_run
/// use oauth2_runtime::prelude::*;
/// use oauth2_runtime::protect::RemoteIntrospection;
/// # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
///
/// fn photos(secret: Secret<String>) -> Result<Router, Error> {
///     let tokens = RemoteIntrospection::<Access>::new("https://id.example/oauth/introspect", "photos-api", secret)?
///         .issuer("https://id.example");
///     let protector = ResourceProtector::new(tokens);
///     Ok(Router::new().route("/photos", get(async || "photos")).route_layer(protector.require(Access::ReadPhotos)))
/// }
/// ```
///
/// - A token is good when the answer says `"active": true`, its `token_type` is `Bearer`, and its `exp` is in the future. An
///   answer without one of these is refused: a refresh token is active too. So are a wrong `iss`, a `nbf` in the future, and a
///   token bound to a key (`cnf`), which whoever merely has it must not use. What has no form of a token
///   (RFC 6750 section 2.1), or takes more than [`MAX_TOKEN_BYTES`](crate::types::MAX_TOKEN_BYTES) in a form, is refused
///   without a question.
/// - An answer is remembered until the token expires, and for [`DEFAULT_STALENESS`] at most: a revoked token is refused to
///   every request that comes in later than that, also when the clock was set back meanwhile. That a token is not good is
///   never remembered. What is remembered is under the SHA-256 of the whole token and holds no token; whether its scope is
///   enough is decided for each request anew.
/// - Requests with the same token share one question, unless nothing is to be remembered.
/// - An endpoint that cannot be reached, answers anything but 200 with a JSON document of that RFC, or redirects, is 503 for the
///   request, never an invalid token. Answers that are too old are not used then either.
/// - `sub` is no subject when it equals `client_id`: some servers name a client that acts for itself so.
///
/// The certificates that the operating system trusts are trusted. No proxy is used.
pub struct RemoteIntrospection<S: Scope> {
    endpoint: Arc<Endpoint>,
    expected: Arc<Expected>,
    cache: Arc<Cache<S>>,
    flights: Arc<Flights<Outcome<S>>>,
    staleness: Duration,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

/// What a question came to, for everybody who waited for it.
type Outcome<S> = Result<Option<Introspected<S>>, Arc<Error>>;

/// The SHA-256 of a whole token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key([u8; 32]);

impl Key {
    fn of(token: &str) -> Self {
        Self(Sha256::new().chain_update("oauth2/introspected_token\0").chain_update(token).finalize().into())
    }
}

impl<S: Scope> RemoteIntrospection<S> {
    /// Asks `endpoint`, the `introspection_endpoint` of the authorization server's metadata, as a client of that server, by
    /// `client_secret_basic`.
    ///
    /// # Errors
    ///
    /// When `endpoint` is no `https` URL, or `http` to another host than this one; when it has a user name, a password or a
    /// fragment; and when the operating system has no certificates to trust. The error names the scheme, the host and the path
    /// of the URL at most.
    pub fn new(endpoint: &str, client_id: &str, client_secret: Secret<String>) -> Result<Self, Error> {
        Ok(Self {
            endpoint: Arc::new(Endpoint::new(endpoint, client_id, &client_secret)?),
            expected: Arc::default(),
            cache: Arc::new(Cache::new(DEFAULT_ENTRIES)),
            flights: Arc::default(),
            staleness: DEFAULT_STALENESS,
            timeout: DEFAULT_TIMEOUT,
            clock: Arc::new(SystemClock),
        })
    }

    /// Refuses tokens whose `iss` is there and another.
    #[must_use]
    pub fn issuer(self, issuer: &str) -> Self {
        self.expecting(|expected| expected.issuer = Some(issuer.to_owned()))
    }

    /// Refuses tokens whose `aud` does not name `audience`: this resource server, in the words of the authorization server.
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        self.expecting(|expected| expected.audience = Some(audience.to_owned()))
    }

    /// Accepts answers without `token_type`, for an authorization server that leaves it out. Only where its endpoint says of
    /// refresh tokens that they are not active: else they pass for access tokens.
    #[must_use]
    pub fn without_token_type(self) -> Self {
        self.expecting(|expected| expected.token_type_may_be_missing = true)
    }

    /// Remembers at most `entries` answers, each for `staleness` at most, in whole seconds. With zero of either every request
    /// asks.
    #[must_use]
    pub fn remember(self, staleness: Duration, entries: usize) -> Self {
        Self { cache: Arc::new(Cache::new(entries)), staleness, ..self }
    }

    /// Gives up after `timeout`, waiting for other questions included.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Takes the time from `clock`.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    fn expecting(mut self, set: impl FnOnce(&mut Expected)) -> Self {
        set(Arc::make_mut(&mut self.expected));
        self
    }

    /// One question, which nobody in particular waits for.
    fn ask(&self, token: &str, key: Key, asked: Moment) -> impl Future<Output = Outcome<S>> + use<S> {
        let token = Secret::new(token.to_owned());
        let (endpoint, expected) = (Arc::clone(&self.endpoint), Arc::clone(&self.expected));
        let (cache, clock) = (Arc::clone(&self.cache), Arc::clone(&self.clock));
        let (staleness, timeout) = (self.staleness, self.timeout);
        async move {
            let answer = endpoint.ask(&token, timeout).await?;
            let token = expected.read(&answer, clock.now())?;
            if let Some(token) = &token {
                cache.put(key, token.clone(), asked, staleness.min(asked.until(token.expires_at())));
            }
            Ok(token)
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S: Scope> TokenValidator for RemoteIntrospection<S> {
    type Scopes = S;
    type Token = Introspected<S>;

    async fn authenticate_token(&self, token: &str) -> Result<Option<Introspected<S>>, Error> {
        if !is_token(token) {
            return Ok(None);
        }
        let (key, now) = (Key::of(token), Moment::at(self.now()));
        if let Some(known) = self.cache.get(key, now) {
            return Ok(Some(known));
        }
        let flight = self.flights.join(key, now, self.staleness, || self.ask(token, key, now));
        flight.await.map_err(|source| Error::new("a token could not be introspected").caused_by(source))
    }

    /// A token that was revoked is not active.
    fn token_revoked(&self, _: &Introspected<S>) -> bool {
        false
    }

    /// The issuer, if it is known.
    fn realm(&self) -> String {
        self.expected.issuer.clone().unwrap_or_else(|| "protected resource".to_owned())
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The form of RFC 6750 section 2.1, with at most as many bytes in the question as a parameter may have.
fn is_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && fits_a_form(text) && body.bytes().all(legal)
}

impl<S: Scope> fmt::Debug for RemoteIntrospection<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteIntrospection")
            .field("expected", &self.expected)
            .field("staleness", &self.staleness)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
