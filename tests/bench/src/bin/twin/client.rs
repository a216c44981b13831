//! Who is calling: `client_secret_basic`, and what the caller may be granted.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth2_bench::digest;

use crate::database::Database;
use crate::form::{TokenRequest, decode};
use crate::refused::Refused;
use crate::rows::Client;

pub(crate) async fn authenticate(
    database: &Database,
    headers: &HeaderMap,
    request: &TokenRequest,
) -> Result<Client, Refused> {
    let (client_id, secret) = basic(headers).ok_or(Refused::INVALID_CLIENT)?;
    if request.client_id.as_ref().is_some_and(|named| *named != client_id) {
        return Err(Refused::INVALID_CLIENT);
    }
    let client = database.client(&client_id).await?.ok_or(Refused::INVALID_CLIENT)?;
    if !client.secret.as_deref().is_some_and(|stored| digest::secret_is_right(stored, &secret)) {
        return Err(Refused::INVALID_CLIENT);
    }
    Ok(client)
}

/// Identifier and secret from HTTP Basic, each form-encoded within (RFC 6749 section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = STANDARD.decode(encoded).ok()?;
    let mut halves = pair.splitn(2, |byte| *byte == b':');
    Some((decode(halves.next()?)?, decode(halves.next()?)?))
}

impl Client {
    pub(crate) fn holds(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|held| held == scope)
    }

    /// What is left of scopes that were granted earlier.
    pub(crate) fn still(&self, granted: &str) -> Result<String, Refused> {
        let left: Vec<_> = granted.split(' ').filter(|scope| self.holds(scope)).collect();
        if left.is_empty() { Err(Refused::INVALID_SCOPE) } else { Ok(left.join(" ")) }
    }
}
