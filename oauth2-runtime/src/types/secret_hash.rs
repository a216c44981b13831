use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{ClientSecretValue, Digest, ENTROPY_BYTES, Secret, Timestamp};

/// A generated client secret: shown once to the client's owner, stored as [`SecretHash`].
pub struct ClientSecret(Secret<String>, Digest<ClientSecretValue>);

impl ClientSecret {
    pub(crate) fn from_entropy(entropy: &[u8; ENTROPY_BYTES]) -> Self {
        let (value, digest) = Digest::generate(entropy);
        Self(value, digest)
    }

    /// Reads a secret that was generated earlier, for instance from the environment.
    ///
    /// `None` when the text is not a generated secret: `cs_`, 43 characters, a check sum.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digest = Digest::of(text)?;
        Some(Self(Secret::new(text.to_owned()), digest))
    }

    /// The secret in clear, to hand to the client's owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What to store of it.
    #[must_use]
    pub const fn hash(&self) -> SecretHash {
        SecretHash { current: self.1, previous: None }
    }
}

/// What is stored of a client secret: the digest of the current one and, while a rotation is under way, of the
/// one before it with the moment it ends.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretHash {
    current: Digest<ClientSecretValue>,
    previous: Option<(Digest<ClientSecretValue>, Timestamp)>,
}

impl SecretHash {
    /// Whether `presented` is the secret at `now`. Takes the same time for every wrong value of the right form.
    #[must_use]
    pub fn verify(&self, presented: &str, now: Timestamp) -> bool {
        let Some(presented) = Digest::of(presented) else {
            return false;
        };
        let current = self.current.matches(&presented);
        let previous =
            self.previous.as_ref().is_some_and(|(digest, until)| digest.matches(&presented) && now < *until);
        current | previous
    }

    /// The hash after a rotation to `next`: the secret that was current stays valid before `until`.
    #[must_use]
    pub fn rotated(&self, next: &ClientSecret, until: Timestamp) -> Self {
        Self { current: next.1, previous: Some((self.current, until)) }
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

/// The stored text: `sha256:` and base64url, then, during a rotation, a space, the same of the previous secret,
/// `@` and the second at which it ends.
impl From<&SecretHash> for String {
    fn from(hash: &SecretHash) -> Self {
        let mut text = Self::from(PREFIX);
        URL_SAFE_NO_PAD.encode_string(hash.current.as_bytes(), &mut text);
        if let Some((digest, until)) = &hash.previous {
            text.push(' ');
            text.push_str(PREFIX);
            URL_SAFE_NO_PAD.encode_string(digest.as_bytes(), &mut text);
            text.push('@');
            text.push_str(&until.unix_seconds().to_string());
        }
        text
    }
}

const PREFIX: &str = "sha256:";

/// A stored text that is not a [`SecretHash`].
#[derive(Debug)]
pub struct InvalidSecretHash;

impl fmt::Display for InvalidSecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored client secret is not in the form `sha256:<base64url>`")
    }
}

impl std::error::Error for InvalidSecretHash {}

impl FromStr for SecretHash {
    type Err = InvalidSecretHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digest = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
            Digest::from_bytes(&bytes).ok()
        };
        let previous = |text: &str| {
            let (hash, until) = text.split_once('@')?;
            Some((digest(hash)?, Timestamp::from_unix_seconds(until.parse().ok()?)))
        };
        let (current, rest) = match text.split_once(' ') {
            Some((current, rest)) => (current, Some(rest)),
            None => (text, None),
        };
        let current = digest(current).ok_or(InvalidSecretHash)?;
        let previous = rest.map(|text| previous(text).ok_or(InvalidSecretHash)).transpose()?;
        Ok(Self { current, previous })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_secret_stays_valid_until_its_end() {
        let (old, new) = (ClientSecret::from_entropy(&[1; 32]), ClientSecret::from_entropy(&[2; 32]));
        let end = Timestamp::from_unix_seconds(100);
        let hash = old.hash().rotated(&new, end);
        let stored: SecretHash = String::from(&hash).parse().unwrap();
        assert!(stored.verify(new.expose(), Timestamp::from_unix_seconds(1_000)));
        assert!(stored.verify(old.expose(), Timestamp::from_unix_seconds(99)));
        assert!(!stored.verify(old.expose(), end));
        assert!(!stored.verify("cs_", end));
    }

    #[test]
    fn other_stored_texts_are_refused() {
        for text in ["", "sha256:", "plain", "sha256:AAAA", "bcrypt:AAAA"] {
            assert!(text.parse::<SecretHash>().is_err(), "{text}");
        }
    }
}
