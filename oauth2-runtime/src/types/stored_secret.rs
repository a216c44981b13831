use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{ClientSecretValue, Digest, Secret};
use crate::error::Error;
use crate::password::{InvalidPasswordHash, PasswordHash};

/// What the stored text of a digest starts with.
const PREFIX: &str = "sha256:";

/// One of the two secrets of a [`SecretHash`](super::SecretHash).
#[derive(Clone)]
pub(super) enum StoredSecret {
    Digest(Digest<ClientSecretValue>),
    Password(PasswordHash),
}

impl StoredSecret {
    /// Whether `presented`, whose digest is `digest` if it has the form of a generated secret, is the secret.
    pub(super) async fn matches(
        &self,
        presented: &Secret<&str>,
        digest: Option<Digest<ClientSecretValue>>,
    ) -> Result<bool, Error> {
        match self {
            Self::Digest(stored) => Ok(digest.is_some_and(|digest| stored.matches(&digest))),
            Self::Password(stored) => stored.verify_secret(presented).await,
        }
    }

    pub(super) fn write_to(&self, text: &mut String) {
        match self {
            Self::Digest(digest) => {
                text.push_str(PREFIX);
                URL_SAFE_NO_PAD.encode_string(digest.as_bytes(), text);
            }
            Self::Password(hash) => text.push_str(hash.as_str()),
        }
    }
}

/// Whether both are stored as the same text.
impl PartialEq for StoredSecret {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Digest(one), Self::Digest(other)) => one.matches(other),
            (Self::Password(one), Self::Password(other)) => one.is_same_text(other),
            _ => false,
        }
    }
}

impl Eq for StoredSecret {}

/// A stored text that is not a [`SecretHash`](super::SecretHash). It prints why, and nothing of the text.
#[derive(Debug)]
pub struct InvalidSecretHash(pub(super) Option<InvalidPasswordHash>);

impl fmt::Display for InvalidSecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored client secret is neither in the form `sha256:<base64url>` nor an argon2 hash")?;
        self.0.iter().try_for_each(|reason| write!(f, " ({reason})"))
    }
}

impl std::error::Error for InvalidSecretHash {}

impl FromStr for StoredSecret {
    type Err = InvalidSecretHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with('$') {
            return text.parse().map(Self::Password).map_err(|reason| InvalidSecretHash(Some(reason)));
        }
        let encoded = text.strip_prefix(PREFIX).ok_or(InvalidSecretHash(None))?;
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| InvalidSecretHash(None))?;
        Digest::from_bytes(&bytes).map(Self::Digest).map_err(|_| InvalidSecretHash(None))
    }
}
