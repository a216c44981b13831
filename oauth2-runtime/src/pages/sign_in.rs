use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::{FormTarget, Forms, document};

/// Asks for a user name and a password. The form posts to the page's own address, whose query is the authorization
/// request.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn<'a> {
    /// Who the person continues to, if a client sent them.
    pub(crate) client_name: Option<&'a str>,
    /// The user name entered before.
    pub(crate) username: &'a str,
    /// What proves that the form is this server's.
    pub(crate) form_token: &'a str,
    /// What was wrong with the last attempt.
    pub(crate) notice: Option<&'a str>,
    /// Where the answer to the form may lead.
    pub(crate) client: Option<FormTarget>,
}

impl SignIn<'_> {
    /// The page as an answer.
    pub(crate) fn response(&self, status: StatusCode) -> Response {
        let forms = self.client.as_ref().map_or(Forms::Own, Forms::Client);
        document(status, self, forms, None)
    }
}
