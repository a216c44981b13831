use super::Secret;
use crate::error::OAuthError;

/// Parameters with a meaning of their own in the answer of an authorization endpoint, or in errors of it.
const RESERVED: [&str; 10] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "iss",
    "scope",
    "state",
    "token_type",
];

/// A successful answer of the authorization endpoint (RFC 6749 sections 4.1.2 and 4.2.2), without `state` and `iss`, which
/// every answer has.
#[derive(Default)]
pub struct AuthorizationResponse(Vec<(&'static str, Secret<String>)>);

impl AuthorizationResponse {
    /// Adds a parameter of an extension.
    ///
    /// # Errors
    ///
    /// `server_error` when there is one of that name, or it has a meaning of its own.
    pub fn insert(&mut self, name: &'static str, value: impl Into<String>) -> Result<(), OAuthError> {
        if RESERVED.contains(&name) || self.0.iter().any(|(other, _)| *other == name) {
            tracing::error!(name, "an extension adds a parameter that is there already");
            return Err(OAuthError::server_error("the server failed"));
        }
        self.put(name, Secret::new(value.into()));
        Ok(())
    }

    pub(crate) fn put(&mut self, name: &'static str, value: Secret<String>) {
        self.0.push((name, value));
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.expose().as_str()))
    }
}
