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
        self.acquire(parts, &requirement.into(), |_| true).await
    }

    /// `allows` is asked last, before anybody is told that the token was accepted.
    pub(super) async fn acquire(
        &self,
        parts: &Parts,
        requirement: &Requirement<S::Scopes>,
        allows: impl FnOnce(&Bearer<S>) -> bool + Send,
    ) -> Result<Bearer<S>, Challenge> {
        let refuse = |error| Challenge::new(self.issuer(), requirement.named().to_string(), error);
        // A layer in front has authenticated the token of this very request, and told so.
        let known = parts.extensions.get::<Bearer<S>>();
        let token = match known {
            Some(token) => token.clone(),
            None => self.authenticate_token(parts).await.map_err(refuse)?,
        };
        if !token.scope().satisfies(requirement) || !allows(&token) {
            return Err(refuse(Some(insufficient_scope())));
        }
        if known.is_none() {
            let (client_id, subject) = (token.0.fields().client_id.clone(), token.subject().cloned());
            let event = TokenAuthenticated { client_id, subject, at: self.now() };
            self.emit(Event::token_authenticated(&event)).await;
        }
        Ok(token)
    }

    /// The live token of a request, whatever its scopes; `None` as the error when there is none at all.
    async fn authenticate_token(&self, parts: &Parts) -> Result<Bearer<S>, Option<OAuthError>> {
        let presented = presented(parts)?.ok_or(None)?;
        let digest = Digest::of(presented).ok_or_else(invalid_token)?;
        let row = self.store().access_token(&digest).await.map_err(OAuthError::from)?;
        let row = row.ok_or_else(invalid_token)?;
        let token = row.fields();
        if token.revoked_at.is_some() || token.expires_at <= self.now() {
            return Err(Some(invalid_token()));
        }
        Ok(Bearer(Arc::new(row)))
    }
}

fn invalid_token() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, "the access token is not valid")
}

fn insufficient_scope() -> OAuthError {
    OAuthError::new(ErrorCode::InsufficientScope, "the access token is not good for this")
}

/// The token in the one `Authorization` header (RFC 6750 section 2.1), or `None` when the header is missing or of
/// another scheme. The other two ways of that section put tokens into URLs and bodies, and are not looked at.
fn presented(parts: &Parts) -> Result<Option<&str>, OAuthError> {
    let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(OAuthError::invalid_request("there is more than one Authorization header"));
    }
    let malformed = || OAuthError::invalid_request("the Authorization header is not well-formed");
    let text = header.to_str().map_err(|_| malformed())?;
    let scheme_ends = text.find(|byte: char| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (scheme, rest) = text.split_at(scheme_ends);
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(None);
    }
    let token = rest.strip_prefix(' ').map(str::trim_start).filter(|token| !token.is_empty());
    token.map(Some).ok_or_else(malformed)
}
