use std::fmt;
use std::sync::Arc;

use http::request::Parts;

use super::{Bearer, Challenge, Protect, ProtectLayer, ResourceProtector, TokenValidator};
use crate::error::Error;
use crate::model::OAuth2Token;
use crate::server::{OAuth2Server, Ready};
use crate::signal::{Event, TokenAuthenticated};
use crate::store::Store;
use crate::types::{Digest, Requirement, Timestamp};

/// The access tokens in a server's own store. One database statement a token; none for what cannot be one.
///
/// Accepted tokens are told to `signals(token_authenticated = ..)`.
pub struct StoredTokens<S>(Ready<S>);

/// The layer of [`Ready::require`].
pub type RequireLayer<S> = ProtectLayer<StoredTokens<S>>;
/// The service of a [`RequireLayer`].
pub type Require<S, Inner> = Protect<StoredTokens<S>, Inner>;

impl<S: OAuth2Server> StoredTokens<S> {
    /// Those of `server`.
    #[must_use]
    pub fn of(server: &Ready<S>) -> Self {
        Self(server.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<S: OAuth2Server> TokenValidator for StoredTokens<S> {
    type Scopes = S::Scopes;
    type Token = Bearer<S>;

    async fn authenticate_token(&self, token: &str) -> Result<Option<Bearer<S>>, Error> {
        let Some(digest) = Digest::presented(token, S::OWN_TOKENS) else { return Ok(None) };
        let row = self.0.store().access_token(&digest).await?;
        Ok(row.map(|row| Bearer::new(Arc::new(row))))
    }

    fn token_revoked(&self, token: &Bearer<S>) -> bool {
        token.fields().revoked_at.is_some()
    }

    async fn token_authenticated(&self, token: &Bearer<S>) {
        let (client_id, subject) = (token.fields().client_id.clone(), token.subject().cloned());
        let event = TokenAuthenticated { client_id, subject, at: self.now() };
        self.0.emit(Event::token_authenticated(&event)).await;
    }

    fn realm(&self) -> String {
        self.0.issuer().to_string()
    }

    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn is(&self, other: &Self) -> bool {
        self.0.is(&other.0)
    }
}

impl<S> Clone for StoredTokens<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> fmt::Debug for StoredTokens<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredTokens")
    }
}

impl<S: OAuth2Server> Ready<S> {
    /// Protects resources with this server's access tokens. Its realm is the issuer.
    #[must_use]
    pub fn protector(&self) -> ResourceProtector<StoredTokens<S>> {
        ResourceProtector::new(StoredTokens::of(self))
    }

    /// The live access token in a request's `Authorization` header, if it satisfies `requirement`. One database
    /// statement; none when the header is missing or cannot hold a token.
    ///
    /// # Errors
    ///
    /// The [`Challenge`] to answer with (RFC 6750 section 3).
    pub async fn acquire_token(
        &self,
        parts: &Parts,
        requirement: impl Into<Requirement<S::Scopes>> + Send,
    ) -> Result<Bearer<S>, Challenge> {
        self.protector().acquire_token(parts, requirement).await
    }

    /// Protects whole routers: `Router::route_layer(auth.require(Access::Read))`. Handlers find the token as
    /// `axum::Extension<Bearer<Server>>`.
    pub fn require(&self, requirement: impl Into<Requirement<S::Scopes>>) -> RequireLayer<S> {
        self.protector().require(requirement)
    }
}
