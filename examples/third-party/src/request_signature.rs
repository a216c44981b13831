//! Clients that sign their requests: a secret that is never sent cannot be read from a log or by a proxy.
//!
//! A request has the header `Client-Signature: CLIENT_ID TIME SIGNATURE`. `TIME` is in seconds since 1970 and at most
//! [`WINDOW`] from the server's clock. `SIGNATURE` is base64 of an HMAC with SHA-256 over four lines: the client's identifier, the time,
//! the HTTP method and the path with a space between, and the form as a browser would write it. All of the request that matters
//! is under it, so nobody who sees a request can make another one of it. The very same request may come again within the
//! window: what must happen once only, such as the use of a code, happens once by itself.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use oauth2_runtime::client_auth::{ClientAuthMethod, Unauthenticated};
use oauth2_runtime::prelude::*;
use sha2::Sha256;
use zeroize::Zeroizing;

/// How far the time of a request may be from the server's.
pub const WINDOW: Duration = Duration::from_mins(1);

// client authentication: begin
/// The method, for `client_auth(..)`.
pub enum RequestSignature {}

impl<S: SignedRequests> ClientAuthMethod<S> for RequestSignature {
    const NAME: &'static str = "urn:example:request-signature";

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        Ok(header(request)?.map(|[client_id, ..]| client_id.to_owned()))
    }

    async fn verify(
        server: &Ready<S>,
        _: &S::Client,
        request: &Unauthenticated<'_>,
    ) -> Result<bool, OAuthError> {
        let parts @ [_, at, _] = header(request)?.unwrap_or_default();
        let sent = at.parse().unwrap_or_default();
        let age = request.now.unix_seconds().abs_diff(sent);
        let own = server.keys().have_signed(request, parts);
        Ok(own && age <= WINDOW.as_secs())
    }
}

/// The three parts of the header. Two headers have six.
fn header<'a>(request: &Unauthenticated<'a>) -> Result<Option<[&'a str; 3]>, OAuthError> {
    let headers = request.parts.headers.get_all("client-signature").iter();
    let parts = headers.flat_map(|header| header.to_str().unwrap_or_default().split(' '));
    match parts.collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [client_id, at, signature] => Ok(Some([client_id, at, signature])),
        _ => Err(OAuthError::invalid_client("Client-Signature is malformed")),
    }
}
// client authentication: end

/// A server whose clients sign their requests.
pub trait SignedRequests: OAuth2Server {
    /// Their keys.
    fn keys(&self) -> &ClientKeys;
}

/// The keys of all clients, made from one that the server alone has: the database has none of them.
///
/// To hand a client its key, show [`ClientKeys::of`] to its owner. Another master key gives every client another key.
pub struct ClientKeys(Zeroizing<[u8; 32]>);

impl ClientKeys {
    /// From the server's own key: 32 random bytes, kept where the server's other secrets are.
    #[must_use]
    pub fn new(master: [u8; 32]) -> Self {
        Self(Zeroizing::new(master))
    }

    /// The key of one client.
    #[must_use]
    pub fn of(&self, client_id: &str) -> Secret<[u8; 32]> {
        let mut hmac = keyed(&self.0);
        hmac.update(b"request-signature/");
        hmac.update(client_id.as_bytes());
        Secret::new(hmac.finalize().into_bytes().into())
    }

    fn have_signed(&self, request: &Unauthenticated<'_>, [client_id, at, signature]: [&str; 3]) -> bool {
        let form = request.form.query();
        let signed =
            Signed { method: request.parts.method.as_str(), path: request.parts.uri.path(), form: &form };
        let hmac = signed.hmac(&self.of(client_id), client_id, at);
        // Compared in constant time.
        hmac.verify_slice(&STANDARD.decode(signature).unwrap_or_default()).is_ok()
    }
}

impl std::fmt::Debug for ClientKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientKeys(..)")
    }
}

/// The client's side: the value of the header for a `POST` of `form` to `path` at `at`.
#[must_use]
pub fn sign(key: &Secret<[u8; 32]>, client_id: &str, at: Timestamp, path: &str, form: &str) -> String {
    let at = at.unix_seconds().to_string();
    let signature = Signed { method: "POST", path, form }.hmac(key, client_id, &at).finalize();
    format!("{client_id} {at} {}", STANDARD.encode(signature.into_bytes()))
}

/// What of a request is under its signature.
struct Signed<'a> {
    method: &'a str,
    path: &'a str,
    form: &'a str,
}

impl Signed<'_> {
    fn hmac(&self, key: &Secret<[u8; 32]>, client_id: &str, at: &str) -> Hmac<Sha256> {
        let Self { method, path, form } = self;
        let mut hmac = keyed(key.expose());
        hmac.update(format!("{client_id}\n{at}\n{method} {path}\n{form}").as_bytes());
        hmac
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // A block of SHA-256: a shorter key is filled up with zeros (RFC 2104 section 2).
    let mut block = Zeroizing::new([0; 64]);
    block.split_at_mut(key.len()).0.copy_from_slice(key);
    Hmac::new(&(*block).into())
}
