use std::fmt;
use std::str::FromStr;

use super::{ClientSecretValue, Digest, ENTROPY_BYTES, InvalidSecretHash, Secret, StoredSecret, Timestamp};
use crate::error::Error;
use crate::password::PasswordHash;

/// Bytes of the longest secret that can be imported.
const MAX_IMPORTED_BYTES: usize = 1024;

/// A generated client secret: shown once to the client's owner, stored as [`SecretHash`].
pub struct ClientSecret(Secret<String>, Digest<ClientSecretValue>);

impl ClientSecret {
    pub(crate) fn from_entropy(entropy: &[u8; ENTROPY_BYTES]) -> Self {
        let (value, digest) = Digest::generate(entropy);
        Self(value, digest)
    }

    /// Reads a secret that was generated earlier, for instance from the environment.
    ///
    /// `None` when the text is not a generated secret: `cs_`, 43 characters, a check sum. Any other secret is for
    /// [`SecretHash::imported`].
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
        SecretHash { current: StoredSecret::Digest(self.1), previous: None }
    }
}

/// What is stored of a client secret and, while a rotation is under way, of the one before it with the moment it ends.
///
/// Of a generated secret that is a digest; of one that a person chose or another server made, an argon2 hash as of a
/// password, since nobody knows how easy it is to guess.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretHash {
    current: StoredSecret,
    previous: Option<(StoredSecret, Timestamp)>,
}

impl SecretHash {
    /// What to store of a secret that a client has already, for instance from another server: of one in the form of
    /// [`ClientSecret`] its digest, of any other an argon2id hash.
    ///
    /// ```
    /// # use oauth2_runtime::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// let stored = SecretHash::imported("correct horse battery staple").await?;
    /// assert!(String::from(&stored).starts_with("$argon2id$"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When it is empty or longer than 1024 bytes, and as [`PasswordHash::generate`].
    pub async fn imported(secret: &str) -> Result<Self, Error> {
        if secret.is_empty() || secret.len() > MAX_IMPORTED_BYTES {
            return Err(Error::new(format!(
                "a client secret to import has 1 to {MAX_IMPORTED_BYTES} bytes, this one has {}: give the client a \
                 generated one with `ClientSecret::generate`",
                secret.len()
            )));
        }
        let current = match Digest::of(secret) {
            Some(digest) => StoredSecret::Digest(digest),
            None => StoredSecret::Password(PasswordHash::generate(&Secret::new(secret)).await?),
        };
        Ok(Self { current, previous: None })
    }

    /// Whether `presented` is the secret at `now`. Takes the same time for every wrong value of the right form.
    ///
    /// # Errors
    ///
    /// Only of secrets that are stored as argon2 hashes: as [`PasswordHash::verify`].
    pub async fn verify(&self, presented: &str, now: Timestamp) -> Result<bool, Error> {
        let digest = Digest::of(presented);
        let presented = Secret::new(presented);
        if self.current.matches(&presented, digest).await? {
            return Ok(true);
        }
        match &self.previous {
            Some((previous, until)) if now < *until => previous.matches(&presented, digest).await,
            _ => Ok(false),
        }
    }

    /// The hash after a rotation to `next`: the secret that was current stays valid before `until`.
    #[must_use]
    pub fn rotated(&self, next: &ClientSecret, until: Timestamp) -> Self {
        Self { current: StoredSecret::Digest(next.1), previous: Some((self.current.clone(), until)) }
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

/// The stored text: `sha256:` and base64url, or the PHC string of an argon2 hash; then, during a rotation, a space, the
/// same of the previous secret, `@` and the second at which it ends.
impl From<&SecretHash> for String {
    fn from(hash: &SecretHash) -> Self {
        let mut text = Self::new();
        hash.current.write_to(&mut text);
        if let Some((previous, until)) = &hash.previous {
            text.push(' ');
            previous.write_to(&mut text);
            text.push('@');
            text.push_str(&until.unix_seconds().to_string());
        }
        text
    }
}

impl FromStr for SecretHash {
    type Err = InvalidSecretHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((current, rest)) = text.split_once(' ') else {
            return Ok(Self { current: text.parse()?, previous: None });
        };
        let (previous, until) = rest.split_once('@').ok_or(InvalidSecretHash(None))?;
        let until = until.parse().map_err(|_| InvalidSecretHash(None))?;
        let previous = (previous.parse()?, Timestamp::from_unix_seconds(until));
        Ok(Self { current: current.parse()?, previous: Some(previous) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `password`.
    const ARGON2: &str =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    async fn is_right(hash: &SecretHash, presented: &str, now: Timestamp) -> bool {
        hash.verify(presented, now).await.unwrap()
    }

    #[tokio::test]
    async fn a_rotated_secret_stays_valid_until_its_end() {
        let (old, new) = (ClientSecret::from_entropy(&[1; 32]), ClientSecret::from_entropy(&[2; 32]));
        let end = at(100);
        let hash = old.hash().rotated(&new, end);
        let stored: SecretHash = String::from(&hash).parse().unwrap();
        assert!(stored == hash);
        assert!(is_right(&stored, new.expose(), at(1_000)).await);
        assert!(is_right(&stored, old.expose(), at(99)).await);
        assert!(!is_right(&stored, old.expose(), end).await);
        assert!(!is_right(&stored, "cs_", end).await);
    }

    #[tokio::test]
    async fn an_imported_secret_can_be_rotated_too() {
        let new = ClientSecret::from_entropy(&[2; 32]);
        let old: SecretHash = ARGON2.parse().unwrap();
        let rotated = old.rotated(&new, at(100));
        let text = String::from(&rotated);
        assert!(text.starts_with("sha256:") && text.ends_with(&format!(" {ARGON2}@100")), "{text}");
        let stored: SecretHash = text.parse().unwrap();
        assert!(stored == rotated && stored != old);
        assert!(is_right(&stored, new.expose(), at(1_000)).await);
        assert!(is_right(&stored, "password", at(99)).await);
        assert!(!is_right(&stored, "password", at(100)).await);
        assert!(!is_right(&stored, "Password", at(99)).await);
        let again = stored.rotated(&ClientSecret::from_entropy(&[3; 32]), at(200));
        assert!(!is_right(&again, "password", at(99)).await);
    }

    #[tokio::test]
    async fn what_is_stored_of_an_imported_secret_depends_on_its_form() {
        let generated = ClientSecret::from_entropy(&[1; 32]);
        let imported = SecretHash::imported(generated.expose()).await.unwrap();
        assert!(imported == generated.hash());
        let mistyped = generated.expose().replace("cs_", "cs-");
        for secret in ["correct horse battery staple", "\u{e9}", &mistyped, &"x".repeat(1024)] {
            let text = String::from(&SecretHash::imported(secret).await.unwrap());
            assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
            let stored: SecretHash = text.parse().unwrap();
            assert!(is_right(&stored, secret, at(0)).await, "{secret}");
            assert!(!is_right(&stored, generated.expose(), at(0)).await, "{secret}");
        }
    }

    /// A hash made elsewhere may be of a secret that has the form of a generated one.
    #[tokio::test]
    async fn a_generated_value_is_verified_against_an_argon2_hash() {
        let generated = ClientSecret::from_entropy(&[1; 32]);
        let hash = PasswordHash::generate(&Secret::new(generated.expose())).await.unwrap();
        let stored: SecretHash = String::from(&hash).parse().unwrap();
        assert!(is_right(&stored, generated.expose(), at(0)).await);
    }

    #[tokio::test]
    async fn a_secret_that_cannot_be_imported_is_refused_in_one_line() {
        for (secret, bytes) in [(String::new(), "0"), ("x".repeat(1025), "1025")] {
            let error = SecretHash::imported(&secret).await.unwrap_err().to_string();
            assert!(error.contains(&format!("this one has {bytes}")) && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn other_stored_texts_are_refused() {
        let digest = String::from(&ClientSecret::from_entropy(&[1; 32]).hash());
        for text in ["", "sha256:", "plain", "sha256:AAAA", "bcrypt:AAAA", "$2b$12$AAAA", "$argon2id$v=19"] {
            assert!(text.parse::<SecretHash>().is_err(), "{text}");
            for text in [
                format!("{digest} {text}@1"),
                format!("{text} {digest}@1"),
                format!("{digest} {ARGON2}{text}"),
            ] {
                assert!(text.parse::<SecretHash>().is_err(), "{text}");
            }
        }
        let costly = ARGON2.replace("m=256", "m=4294967295");
        let error = costly.parse::<SecretHash>().unwrap_err().to_string();
        assert!(error.contains("argon2 hash (") && error.contains("costs"), "{error}");
    }

    #[test]
    fn a_hash_shows_nothing() {
        assert_eq!(format!("{:?}", ARGON2.parse::<SecretHash>().unwrap()), "SecretHash(..)");
    }
}
