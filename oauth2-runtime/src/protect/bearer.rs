use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::request::Parts;

use super::Challenge;
use crate::error::{ErrorCode, OAuthError};
use crate::model::OAuth2Token;
use crate::server::{OAuth2Server, Ready};
use crate::signal::{Event, TokenAuthenticated};
use crate::store::Store;
use crate::types::{Digest, Requirement, ScopeSet, Subject};

/// A live access token that satisfied what was required. Dereferences to your token model.
///
/// It is the first argument of a `#[protect]` handler; elsewhere [`Ready::acquire_token`] gives it.
pub struct Bearer<S: OAuth2Server>(Arc<S::Token>);

impl<S: OAuth2Server> Bearer<S> {
    /// Who the token speaks for; `None` when a client acts for itself.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.0.fields().subject
    }

    /// The granted scopes.
    #[must_use]
    pub fn scope(&self) -> ScopeSet<S::Scopes> {
        self.0.fields().scope
    }
}

impl<S: OAuth2Server> Deref for Bearer<S> {
    type Target = S::Token;

    fn deref(&self) -> &S::Token {
        &self.0
    }
}

impl<S: OAuth2Server> Clone for Bearer<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: OAuth2Server> fmt::Debug for Bearer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").field("client_id", self.0.fields().client_id).finish_non_exhaustive()
    }
}

impl<S: OAuth2Server> Ready<S> {
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
        self.acquire(parts, &requirement.into()).await
    }

    pub(super) async fn acquire(
        &self,
        parts: &Parts,
        requirement: &Requirement<S::Scopes>,
    ) -> Result<Bearer<S>, Challenge> {
        let refuse = |error| Challenge::new(self.issuer(), requirement.named().to_string(), error);
        let digest = match presented(parts) {
            Ok(Some(token)) => Digest::of(token).ok_or_else(|| refuse(Some(invalid_token())))?,
            Ok(None) => return Err(refuse(None)),
            Err(malformed) => return Err(refuse(Some(malformed))),
        };
        let row = match self.store().access_token(&digest).await {
            Ok(row) => row.ok_or_else(|| refuse(Some(invalid_token())))?,
            Err(error) => return Err(refuse(Some(error.into()))),
        };
        let (token, now) = (row.fields(), self.now());
        if token.revoked_at.is_some() || token.expires_at <= now {
            return Err(refuse(Some(invalid_token())));
        }
        if !token.scope.satisfies(requirement) {
            return Err(refuse(Some(insufficient_scope())));
        }
        let event = TokenAuthenticated {
            client_id: token.client_id.clone(),
            subject: token.subject.cloned(),
            at: now,
        };
        self.emit(Event::token_authenticated(&event)).await;
        Ok(Bearer(Arc::new(row)))
    }
}

fn invalid_token() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, "the access token is not valid")
}

pub(super) fn insufficient_scope() -> OAuthError {
    OAuthError::new(ErrorCode::InsufficientScope, "the access token is not good for this")
}

/// The token in the one `Authorization` header (RFC 6750 section 2.1). The other two ways of that section put
/// tokens into URLs and bodies, and are not looked at.
fn presented(parts: &Parts) -> Result<Option<&str>, OAuthError> {
    let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(OAuthError::invalid_request("there is more than one Authorization header"));
    }
    let credentials = header.to_str().ok().and_then(|text| text.split_once(' '));
    Ok(credentials
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token.trim_start()))
}
