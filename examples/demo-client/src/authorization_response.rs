//! What the provider sends a browser back with (RFC 6749 section 4.1.2), and whether it is believed.

use std::collections::BTreeMap;

use oauth2::url::form_urlencoded;
use oauth2::{AuthorizationCode, CsrfToken};

use crate::provider::Failure;

/// The parameters of an authorization response; none of them, if one is there twice (RFC 6749 section 3.1).
pub(crate) struct AuthorizationResponse(BTreeMap<String, String>);

impl AuthorizationResponse {
    pub(crate) fn parse(query: &str) -> Self {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
            if parameters.insert(name, value).is_some() {
                return Self(BTreeMap::new());
            }
        }
        Self(parameters)
    }

    /// Whether it belongs to the request with this `state`.
    pub(crate) fn answers(&self, state: &CsrfToken) -> bool {
        self.get("state") == Some(state.secret())
    }

    /// The code, if it comes from the issuer that was asked (RFC 9207).
    pub(crate) fn code(&self, issuer: &str) -> Result<AuthorizationCode, Failure> {
        if self.get("iss") != Some(issuer) {
            return Err(Failure::Stranger);
        }
        match (self.get("error"), self.get("code")) {
            (None, Some(code)) => Ok(AuthorizationCode::new(code.to_owned())),
            (Some("access_denied"), _) => Err(Failure::Denied),
            (Some(error), _) => Err(Failure::Refused(error.to_owned())),
            (None, None) => Err(Failure::Silent),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}
