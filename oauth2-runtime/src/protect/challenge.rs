use std::fmt::Write as _;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::Attributes;
use crate::error::{ErrorCode, OAuthError};
use crate::http::unchallenged;

/// Why a protected resource refused a request, and the answer that says so (RFC 6750 section 3).
#[derive(Debug)]
pub struct Challenge {
    realm: String,
    scope: String,
    attributes: Arc<Attributes>,
    error: Option<OAuthError>,
}

impl Challenge {
    /// `realm` is in its quotes already.
    pub(super) const fn new(
        realm: String,
        scope: String,
        attributes: Arc<Attributes>,
        error: Option<OAuthError>,
    ) -> Self {
        Self { realm, scope, attributes, error }
    }

    /// The error code; `None` when the request had no token at all (RFC 6750 section 3.1).
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.error.as_ref().map(OAuthError::code)
    }

    /// The value of `WWW-Authenticate`. Its parts are the realm, declared scope names, attributes and descriptions, so
    /// nothing of the request is reflected.
    fn header(&self) -> String {
        let mut header = format!("Bearer realm={}", self.realm);
        if let Some(error) = &self.error {
            let (code, description) = (error.code().as_str(), plain(error.description()));
            let _ = write!(header, ", error=\"{code}\", error_description=\"{description}\"");
        }
        if !self.scope.is_empty() {
            let _ = write!(header, ", scope=\"{}\"", self.scope);
        }
        self.attributes.write(&mut header);
        header
    }
}

/// A description as the header may have it (RFC 6750 section 3). Ours is so already; that of `check_request` need not be.
fn plain(description: &str) -> String {
    let allowed = |character| match character {
        '"' => '\'',
        ' '..='[' | ']'..='~' => character,
        _ => '?',
    };
    description.chars().map(allowed).collect()
}

/// Only a missing token is forgiven.
pub(super) fn forgive_missing<T>(outcome: Result<T, Challenge>) -> Result<Option<T>, Challenge> {
    match outcome {
        Err(challenge) if challenge.code().is_none() => Ok(None),
        outcome => outcome.map(Some),
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        let mut response = match &self.error {
            Some(refused) => unchallenged(refused),
            None => unauthorized(),
        };
        if !response.status().is_server_error()
            && let Ok(value) = HeaderValue::try_from(self.header())
        {
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        response
    }
}

/// The answer to a request without a token: a challenge, and nothing about an error (RFC 6750 section 3.1).
fn unauthorized() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
