use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::{Forms, document};

/// Says who is signed in, where no client waits for the person to come back.
#[derive(Template)]
#[template(path = "signed_in.html")]
pub(crate) struct SignedIn<'a> {
    /// Who is signed in.
    pub(crate) username: &'a str,
}

impl SignedIn<'_> {
    /// The page as an answer.
    pub(crate) fn response(&self, status: StatusCode) -> Response {
        document(status, self, Forms::Absent, None)
    }
}
