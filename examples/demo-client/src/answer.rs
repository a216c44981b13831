//! What the provider sends a browser back with, and whether it is believed.

use std::collections::BTreeMap;

use oauth2::url::form_urlencoded;
use oauth2::{AuthorizationCode, CsrfToken};

use crate::provider::Failure;

/// The parameters of an answer; none of them, if one is there twice (RFC 6749 section 3.1).
pub(crate) struct Answer(BTreeMap<String, String>);

impl Answer {
    pub(crate) fn parse(query: &str) -> Self {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
            if parameters.insert(name, value).is_some() {
                return Self(BTreeMap::new());
            }
        }
        Self(parameters)
    }

    /// The code in an answer to the request with this `state`, by the issuer that was asked.
    pub(crate) fn code(&self, state: &CsrfToken, issuer: &str) -> Result<AuthorizationCode, Failure> {
        if self.get("state") != Some(state.secret()) {
            return Err(Failure::Unasked);
        }
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
