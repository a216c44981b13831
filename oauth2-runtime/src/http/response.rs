use axum::response::Response;
use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION, PRAGMA, REFERRER_POLICY, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::error::{ErrorCode, OAuthError};
use crate::types::Issuer;

/// When a client should try again after a 503.
pub(crate) const RETRY_AFTER_SECONDS: u64 = 2;

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
    let mut response = unchallenged(error);
    if error.code() == ErrorCode::InvalidClient
        && let Ok(challenge) = HeaderValue::try_from(format!("Basic realm=\"{issuer}\""))
    {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// The same without a challenge: a protected resource has one of its own.
pub(crate) fn unchallenged(error: &OAuthError) -> Response {
    error.log();
    let body = Body { error: error.code().as_str(), error_description: error.description() };
    let mut response = json(error.status(), serde_json::to_vec(&body).unwrap_or_default());
    if error.code() == ErrorCode::TemporarilyUnavailable {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
    }
    response
}

/// Sends the browser to a page of this server. A path that begins with two slashes is the address of another host (RFC 3986
/// section 4.2), and so is one with a backslash in the second's place, or with a tab before it, to browsers: nobody is sent
/// there.
pub(crate) fn to_own_page(path: &str, query: Option<&str>) -> Response {
    if !is_own_path(path) {
        tracing::error!(
            path,
            "a page of this server has a path that may lead to another host: begin it with one `/`"
        );
        return nowhere();
    }
    match query {
        Some(query) => see_other(&format!("{path}?{query}")),
        None => see_other(path),
    }
}

fn is_own_path(path: &str) -> bool {
    let rest = path.strip_prefix('/');
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\'])) && !path.contains(|c: char| c.is_ascii_control())
}

fn nowhere() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

/// Sends the browser on with a GET, whatever its request was: 307 and 308 would send a form's contents along (RFC 9700
/// section 4.12). Where to is checked by the two that call this: [`to_own_page`], and the redirect to a client.
pub(crate) fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else { return nowhere() };
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The answer to a method that the endpoint does not have. Without being told otherwise a cache may keep it (RFC 9110
/// section 15.5.6).
pub(crate) fn method_not_allowed(allowed: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(allowed) = HeaderValue::try_from(allowed) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

/// The answer when code that served a request panicked. The panic itself has been reported where it happened.
pub(crate) fn server_failed() -> Response {
    unchallenged(&OAuthError::new(ErrorCode::ServerError, "the server failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_our_own_is_on_no_other_host() {
        for (path, query, location) in [
            ("/login", None, "/login"),
            ("/a/login", Some("x=//evil.test"), "/a/login?x=//evil.test"),
            ("/a//b", None, "/a//b"),
        ] {
            let response = to_own_page(path, query);
            assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
            assert_eq!(response.headers()[LOCATION], location);
        }
        for path in [
            "",
            "login",
            "//evil.test/login",
            "/\\evil.test/login",
            "\\/evil.test/login",
            "/\t/evil.test/login",
            "/login\r\nx: y",
            "https://evil.test/login",
            " //evil.test/login",
        ] {
            for query in [None, Some("scope=read")] {
                let response = to_own_page(path, query);
                assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
                assert_eq!(response.headers().len(), 0, "{path}");
            }
        }
    }
}
