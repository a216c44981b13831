use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::error::{ErrorCode, OAuthError};
use crate::http::error;
use crate::types::Issuer;

/// Why a protected resource refused a request, and the answer that says so (RFC 6750 section 3).
#[derive(Debug)]
pub struct Challenge {
    issuer: Issuer,
    scope: String,
    error: Option<OAuthError>,
}

impl Challenge {
    pub(super) fn new(issuer: &Issuer, scope: String, error: Option<OAuthError>) -> Self {
        Self { issuer: issuer.clone(), scope, error }
    }

    /// The error code; `None` when the request had no token at all (RFC 6750 section 3.1).
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.error.as_ref().map(OAuthError::code)
    }

    /// The value of `WWW-Authenticate`. Its parts are the issuer, declared scope names and our own texts, so
    /// nothing of the request is reflected.
    fn header(&self) -> String {
        let error = self.error.as_ref().map(|error| {
            format!(", error=\"{}\", error_description=\"{}\"", error.code().as_str(), error.description())
        });
        let scope =
            Some(&self.scope).filter(|scope| !scope.is_empty()).map(|scope| format!(", scope=\"{scope}\""));
        format!("Bearer realm=\"{}\"{}{}", self.issuer, error.unwrap_or_default(), scope.unwrap_or_default())
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        let mut response = match &self.error {
            Some(refused) => error(refused, &self.issuer),
            None => unauthorized(),
        };
        if self.code() != Some(ErrorCode::TemporarilyUnavailable)
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
