use std::time::Duration;

use serde::Serialize;

use super::Secret;

/// A successful answer of the token endpoint (RFC 6749 section 5.1).
pub struct TokenResponse {
    /// The access token in clear: this answer is the only place it exists.
    pub access_token: Secret<String>,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// The refresh token in clear, if one was issued.
    pub refresh_token: Option<Secret<String>>,
    /// The granted scopes, names separated by spaces.
    pub scope: String,
}

#[derive(Serialize)]
struct Wire<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    scope: &'a str,
}

impl TokenResponse {
    /// The JSON body. `scope` is always present, so that a client never has to guess what it was given.
    pub(crate) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&Wire {
            access_token: self.access_token.expose(),
            token_type: "Bearer",
            expires_in: self.expires_in.as_secs(),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose().as_str()),
            scope: &self.scope,
        })
    }
}
