use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::Secret;
use crate::error::OAuthError;

/// A successful answer of the token endpoint (RFC 6749 section 5.1).
pub struct TokenResponse {
    /// The access token in clear: this answer is the only place it exists.
    pub(crate) access_token: Secret<String>,
    /// How long the access token lives.
    pub(crate) expires_in: Duration,
    /// The refresh token in clear, if one was issued.
    pub(crate) refresh_token: Option<Secret<String>>,
    /// The granted scopes, names separated by spaces.
    pub(crate) scope: String,
    pub(crate) additional: BTreeMap<&'static str, Value>,
}

/// Parameters with a meaning of their own in the answer of a token endpoint, or in errors of it.
const RESERVED: [&str; 8] = [
    "access_token",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "refresh_token",
    "scope",
    "token_type",
];

#[derive(Serialize)]
struct Wire<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    scope: &'a str,
    #[serde(flatten)]
    additional: &'a BTreeMap<&'static str, Value>,
}

impl TokenResponse {
    /// How long the access token lives.
    #[must_use]
    pub const fn expires_in(&self) -> Duration {
        self.expires_in
    }

    /// The granted scopes, names separated by spaces.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Whether there is a refresh token.
    #[must_use]
    pub const fn has_refresh_token(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// Adds a parameter of an extension.
    ///
    /// # Errors
    ///
    /// `server_error` when there is one of that name, or it has a meaning of its own.
    pub fn insert(&mut self, name: &'static str, value: impl Into<Value>) -> Result<(), OAuthError> {
        if RESERVED.contains(&name) || self.additional.insert(name, value.into()).is_some() {
            tracing::error!(name, "an extension adds a parameter that is there already");
            return Err(OAuthError::server_error("the server failed"));
        }
        Ok(())
    }

    /// The JSON body. `scope` is always present, so that a client never has to guess what it was given.
    pub(crate) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&Wire {
            access_token: self.access_token.expose(),
            token_type: "Bearer",
            expires_in: self.expires_in.as_secs(),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose().as_str()),
            scope: &self.scope,
            additional: &self.additional,
        })
    }
}
