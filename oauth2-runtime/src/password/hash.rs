use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{CLIENTS, Memory, PEOPLE, Pool};
use crate::error::Error;
use crate::random::{Random, SystemRandom};
use crate::types::Secret;

/// Bytes of a new hash's salt: what RFC 9106 section 3.1 recommends.
const SALT_BYTES: usize = 16;
/// Bytes of a new hash.
const OUTPUT_BYTES: usize = Params::DEFAULT_OUTPUT_LEN;

// What a stored hash may cost to verify. Whoever can write a row must not be able to stop the server with it; RFC 9106
// section 4's option for machines with little memory (64 MiB, 3 passes, 4 lanes) stays well below.
/// KiB.
const MAX_MEMORY: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 16;

/// What is stored of a password: an argon2 hash as a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
///
/// It is a text column of any database. New hashes are argon2id with 19 MiB, two passes and one lane, the least that
/// OWASP's Password Storage Cheat Sheet recommends; hashes made elsewhere are verified with the costs they were made
/// with, up to 256 MiB, 16 passes and 16 lanes.
///
/// Hashing runs on threads of its own, as many at once as there are cores, at most three. 64 callers may wait; more get
/// an [`Error`] at once, which a request answers with 503.
///
/// ```
/// use oauth2_runtime::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let password = Secret::new("correct horse battery staple");
/// let hash = PasswordHash::generate(&password).await?;
/// assert!(hash.verify(&password).await?);
/// assert!(!hash.verify(&Secret::new("Tr0ub4dor&3")).await?);
/// # Ok(())
/// # }
/// ```
///
/// Two hashes are not compared with each other: the same password has another salt, and so another hash, each time.
#[derive(Clone)]
pub struct PasswordHash(Arc<Parts>);

struct Parts {
    /// As it was read, so that a row is written back as it was.
    text: String,
    argon2: Argon2<'static>,
    salt: Salt,
    expected: Output,
}

impl PasswordHash {
    /// Hashes `password` with a new salt from the system's generator.
    ///
    /// # Errors
    ///
    /// When too many callers wait, or the system's generator or its memory gives out.
    pub async fn generate<T: AsRef<str> + ?Sized>(password: &Secret<T>) -> Result<Self, Error> {
        let mut salt = [0; SALT_BYTES];
        SystemRandom.fill(&mut salt)?;
        let password = copy(password);
        let mut output = [0; OUTPUT_BYTES];
        let hashing = PEOPLE.run(move |memory| {
            compute(&current(), password.as_bytes(), &salt, &mut output, memory).map(|()| output)
        });
        let output = hashing.await?.map_err(failed)?;
        text(&salt, &output).map_err(failed)?.parse().map_err(failed)
    }

    /// Whether this is the hash of `password`. Takes the same time for every wrong password.
    ///
    /// # Errors
    ///
    /// When too many callers wait, or the system's memory gives out.
    pub async fn verify<T: AsRef<str> + ?Sized>(&self, password: &Secret<T>) -> Result<bool, Error> {
        self.verify_in(&PEOPLE, copy(password)).await
    }

    /// As [`PasswordHash::verify`], for the secret of a client.
    pub(crate) async fn verify_secret<T: AsRef<str> + ?Sized>(
        &self,
        secret: &Secret<T>,
    ) -> Result<bool, Error> {
        self.verify_in(&CLIENTS, copy(secret)).await
    }

    async fn verify_in(&self, pool: &Pool, password: Zeroizing<String>) -> Result<bool, Error> {
        let parts = Arc::clone(&self.0);
        pool.run(move |memory| parts.matches(password.as_bytes(), memory)).await?.map_err(failed)
    }

    /// Does the work of [`PasswordHash::verify`] for somebody who has no hash, so that the time of an answer does not
    /// tell who has one.
    pub(super) async fn verify_unknown(password: &Secret<String>) -> Result<(), Error> {
        Self::of_nobody()?.verify(password).await.map(drop)
    }

    /// A hash with the current costs that no known password has: it was never computed from one.
    fn of_nobody() -> Result<Self, Error> {
        let salt = Salt::new(&[0; SALT_BYTES]).map_err(failed)?;
        let expected = Output::new(&[0; OUTPUT_BYTES]).map_err(failed)?;
        Ok(Self(Arc::new(Parts { text: String::new(), argon2: current(), salt, expected })))
    }

    /// Whether both are stored as the same text.
    pub(crate) fn is_same_text(&self, other: &Self) -> bool {
        self.0.text.as_bytes().ct_eq(other.0.text.as_bytes()).into()
    }

    /// The stored text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0.text
    }
}

impl Parts {
    fn matches(&self, password: &[u8], memory: &mut Memory) -> argon2::Result<bool> {
        let expected = self.expected.as_bytes();
        let mut output = vec![0; expected.len()];
        compute(&self.argon2, password, &self.salt, &mut output, memory)?;
        Ok(output.ct_eq(expected).into())
    }
}

fn compute(
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    output: &mut [u8],
    memory: &mut Memory,
) -> argon2::Result<()> {
    let blocks = memory.blocks(argon2.params().block_count())?;
    argon2.hash_password_into_with_memory(password, salt, output, blocks)
}

/// What is stored of a new hash.
fn text(salt: &[u8], output: &[u8]) -> argon2::password_hash::Result<String> {
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&Params::DEFAULT)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(output)?),
    };
    Ok(hash.to_string())
}

/// How new hashes are made. The crate's default costs are OWASP's; a test holds them to that.
fn current() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// The thread that hashes needs a copy of its own, which leaves nothing behind in memory.
fn copy<T: AsRef<str> + ?Sized>(password: &Secret<T>) -> Zeroizing<String> {
    Zeroizing::new(password.expose().as_ref().to_owned())
}

fn failed(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new("a password or a secret cannot be hashed").caused_by(source)
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// The stored text: the PHC string.
impl From<&PasswordHash> for String {
    fn from(hash: &PasswordHash) -> Self {
        hash.as_str().to_owned()
    }
}

/// A stored text that is not a [`PasswordHash`]. It prints why, and nothing of the text.
#[derive(Debug)]
pub struct InvalidPasswordHash(&'static str);

impl fmt::Display for InvalidPasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a stored password hash cannot be used: {}", self.0)
    }
}

impl std::error::Error for InvalidPasswordHash {}

impl FromStr for PasswordHash {
    type Err = InvalidPasswordHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed =
            || InvalidPasswordHash("it is not a PHC string, `$argon2id$v=19$m=..,t=..,p=..$..$..`");
        let phc = phc::PasswordHash::new(text).map_err(|_| malformed())?;
        let algorithm = Algorithm::new(phc.algorithm)
            .map_err(|_| InvalidPasswordHash("its algorithm is not argon2id, argon2i or argon2d"))?;
        // The first version of argon2 did not write itself down.
        let version = phc
            .version
            .map_or(Ok(Version::V0x10), Version::try_from)
            .map_err(|_| InvalidPasswordHash("its version of argon2 is neither 16 nor 19"))?;
        let params = Params::try_from(&phc).map_err(|_| malformed())?;
        if params.m_cost() > MAX_MEMORY || params.t_cost() > MAX_PASSES || params.p_cost() > MAX_LANES {
            return Err(InvalidPasswordHash("its costs are above m=262144,t=16,p=16"));
        }
        let (salt, expected) = phc.salt.zip(phc.hash).ok_or_else(malformed)?;
        let argon2 = Argon2::new(algorithm, version, params);
        Ok(Self(Arc::new(Parts { text: text.to_owned(), argon2, salt, expected })))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    /// Whoever sends many sign-in forms keeps no client waiting.
    #[tokio::test]
    async fn secrets_are_verified_while_passwords_are_refused() {
        let hash: PasswordHash = REFERENCE[0].parse().unwrap();
        let typed = Secret::new("password");
        let flood = join_all((0..200).map(|_| hash.verify(&typed)));
        let secrets = join_all((0..20).map(|_| hash.verify_secret(&typed)));
        let (flood, secrets) = tokio::join!(flood, secrets);
        assert!(flood.iter().any(Result::is_err));
        assert!(secrets.into_iter().all(|verified| verified.unwrap()));
    }

    /// Of `password` with the salt `somesalt`: from the tests of argon2's reference implementation.
    const REFERENCE: [&str; 3] = [
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
    ];

    #[tokio::test]
    async fn a_new_hash_has_the_recommended_costs_and_its_own_salt() {
        let password = Secret::new("hunter2");
        let (one, other) = (
            PasswordHash::generate(&password).await.unwrap(),
            PasswordHash::generate(&password).await.unwrap(),
        );
        assert!(one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.as_str());
        assert_ne!(one.as_str(), other.as_str());
        let stored: PasswordHash = String::from(&one).parse().unwrap();
        assert!(stored.verify(&password).await.unwrap());
        assert!(!stored.verify(&Secret::new("hunter3")).await.unwrap());
        assert!(!stored.verify(&Secret::new("")).await.unwrap());
    }

    #[tokio::test]
    async fn hashes_made_elsewhere_are_verified_and_written_back_as_they_were() {
        for text in REFERENCE {
            let hash: PasswordHash = text.parse().unwrap();
            assert_eq!(hash.as_str(), text);
            assert!(hash.verify(&Secret::new(String::from("password"))).await.unwrap(), "{text}");
            assert!(!hash.verify(&Secret::new("Password")).await.unwrap(), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        let end = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        for (start, reason) in [
            ("", "not a PHC string"),
            ("$argon2id$v=19$m=256,t=2,p=1 ", "not a PHC string"),
            ("$argon2id$v=19$m=7,t=2,p=1", "not a PHC string"),
            ("$argon2id$v=19$m=256,t=2,p=1,x=1", "not a PHC string"),
            ("$bcrypt$v=19$m=256,t=2,p=1", "algorithm"),
            ("$argon2id$v=18$m=256,t=2,p=1", "version"),
            ("$argon2id$v=19$m=262145,t=2,p=1", "costs"),
            ("$argon2id$v=19$m=256,t=17,p=1", "costs"),
            ("$argon2id$v=19$m=4294967295,t=4294967295,p=16777215", "costs"),
            ("$argon2id$v=19$m=256,t=2,p=17", "costs"),
        ] {
            let error = format!("{start}{end}").parse::<PasswordHash>().unwrap_err().to_string();
            assert!(error.contains(reason), "{start}: {error}");
        }
        for text in [
            "",
            "hunter2",
            "$2b$12$x",
            "$argon2id$v=19$m=256,t=2,p=1",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
        ] {
            assert!(text.parse::<PasswordHash>().is_err(), "{text}");
        }
        assert!(format!("$argon2id$v=19$m=262144,t=16,p=16{end}").parse::<PasswordHash>().is_ok());
    }

    #[tokio::test]
    async fn nobody_has_a_password_and_it_costs_the_same() {
        let nobody = PasswordHash::of_nobody().unwrap();
        assert!(!nobody.verify(&Secret::new("")).await.unwrap());
        let generated = PasswordHash::generate(&Secret::new("hunter2")).await.unwrap();
        let work = |hash: &PasswordHash| {
            let params = hash.0.argon2.params();
            (params.m_cost(), params.t_cost(), params.p_cost(), hash.0.salt.len(), hash.0.expected.len())
        };
        assert_eq!(work(&nobody), work(&generated));
    }

    #[test]
    fn a_hash_shows_nothing() {
        let hash: PasswordHash = REFERENCE[0].parse().unwrap();
        assert_eq!(format!("{hash:?}"), "PasswordHash(..)");
    }
}
