//! Generated values as the framework has them, for programs without it: a prefix, 256 random bits, a check sum; stored as
//! SHA-256 under a domain of their kind.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use getrandom::Error;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const CHECK_CHARS: usize = 4;
/// Characters of every value.
pub const VALUE_CHARS: usize = 50;

/// What kind of value it is.
#[derive(Debug)]
pub struct Kind {
    prefix: &'static str,
    domain: &'static str,
}

/// `at_`.
pub const ACCESS_TOKEN: Kind = Kind { prefix: "at_", domain: "oauth2/access_token" };
/// `rt_`.
pub const REFRESH_TOKEN: Kind = Kind { prefix: "rt_", domain: "oauth2/refresh_token" };
/// `ac_`.
pub const AUTHORIZATION_CODE: Kind = Kind { prefix: "ac_", domain: "oauth2/authorization_code" };
/// `cs_`.
pub const CLIENT_SECRET: Kind = Kind { prefix: "cs_", domain: "oauth2/client_secret" };

impl Kind {
    /// A new value: 256 bits from the system's generator.
    ///
    /// # Errors
    ///
    /// When the generator fails.
    pub fn generate(&self) -> Result<String, Error> {
        let mut entropy = [0; 32];
        getrandom::fill(&mut entropy)?;
        let mut value = String::with_capacity(VALUE_CHARS);
        value.push_str(self.prefix);
        URL_SAFE_NO_PAD.encode_string(entropy, &mut value);
        let check = check_sum(&value);
        URL_SAFE_NO_PAD.encode_string(check, &mut value);
        Ok(value)
    }

    /// What is stored of `value`.
    #[must_use]
    pub fn digest(&self, value: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.domain).chain_update([0]).chain_update(value).finalize().into()
    }

    /// What is stored of a presented value, if it has the form of one.
    #[must_use]
    pub fn of_presented(&self, value: &str) -> Option<[u8; 32]> {
        let (body, check) = value.split_at_checked(value.len().checked_sub(CHECK_CHARS)?)?;
        let mut decoded = [0; 3];
        let length = URL_SAFE_NO_PAD.decode_slice(check, &mut decoded).ok()?;
        let well_formed =
            value.len() == VALUE_CHARS && value.starts_with(self.prefix) && length == decoded.len();
        (well_formed && check_sum(body) == decoded).then(|| self.digest(value))
    }
}

/// A new identifier of an authorization: 128 bits from the system's generator.
///
/// # Errors
///
/// When the generator fails.
pub fn grant_id() -> Result<String, Error> {
    let mut entropy = [0; 16];
    getrandom::fill(&mut entropy)?;
    Ok(URL_SAFE_NO_PAD.encode(entropy))
}

/// The stored text of a client secret.
#[must_use]
pub fn stored_secret(secret: &str) -> String {
    format!("sha256:{}", URL_SAFE_NO_PAD.encode(CLIENT_SECRET.digest(secret)))
}

/// Whether `presented` is the secret that is stored as `stored`, in constant time.
#[must_use]
pub fn secret_is_right(stored: &str, presented: &str) -> bool {
    let mut digest = [0; 32];
    let decoded =
        stored.strip_prefix("sha256:").and_then(|text| URL_SAFE_NO_PAD.decode_slice(text, &mut digest).ok());
    decoded == Some(digest.len()) && bool::from(CLIENT_SECRET.digest(presented).ct_eq(&digest))
}

/// Whether `verifier` is that of the code challenge (RFC 7636 section 4.6, `S256`), in constant time.
#[must_use]
pub fn verifier_is_right(challenge: &str, verifier: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
    let mut digest = [0; 32];
    let decoded = URL_SAFE_NO_PAD.decode_slice(challenge, &mut digest);
    let hash: [u8; 32] = Sha256::digest(verifier).into();
    well_formed && decoded == Ok(digest.len()) && bool::from(hash.ct_eq(&digest))
}

fn check_sum(value: &str) -> [u8; 3] {
    let [first, second, third, ..]: [u8; 32] = Sha256::digest(value).into();
    [first, second, third]
}
