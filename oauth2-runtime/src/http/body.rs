use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use axum::body::Body;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_http::timeout::TimeoutError;

use crate::error::OAuthError;
use crate::form::{Form, MAX_BODY_BYTES};

/// How long a whole body may take, also where the application serves the router itself.
const WHOLE_BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads the parameters of a POST from its body, and from nowhere else.
pub(crate) async fn read_form(parts: &Parts, body: Body) -> Result<Form, OAuthError> {
    if parts.uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(OAuthError::invalid_request("parameters go into the body, not into the URL"));
    }
    read_body(parts, body).await
}

/// Reads the parameters of a body, whatever is in the URL.
pub(crate) async fn read_body(parts: &Parts, body: Body) -> Result<Form, OAuthError> {
    if !is_form(&parts.headers) {
        return Err(OAuthError::invalid_request("the body must be application/x-www-form-urlencoded")
            .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    if announced_length(&parts.headers).is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(too_large());
    }
    let body = Limited::new(body, MAX_BODY_BYTES).collect();
    let Ok(body) = tokio::time::timeout(WHOLE_BODY_TIMEOUT, body).await else {
        return Err(too_slow());
    };
    match body {
        Ok(body) => Form::parse(&body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) if paused_too_long(&*error) => Err(too_slow()),
        Err(_) => Err(OAuthError::invalid_request("the body ended early")),
    }
}

/// Whether [`serve`](super::serve) gave up on the body. For a body that never comes that happens at the same moment as
/// the timeout of the whole body, and must not be another answer.
fn paused_too_long(error: &(dyn Error + 'static)) -> bool {
    successors(Some(error), |error| Error::source(*error)).any(<dyn Error>::is::<TimeoutError>)
}

fn too_slow() -> OAuthError {
    OAuthError::invalid_request("the body took too long").with_status(StatusCode::REQUEST_TIMEOUT)
}

fn too_large() -> OAuthError {
    OAuthError::invalid_request("the body is too large").with_status(StatusCode::PAYLOAD_TOO_LARGE)
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
