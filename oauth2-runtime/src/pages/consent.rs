use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::{FormTarget, Forms, document};

/// Asks whether the client may have what it asks for. `decision` is `allow` or `deny`.
///
/// Denying comes first in the document, so that a form sent by a stray key press denies.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct Consent<'a> {
    /// The client's name.
    pub(crate) client_name: &'a str,
    /// Where the person is sent afterwards: the one fact about the client that it cannot choose freely.
    pub(crate) redirect_host: &'a str,
    /// Who is signed in.
    pub(crate) username: &'a str,
    /// What the scopes mean, in the words of their doc comments.
    pub(crate) scopes: &'a [&'a str],
    /// Where somebody else signs in for the same request.
    pub(crate) sign_in_url: &'a str,
    /// What proves that the form is this server's.
    pub(crate) form_token: &'a str,
    /// Where the answer to the form may lead.
    pub(crate) client: FormTarget,
}

impl Consent<'_> {
    /// The page as an answer.
    pub(crate) fn response(&self, status: StatusCode) -> Response {
        document(status, self, Forms::Client(&self.client), None)
    }
}
