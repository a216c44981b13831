use axum::response::Response;
use http::StatusCode;
use http::header::LOCATION;
use url::form_urlencoded::Serializer;

use crate::error::OAuthError;
use crate::http::see_other;
use crate::pages::{FormPost, FormTarget};
use crate::types::{AuthorizationResponse, Issuer, RedirectUris};

/// How an answer reaches the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseMode {
    /// As parameters of the redirect URI (RFC 6749 section 4.1.2).
    Query,
    /// As its fragment, which the browser keeps to itself (RFC 6749 section 4.2.2).
    Fragment,
    /// As a form that the browser posts to it (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

/// A redirect URI that the client has registered. Nothing else in the framework sends a browser to a client, so nothing
/// is ever sent to a URI that was not verified.
#[derive(Debug)]
pub(crate) struct VerifiedRedirect {
    uri: String,
    /// Whether the request named it, or it is the only one that is registered.
    named: bool,
    mode: ResponseMode,
    state: Option<String>,
}

impl VerifiedRedirect {
    /// `presented` is the request's `redirect_uri`.
    pub(crate) fn verify(
        registered: Option<&RedirectUris>,
        presented: Option<&str>,
    ) -> Result<Self, OAuthError> {
        let registered = registered
            .filter(|uris| !uris.is_empty())
            .ok_or_else(|| OAuthError::invalid_request("the client has registered no redirect URI"))?;
        let uri = match presented {
            Some(presented) if registered.contain(presented) => presented,
            Some(_) => {
                return Err(OAuthError::invalid_request(
                    "`redirect_uri` is not one the client has registered",
                ));
            }
            None => {
                registered.only().ok_or_else(|| OAuthError::invalid_request("`redirect_uri` is missing"))?
            }
        };
        let (uri, named) = (uri.to_owned(), presented.is_some());
        Ok(Self { uri, named, mode: ResponseMode::Query, state: None })
    }

    /// The `state` parameter, which every answer gives back.
    pub(crate) fn set_state(&mut self, state: Option<&str>) {
        self.state = state.map(str::to_owned);
    }

    /// The `response_mode` parameter. Tokens are never in a query, which ends up in logs (OAuth 2.0 Multiple Response Type
    /// Encoding Practices, section 5).
    pub(crate) fn set_mode(&mut self, mode: Option<&str>, tokens: bool) -> Result<(), OAuthError> {
        self.mode = if tokens { ResponseMode::Fragment } else { ResponseMode::Query };
        self.mode = match mode {
            None => self.mode,
            Some("query") if !tokens => ResponseMode::Query,
            Some("fragment") if tokens => ResponseMode::Fragment,
            Some("form_post") => ResponseMode::FormPost,
            Some(_) => {
                return Err(OAuthError::invalid_request("`response_mode` is none of this response type"));
            }
        };
        Ok(())
    }

    /// The URI itself.
    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    /// The URI, if the request named it: the token request must then name it too.
    pub(crate) fn named(&self) -> Option<&str> {
        self.named.then_some(self.uri.as_str())
    }

    /// Where a page's form may lead besides this server.
    pub(crate) fn form_target(&self) -> FormTarget {
        FormTarget::of(&self.uri)
    }

    /// Sends what was asked for.
    pub(crate) fn answer(&self, issuer: &Issuer, response: &AuthorizationResponse) -> Response {
        self.respond(issuer, &response.parameters().collect::<Vec<_>>())
    }

    /// Sends an error (RFC 6749 section 4.1.2.1). Its cause goes to the log only.
    pub(crate) fn error(&self, issuer: &Issuer, error: &OAuthError) -> Response {
        error.log();
        let (code, description) = (error.code().as_str(), error.description());
        self.respond(issuer, &[("error", code), ("error_description", description)])
    }

    /// Every answer names the issuer, so that a client of several servers knows whose it is (RFC 9207).
    fn respond(&self, issuer: &Issuer, result: &[(&str, &str)]) -> Response {
        let state = self.state.as_deref().map(|state| ("state", state));
        let fields: Vec<_> = result.iter().copied().chain(state).chain([("iss", issuer.as_str())]).collect();
        match self.mode {
            ResponseMode::Query => send(&self.with_query(&fields)),
            ResponseMode::Fragment => send(&self.with_fragment(&fields)),
            ResponseMode::FormPost => {
                let page = FormPost { action: &self.uri, fields: &fields, client: self.form_target() };
                page.response(StatusCode::OK)
            }
        }
    }

    /// Parameters of the registered URI stay as they are. The empty fragment keeps a browser from carrying the fragment of
    /// the authorization request's URL over to the client.
    fn with_query(&self, fields: &[(&str, &str)]) -> String {
        let query = Serializer::new(String::new()).extend_pairs(fields).finish();
        let separator = if self.uri.contains('?') { '&' } else { '?' };
        format!("{}{separator}{query}#", self.uri)
    }

    fn with_fragment(&self, fields: &[(&str, &str)]) -> String {
        format!("{}#{}", self.uri, Serializer::new(String::new()).extend_pairs(fields).finish())
    }
}

/// The address has a code, a token or the client's `state` in it, so layers that print headers must not print it.
fn send(location: &str) -> Response {
    let mut response = see_other(location);
    if let Some(location) = response.headers_mut().get_mut(LOCATION) {
        location.set_sensitive(true);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verified(registered: &[&str], presented: Option<&str>) -> Result<VerifiedRedirect, OAuthError> {
        VerifiedRedirect::verify(Some(&registered.iter().copied().collect()), presented)
    }

    #[test]
    fn one_registered_uri_may_be_left_out() {
        let redirect = verified(&["https://a.test/cb"], None).unwrap();
        assert_eq!((redirect.uri(), redirect.named()), ("https://a.test/cb", None));
        let redirect = verified(&["https://a.test/cb"], Some("https://a.test/cb")).unwrap();
        assert_eq!(redirect.named(), Some("https://a.test/cb"));
        assert!(verified(&["https://a.test/cb", "https://a.test/2"], None).is_err());
        assert!(verified(&[], Some("https://a.test/cb")).is_err());
        assert!(VerifiedRedirect::verify(None, None).is_err());
    }

    /// S12: a parameter of the registered URI is not overwritten by a result of the same name.
    #[test]
    fn parameters_of_the_registered_uri_stay() {
        let redirect = verified(&["https://a.test/cb?state=z"], None).unwrap();
        let url = redirect.with_query(&[("code", "c d"), ("state", "1&2")]);
        assert_eq!(url, "https://a.test/cb?state=z&code=c+d&state=1%262#");
    }

    #[test]
    fn what_is_sent_is_not_printed_with_the_headers() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        for (mode, tokens, separator) in [("query", false, '?'), ("fragment", true, '#')] {
            let mut redirect = verified(&["https://a.test/cb"], None).unwrap();
            redirect.set_mode(Some(mode), tokens).unwrap();
            let response = redirect.respond(&issuer, &[("code", "ac_hunter2")]);
            let location = &response.headers()[LOCATION];
            let sent = format!("https://a.test/cb{separator}code=ac_hunter2&");
            assert!(location.to_str().unwrap().starts_with(&sent), "{mode}");
            assert!(location.is_sensitive(), "{mode}");
            let printed = format!("{response:?}");
            assert!(printed.contains("\"location\": Sensitive") && !printed.contains("hunter2"), "{printed}");
        }
    }
}
