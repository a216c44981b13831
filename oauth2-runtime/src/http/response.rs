use axum::response::Response;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::error::{ErrorCode, OAuthError};
use crate::types::Issuer;

/// When a client should try again after a 503.
pub(super) const RETRY_AFTER_SECONDS: u64 = 2;

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    error_description: &'a str,
}

/// A JSON answer that nobody may keep (RFC 6749 section 5.1).
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(axum::body::Body::from(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// An error answer (RFC 6749 section 5.2). Its cause goes to the log only.
pub(crate) fn error(error: &OAuthError, issuer: &Issuer) -> Response {
    let (code, reason) = (error.code().as_str(), error.description());
    match std::error::Error::source(error) {
        Some(source) => tracing::error!(code, source, "request failed"),
        None if error.status().is_server_error() => tracing::error!(code, reason, "request failed"),
        None => tracing::info!(code, reason, "request refused"),
    }
    let body = Body { error: error.code().as_str(), error_description: error.description() };
    let mut response = json(error.status(), serde_json::to_vec(&body).unwrap_or_default());
    let headers = response.headers_mut();
    if error.code() == ErrorCode::InvalidClient
        && let Ok(challenge) = HeaderValue::try_from(format!("Basic realm=\"{issuer}\""))
    {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    if error.code() == ErrorCode::TemporarilyUnavailable {
        headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
    }
    response
}

/// The answer when code that served a request panicked. The panic itself has been reported where it happened.
pub(crate) fn server_failed(issuer: &Issuer) -> Response {
    error(&OAuthError::new(ErrorCode::ServerError, "the server failed"), issuer)
}
