//! `client_secret_basic`: identifier and secret by HTTP Basic (RFC 6749 section 2.3.1, RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;

use super::{ClientAuthMethod, Method, Proof, Unauthenticated, secret_is_right};
use crate::error::OAuthError;
use crate::form::decode;
use crate::server::{OAuth2Server, Ready};
use crate::types::Secret;

/// The method `client_secret_basic`.
#[derive(Debug)]
pub enum ClientSecretBasic {}

struct Credentials {
    client_id: String,
    secret: Secret<String>,
}

/// The entry of `client_auth(client_secret_basic)`.
#[must_use]
pub const fn client_secret_basic<S: OAuth2Server>() -> Method<S> {
    Method::of::<ClientSecretBasic>()
}

#[diagnostic::do_not_recommend]
impl<S: OAuth2Server> ClientAuthMethod<S> for ClientSecretBasic {
    const NAME: &'static str = "client_secret_basic";
    const PROOF: Proof = Proof::Secret;

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        Ok(credentials(request)?.map(|credentials| credentials.client_id))
    }

    async fn verify(
        _: &Ready<S>,
        client: &S::Client,
        request: &Unauthenticated<'_>,
    ) -> Result<bool, OAuthError> {
        let Some(credentials) = credentials(request)? else { return Ok(false) };
        secret_is_right(client, credentials.secret.expose(), request.now).await
    }
}

fn credentials(request: &Unauthenticated<'_>) -> Result<Option<Credentials>, OAuthError> {
    let malformed = || OAuthError::invalid_client("the Authorization header is not well-formed HTTP Basic");
    let mut headers = request.parts.headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else {
        return Ok(None);
    };
    if headers.next().is_some() {
        return Err(OAuthError::invalid_request("there is more than one Authorization header"));
    }
    let (scheme, encoded) =
        header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(OAuthError::invalid_client("the Authorization header's scheme is not supported here"));
    }
    parse(encoded).map(Some).ok_or_else(malformed)
}

/// Strict on purpose: canonical base64, exactly one colon, and both parts form-encoded as section 2.3.1 says.
fn parse(encoded: &str) -> Option<Credentials> {
    let pair = STANDARD.decode(encoded).ok()?;
    let mut parts = pair.split(|byte| *byte == b':');
    let (id, secret) = (parts.next()?, parts.next()?);
    if parts.next().is_some() || id.is_empty() {
        return None;
    }
    Some(Credentials { client_id: text(id)?, secret: Secret::new(text(secret)?) })
}

fn text(encoded: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(encoded.len());
    decode(encoded, &mut decoded)?;
    String::from_utf8(decoded).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_form_decoded() {
        let credentials = parse(&STANDARD.encode("my%20app:a%3Ab+c")).unwrap();
        assert_eq!(
            (credentials.client_id.as_str(), credentials.secret.expose().as_str()),
            ("my app", "a:b c")
        );
    }

    /// S57: loose forms of the header are refused.
    #[test]
    fn loose_encodings_are_refused() {
        for pair in ["", "robot", ":secret", "a:b:c", "a%zz:b", "a:%ff", "a%00:b"] {
            assert!(parse(&STANDARD.encode(pair)).is_none(), "{pair}");
        }
        // `a:b` with flipped trailing bits, without padding, with white space, in the URL alphabet.
        for encoded in ["YTpj=", "YTpiYg", " YTpi", "YTpi ", "YTpi\n", "YTpiYh==", "YTo_Pw=="] {
            assert!(parse(encoded).is_none(), "{encoded:?}");
        }
    }
}
