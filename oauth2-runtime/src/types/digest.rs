use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use super::Secret;

/// Bytes of randomness in a generated value.
pub(crate) const ENTROPY_BYTES: usize = 32;
/// Characters of base64url for [`ENTROPY_BYTES`].
const ENTROPY_CHARS: usize = 43;
/// Characters of the check sum at the end.
const CHECK_CHARS: usize = 4;
/// Bytes of the check sum before base64url.
const CHECK_BYTES: usize = 3;

/// Characters of the shortest token of another form than the framework's: the 68 characters that tokens are made of give 21 of
/// them less than 128 bits, and a token must not be easier to guess than that (RFC 6749 section 10.10).
pub const MIN_TOKEN_BYTES: usize = 22;
/// Bytes of the longest one in a form, where each of `~+/=` takes three: as many as a parameter may have before decoding, so that
/// every token can be revoked and introspected.
pub const MAX_TOKEN_BYTES: usize = 4096;

/// A kind of generated value: its prefix, and the domain that keeps its digests apart from all others.
pub trait Artefact: 'static {
    /// What every value of this kind starts with, so that secret scanners recognise it.
    const PREFIX: &'static str;
    /// Hashed in front of the value; different for each kind.
    const DOMAIN: &'static str;
}

macro_rules! artefact {
    ($(#[$docs:meta])* $name:ident, $prefix:literal, $domain:literal) => {
        $(#[$docs])*
        #[derive(Debug)]
        pub enum $name {}

        impl Artefact for $name {
            const PREFIX: &'static str = $prefix;
            const DOMAIN: &'static str = $domain;
        }
    };
}

artefact! {
    /// An opaque access token (RFC 6749 section 1.4): `at_`, 256 random bits, a check sum.
    AccessToken, "at_", "oauth2/access_token"
}
artefact! {
    /// A refresh token (RFC 6749 section 1.5): `rt_`, 256 random bits, a check sum.
    RefreshToken, "rt_", "oauth2/refresh_token"
}
artefact! {
    /// An authorization code (RFC 6749 section 1.3.1): `ac_`, 256 random bits, a check sum.
    AuthorizationCode, "ac_", "oauth2/authorization_code"
}
artefact! {
    /// The identifier of a person's session in a browser: `si_`, 256 random bits, a check sum.
    SessionId, "si_", "oauth2/session"
}
artefact! {
    /// A generated client secret (RFC 6749 section 2.3.1): `cs_`, 256 random bits, a check sum.
    ClientSecretValue, "cs_", "oauth2/client_secret"
}

/// What the values of the kinds above start with.
const PREFIXES: [&str; 5] = [
    AccessToken::PREFIX,
    RefreshToken::PREFIX,
    AuthorizationCode::PREFIX,
    SessionId::PREFIX,
    ClientSecretValue::PREFIX,
];

/// What is stored of a token, code or secret: SHA-256 over its kind's domain and its value.
///
/// The value has 256 bits from the system's generator, so a fast hash is enough and the value cannot be
/// recovered from a stolen database. The type parameter keeps the kinds apart: the digest of a refresh token
/// cannot be looked up as an access token.
pub struct Digest<K>([u8; 32], PhantomData<fn() -> K>);

impl<K: Artefact> Digest<K> {
    /// The digest of a presented value, or `None` if no value of this kind has that form, so that a wrong
    /// prefix, a truncated or an altered value never reaches the database.
    #[must_use]
    pub fn of(presented: &str) -> Option<Self> {
        has_form(K::PREFIX, presented).then(|| Self::hash(presented))
    }

    /// As [`Digest::of`]; with `own_forms` also of every value that a generator of the application's own may have made.
    pub(crate) fn presented(value: &str, own_forms: bool) -> Option<Self> {
        Self::of(value).or_else(|| (own_forms && Self::check_own(value).is_ok()).then(|| Self::hash(value)))
    }

    /// Whether `value`, which the application has made, can be a token of this kind.
    ///
    /// # Errors
    ///
    /// What is wrong with it, without the value.
    pub(crate) fn check_own(value: &str) -> Result<(), &'static str> {
        if value.is_empty() {
            return Err("it is empty");
        }
        if !fits_a_form(value) {
            return Err("it takes more than 4096 bytes in a form, where each of `~+/=` takes three");
        }
        if !is_b64token(value) {
            return Err("it has characters that no token has (RFC 6750 section 2.1)");
        }
        if value.len() < MIN_TOKEN_BYTES {
            return Err("it has fewer than 22 characters, which can be guessed (RFC 6749 section 10.10)");
        }
        if PREFIXES.iter().any(|prefix| *prefix != K::PREFIX && has_form(prefix, value)) {
            return Err("it has the form of another kind of secret of this server");
        }
        Ok(())
    }

    fn hash(value: &str) -> Self {
        let hash = Sha256::new().chain_update(K::DOMAIN).chain_update([0]).chain_update(value);
        Self(hash.finalize().into(), PhantomData)
    }

    /// Makes a value of this kind from 256 bits that nobody can predict, and its digest.
    ///
    /// The framework makes its own artefacts; this is for a kind of yours, with bytes from
    /// [`SystemRandom`](crate::random::SystemRandom).
    #[must_use]
    pub fn generate(entropy: &[u8; ENTROPY_BYTES]) -> (Secret<String>, Self) {
        let mut value = String::with_capacity(K::PREFIX.len() + ENTROPY_CHARS + CHECK_CHARS);
        value.push_str(K::PREFIX);
        URL_SAFE_NO_PAD.encode_string(entropy, &mut value);
        value.extend(check_sum(&value).map(char::from));
        let digest = Self::hash(&value);
        (Secret::new(value), digest)
    }
}

impl<K> Digest<K> {
    /// The 32 bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest that was stored as `bytes`.
    ///
    /// # Errors
    ///
    /// When there are not exactly 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, std::array::TryFromSliceError> {
        Ok(Self(bytes.try_into()?, PhantomData))
    }

    /// Compares in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// Whether `value` has the form of the generated values that start with `prefix`.
fn has_form(prefix: &str, value: &str) -> bool {
    let Some(body) = value.strip_prefix(prefix) else { return false };
    let well_formed = body.len() == ENTROPY_CHARS + CHECK_CHARS
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !well_formed {
        return false;
    }
    let (value, check) = value.split_at(value.len() - CHECK_CHARS);
    check_sum(value) == check.as_bytes()
}

/// Whether `value` is a `b64token` (RFC 6750 section 2.1): what fits into an `Authorization` header.
fn is_b64token(value: &str) -> bool {
    let unpadded = value.trim_end_matches('=');
    !unpadded.is_empty() && unpadded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b))
}

/// Whether `value` takes at most [`MAX_TOKEN_BYTES`] as a form parameter. Encoders agree on letters, digits and `-._` only; they
/// write every other byte in three.
pub(crate) fn fits_a_form(value: &str) -> bool {
    let encoded = |byte: u8| if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) { 1 } else { 3 };
    value.len() <= MAX_TOKEN_BYTES && value.bytes().map(encoded).sum::<usize>() <= MAX_TOKEN_BYTES
}

/// The last characters of a generated value: the start of the hash of all before it. Not a security
/// measure; it refuses mistyped and truncated values early and lets scanners tell real values from noise.
fn check_sum(value: &str) -> [u8; CHECK_CHARS] {
    let hash: [u8; 32] = Sha256::digest(value).into();
    let mut check = [0; CHECK_CHARS];
    // Three bytes are exactly four characters, so there is always room.
    let _ = URL_SAFE_NO_PAD.encode_slice(hash.first_chunk::<CHECK_BYTES>().unwrap_or(&[0; 3]), &mut check);
    check
}

impl<K> Clone for Digest<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Digest<K> {}

impl<K> PartialEq for Digest<K> {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other)
    }
}

impl<K> Eq for Digest<K> {}

impl<K> Hash for Digest<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> fmt::Debug for Digest<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_value_is_found_by_its_own_digest_only() {
        let (value, digest) = Digest::<AccessToken>::generate(&[7; 32]);
        assert_eq!(value.expose().len(), 50);
        assert_eq!(Digest::<AccessToken>::of(value.expose()), Some(digest));
        assert!(Digest::<RefreshToken>::of(value.expose()).is_none());
    }

    /// S24: of all kinds, two and two.
    #[test]
    fn the_same_value_has_another_digest_in_another_domain() {
        let digests = [
            *Digest::<AccessToken>::hash("value").as_bytes(),
            *Digest::<RefreshToken>::hash("value").as_bytes(),
            *Digest::<AuthorizationCode>::hash("value").as_bytes(),
            *Digest::<SessionId>::hash("value").as_bytes(),
            *Digest::<ClientSecretValue>::hash("value").as_bytes(),
        ];
        let distinct: std::collections::BTreeSet<_> = digests.iter().collect();
        assert_eq!((distinct.len(), PREFIXES.len()), (digests.len(), digests.len()));
        let prefixes: std::collections::BTreeSet<_> = PREFIXES.iter().collect();
        assert_eq!(prefixes.len(), PREFIXES.len());
    }

    #[test]
    fn a_value_of_another_form_is_looked_up_only_where_such_values_are_made() {
        let longest = "x".repeat(MAX_TOKEN_BYTES);
        // 1365 times three bytes and one.
        let longest_encoded = format!("-{}~/=", "+".repeat(1_362));
        let owns = [
            "acme.0123456789abcdefg",
            "AZaz09-._~+/AZaz09-._~+/==",
            longest.as_str(),
            longest_encoded.as_str(),
        ];
        for own in owns {
            assert!(Digest::<AccessToken>::presented(own, true).is_some(), "{own}");
            assert!(Digest::<AccessToken>::presented(own, false).is_none(), "{own}");
        }
        let (refresh, _) = Digest::<RefreshToken>::generate(&[7; 32]);
        let too_long = "x".repeat(MAX_TOKEN_BYTES + 1);
        let too_long_encoded = format!("{longest_encoded}=");
        let short = "x".repeat(MIN_TOKEN_BYTES - 1);
        let values = [
            ("", "empty"),
            (&too_long, "more than 4096"),
            (&too_long_encoded, "more than 4096"),
            ("acme 0123456789abcdefgh", "characters"),
            ("acme=0123456789abcdefgh", "characters"),
            ("======================", "characters"),
            ("ac\u{e9}me0123456789abcdefgh", "characters"),
            (&short, "guessed"),
            (refresh.expose(), "another kind"),
        ];
        for (value, reason) in values {
            let told = Digest::<AccessToken>::check_own(value);
            assert!(told.is_err_and(|told| told.contains(reason)), "{value}");
            assert!(Digest::<AccessToken>::presented(value, true).is_none(), "{value}");
        }
    }

    /// S70: every proper prefix, suffix, case flip and single bit flip of a live token is refused, here
    /// without asking the database.
    #[test]
    fn altered_values_are_refused_by_their_form() {
        let (value, _) = Digest::<AccessToken>::generate(&[0x5a; 32]);
        let value = value.expose().as_str();
        let mut tried = 0;
        for cut in 0..value.len() {
            let (prefix, suffix) = value.split_at(cut);
            assert!(Digest::<AccessToken>::of(prefix).is_none(), "prefix of {cut}");
            if cut > 0 {
                assert!(Digest::<AccessToken>::of(suffix).is_none(), "suffix from {cut}");
            }
            tried += 2;
            let bytes = value.as_bytes();
            for bit in 0..8 {
                let mut changed = bytes.to_vec();
                changed[cut] ^= 1 << bit;
                if let Ok(changed) = String::from_utf8(changed) {
                    assert!(Digest::<AccessToken>::of(&changed).is_none(), "{changed}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 400, "{tried}");
    }
}
