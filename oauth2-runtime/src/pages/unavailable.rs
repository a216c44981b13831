use askama::Template;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use super::{Forms, document};
use crate::http::RETRY_AFTER_SECONDS;

/// Tells a person that the server cannot answer now, as [`error`](crate::http::error) tells a client.
#[derive(Template)]
#[template(path = "unavailable.html")]
pub(crate) struct Unavailable;

impl Unavailable {
    /// The page as an answer, with 503.
    pub(crate) fn response(&self) -> Response {
        let mut response = document(StatusCode::SERVICE_UNAVAILABLE, self, Forms::Absent, None);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
        response
    }
}
