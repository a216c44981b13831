//! OAuth 2.0 Form Post Response Mode.

use std::sync::LazyLock;

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::{FormTarget, Forms, document, hash_source};

/// By way of the prototype, since a field named `submit` would hide the form's own method.
pub(super) const SUBMIT: &str = "HTMLFormElement.prototype.submit.call(document.forms[0])";

/// What the policy calls it.
static SUBMIT_SOURCE: LazyLock<String> = LazyLock::new(|| hash_source(SUBMIT));

/// Posts the authorization response to the client, at once where scripts run and else by a button.
#[derive(Template)]
#[template(path = "form_post.html")]
pub(crate) struct FormPost<'a> {
    /// The redirect URI.
    pub(crate) action: &'a str,
    /// The parameters of the authorization response.
    pub(crate) fields: &'a [(&'a str, &'a str)],
    /// Where the form may lead.
    pub(crate) client: FormTarget,
}

impl FormPost<'_> {
    /// The page as an answer.
    pub(crate) fn response(&self, status: StatusCode) -> Response {
        document(status, self, Forms::Client(&self.client), Some(&SUBMIT_SOURCE))
    }
}
