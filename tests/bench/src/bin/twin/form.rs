//! The parameters of a token request, read from the body by hand.

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;

use crate::refused::Refused;

const MAX_BODY_BYTES: usize = 64 * 1024;

#[derive(Default)]
pub(crate) struct TokenRequest {
    pub(crate) grant_type: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) code_verifier: Option<String>,
    pub(crate) refresh_token: Option<String>,
}

impl TokenRequest {
    pub(crate) async fn read(body: Body) -> Result<Self, Refused> {
        let body = to_bytes(body, MAX_BODY_BYTES)
            .await
            .map_err(|_| Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request"))?;
        Self::parse(&body).ok_or(Refused::INVALID_REQUEST)
    }

    /// `None` for a malformed body and for a parameter that is there twice.
    fn parse(body: &[u8]) -> Option<Self> {
        let mut request = Self::default();
        for pair in body.split(|byte| *byte == b'&') {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let (name, value) = (decode(halves.next()?)?, decode(halves.next().unwrap_or_default())?);
            let field = match name.as_str() {
                "grant_type" => &mut request.grant_type,
                "scope" => &mut request.scope,
                "client_id" => &mut request.client_id,
                "code" => &mut request.code,
                "redirect_uri" => &mut request.redirect_uri,
                "code_verifier" => &mut request.code_verifier,
                "refresh_token" => &mut request.refresh_token,
                _ => continue,
            };
            if field.replace(value).is_some() {
                return None;
            }
        }
        Some(request)
    }
}

/// Undoes percent-encoding, `+` for a space included.
pub(crate) fn decode(encoded: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => hex(*bytes.next()?)? << 4 | hex(*bytes.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
