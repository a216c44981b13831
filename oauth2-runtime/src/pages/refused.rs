use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::{Forms, document};

/// Tells a person that the request cannot be answered, where the client must not be told: a redirect to an address that
/// is not the client's would hand the person on to anyone (RFC 6749 section 4.1.2.1).
#[derive(Template)]
#[template(path = "refused.html")]
pub(crate) struct Refused<'a> {
    /// The registered error code.
    pub(crate) code: &'a str,
    /// What the application's developers need to know.
    pub(crate) description: &'a str,
}

impl Refused<'_> {
    /// The page as an answer.
    pub(crate) fn response(&self, status: StatusCode) -> Response {
        document(status, self, Forms::Absent, None)
    }
}
