//! What becomes of an authorization request: an answer for the client, or a page that only the person sees.

use crate::browser::{attribute, hidden_fields};
use crate::http::Response;
use crate::portal::parameters;

/// Every way to ask for the way an answer reaches the client.
pub const MODES: [&str; 3] = ["", "&response_mode=query", "&response_mode=form_post"];

/// An authorization response, however the browser carries it.
#[derive(Debug)]
pub struct Answer {
    /// Where the browser is sent, without the parameters when the browser posts them.
    pub to: String,
    /// The parameters the client reads.
    pub parameters: Vec<(String, String)>,
    posted: bool,
}

impl Answer {
    /// The answer in a redirect.
    #[must_use]
    pub fn of(response: &Response) -> Self {
        assert_eq!(response.status, 303, "{response:?}");
        let to = response.header("location").unwrap().to_owned();
        Self { parameters: parameters(&to), to, posted: false }
    }

    /// The answer as the request has asked for it by `mode`, which is one of [`MODES`].
    #[must_use]
    pub fn in_mode(mode: &str, response: &Response) -> Self {
        assert!(MODES.contains(&mode), "{mode}");
        if mode.ends_with("form_post") { Self::posted(response) } else { Self::of(response) }
    }

    /// The answer in a page that posts itself.
    #[must_use]
    pub fn posted(response: &Response) -> Self {
        assert_eq!(response.status, 200, "{response:?}");
        assert_eq!(response.header("location"), None);
        let form = response.body.split("<form").nth(1).unwrap_or_else(|| panic!("no form in {response:?}"));
        let tag = form.split('>').next().unwrap();
        assert_eq!(attribute(tag, "method"), "post");
        Self { to: attribute(tag, "action"), parameters: hidden_fields(&response.body), posted: true }
    }

    /// The names of the parameters in order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.parameters.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The value of a parameter that is there once.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        crate::portal::value(&self.parameters, name)
    }

    /// Asserts that it goes to `uri`, byte for byte, and in a redirect has nothing added but parameters and an empty fragment.
    #[track_caller]
    pub fn assert_at(&self, uri: &str) {
        let added = self.to.strip_prefix(uri).unwrap_or_else(|| panic!("not at `{uri}`: {self:?}"));
        if self.posted {
            assert_eq!(added, "", "{self:?}");
            return;
        }
        let query = added.strip_prefix(if uri.contains('?') { '&' } else { '?' });
        let query = query.and_then(|query| query.strip_suffix('#'));
        assert!(query.is_some_and(|query| !query.is_empty() && !query.contains(['?', '#'])), "{self:?}");
    }

    /// Asserts that the client, at `uri`, is told this error, its state, and the issuer.
    #[track_caller]
    pub fn assert_error(&self, uri: &str, code: &str, state: &str) {
        self.assert_at(uri);
        let told = ["error", "error_description", "state", "iss"];
        // In front of it are the parameters of the URI itself, where it has some.
        let own = url::Url::parse(uri).unwrap().query_pairs().count();
        assert_eq!(&self.names()[if self.posted { 0 } else { own }..], told, "{self:?}");
        let told = (self.value("error"), self.value("state"), self.value("iss"));
        assert_eq!(told, (code.to_owned(), state.to_owned(), "http://127.0.0.1".to_owned()));
        assert!(!self.value("error_description").is_empty());
    }
}

impl Response {
    /// Asserts the page that tells the person about a refused request, and nobody else.
    pub fn assert_refused_page(&self, code: &str) {
        assert_eq!(self.status, 400, "{self:?}");
        assert_eq!(self.header("location"), None, "{self:?}");
        assert_eq!(self.header("set-cookie"), None, "{self:?}");
        assert_eq!(self.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert!(self.body.contains("<h1>Request refused</h1>"), "{self:?}");
        assert!(self.body.contains(&format!("<code>{code}</code>")), "{code}: {self:?}");
        for link in ["<form", "href=", "src=", "http-equiv", "<script"] {
            assert!(!self.body.contains(link), "{link}: {self:?}");
        }
    }
}
