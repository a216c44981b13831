use axum::response::{IntoResponse, Response};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};

use crate::error::{ErrorCode, OAuthError};
use crate::http::{error, json};
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
        let mut value = format!("Bearer realm=\"{}\"", self.issuer);
        if let Some(error) = &self.error {
            value.push_str(&format!(
                ", error=\"{}\", error_description=\"{}\"",
                error.code().as_str(),
                error.description()
            ));
        }
        if !self.scope.is_empty() {
            value.push_str(&format!(", scope=\"{}\"", self.scope));
        }
        value
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        let mut response = match &self.error {
            Some(refused) => error(refused, &self.issuer),
            None => json(StatusCode::UNAUTHORIZED, ""),
        };
        if self.code() != Some(ErrorCode::TemporarilyUnavailable)
            && let Ok(value) = HeaderValue::try_from(self.header())
        {
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        response
    }
}
