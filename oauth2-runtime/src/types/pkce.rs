use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// A PKCE code challenge by the method `S256` (RFC 7636 section 4.2): the SHA-256 of a verifier that only the client
/// knows. There is no other method here: `plain` would put the verifier itself into the URL (RFC 9700 section 2.1.1).
///
/// ```
/// use oauth2_runtime::types::CodeChallenge;
///
/// // The pair of RFC 7636 appendix B.
/// let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")?;
/// assert!(challenge.verify("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
/// # Ok::<(), oauth2_runtime::types::InvalidCodeChallenge>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeChallenge([u8; 32]);

/// A text that is not a challenge by `S256`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCodeChallenge;

impl fmt::Display for InvalidCodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a code challenge is the base64url of a SHA-256, 43 characters")
    }
}

impl std::error::Error for InvalidCodeChallenge {}

impl CodeChallenge {
    /// The only supported `code_challenge_method`.
    pub const METHOD: &'static str = "S256";

    /// Reads a `code_challenge`.
    ///
    /// # Errors
    ///
    /// When it is not the base64url of 32 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidCodeChallenge> {
        let mut bytes = [0; 32];
        // Room for exactly one hash: the decoder refuses anything longer.
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).map_err(|_| InvalidCodeChallenge)?;
        if length == bytes.len() { Ok(Self(bytes)) } else { Err(InvalidCodeChallenge) }
    }

    /// Whether `verifier` is a well-formed code verifier (RFC 7636 section 4.1) and the one behind this challenge.
    /// Compared in constant time.
    #[must_use]
    pub fn verify(&self, verifier: &str) -> bool {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
        let hash: [u8; 32] = Sha256::digest(verifier).into();
        well_formed & bool::from(hash.ct_eq(&self.0))
    }
}

/// The `code_challenge` as it was sent, which is also how it is stored.
impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeChallenge(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_pair_of_the_specification_fits() {
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        assert!(challenge.verify(VERIFIER));
        assert_eq!(challenge.to_string(), CHALLENGE);
    }

    /// S27: other verifiers, and verifiers that are too short, too long or of other characters.
    #[test]
    fn weak_and_wrong_verifiers_are_refused() {
        let of = |verifier: &str| {
            let hash: [u8; 32] = Sha256::digest(verifier).into();
            CodeChallenge(hash).verify(verifier)
        };
        assert!(of(&"a".repeat(43)) && of(&"~".repeat(128)));
        assert!(!of("") && !of(&"a".repeat(42)) && !of(&"a".repeat(129)));
        assert!(!of(&format!("{}!", "a".repeat(43))) && !of(&"\u{e9}".repeat(43)));
        assert!(!CodeChallenge::parse(CHALLENGE).unwrap().verify(CHALLENGE));
    }

    #[test]
    fn only_a_hash_is_a_challenge() {
        for text in [
            "",
            "abc",
            &CHALLENGE[1..],
            &format!("{CHALLENGE}A"),
            &format!("{CHALLENGE}="),
            "!".repeat(43).as_str(),
        ] {
            assert_eq!(CodeChallenge::parse(text), Err(InvalidCodeChallenge), "{text}");
        }
        // The last character carries two bits that nothing decodes to.
        assert!(CodeChallenge::parse(&CHALLENGE.replace("-cM", "-cN")).is_err());
    }
}
