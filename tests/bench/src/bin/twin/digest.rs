//! Generated values: a prefix, 256 random bits, a check sum; stored as SHA-256 under a domain of their kind.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const CHECK_CHARS: usize = 4;
const VALUE_CHARS: usize = 50;

/// A new value: 256 bits from the system's generator.
pub(crate) fn value(prefix: &str) -> Result<String, getrandom::Error> {
    let mut entropy = [0; 32];
    getrandom::fill(&mut entropy)?;
    let mut value = String::with_capacity(VALUE_CHARS);
    value.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(entropy, &mut value);
    let check = check_sum(&value);
    URL_SAFE_NO_PAD.encode_string(check, &mut value);
    Ok(value)
}

pub(crate) fn grant_id() -> Result<String, getrandom::Error> {
    let mut entropy = [0; 16];
    getrandom::fill(&mut entropy)?;
    Ok(URL_SAFE_NO_PAD.encode(entropy))
}

pub(crate) fn of_access_token(value: &str) -> [u8; 32] {
    hash("oauth2/access_token", value)
}

/// The digest of a presented access token, if it has the form of one.
pub(crate) fn of_presented(value: &str) -> Option<[u8; 32]> {
    let (body, check) = value.split_at_checked(value.len().checked_sub(CHECK_CHARS)?)?;
    let mut decoded = [0; 3];
    let length = URL_SAFE_NO_PAD.decode_slice(check, &mut decoded).ok()?;
    let well_formed = value.len() == VALUE_CHARS && value.starts_with("at_") && length == decoded.len();
    (well_formed && check_sum(body) == decoded).then(|| of_access_token(value))
}

pub(crate) fn stored_secret(secret: &str) -> String {
    format!("sha256:{}", URL_SAFE_NO_PAD.encode(hash("oauth2/client_secret", secret)))
}

/// Whether `presented` is the secret that is stored as `stored`, in constant time.
pub(crate) fn secret_is_right(stored: &str, presented: &str) -> bool {
    let mut digest = [0; 32];
    let decoded =
        stored.strip_prefix("sha256:").and_then(|text| URL_SAFE_NO_PAD.decode_slice(text, &mut digest).ok());
    decoded == Some(digest.len()) && bool::from(hash("oauth2/client_secret", presented).ct_eq(&digest))
}

fn hash(domain: &str, value: &str) -> [u8; 32] {
    Sha256::new().chain_update(domain).chain_update([0]).chain_update(value).finalize().into()
}

fn check_sum(value: &str) -> [u8; 3] {
    let [first, second, third, ..]: [u8; 32] = Sha256::digest(value).into();
    [first, second, third]
}
