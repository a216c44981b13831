//! Profiles: named lists of rules that a server keeps.

use serde::Serialize;

use super::same;

/// A named list of rules a server must keep, in [`crate::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// `"oauth2.1"`: OAuth 2.1 with the best current practice of RFC 9700. The default.
    OAuth21,
    /// `"rfc9700"`: the best current practice alone, where confidential clients may leave PKCE out.
    Rfc9700,
    /// `"rfc6749"`: OAuth 2.0 as it was published in 2012. Must be asked for by name.
    Rfc6749,
}

impl Profile {
    /// Its name, as `profile = ".."` has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OAuth21 => "oauth2.1",
            Self::Rfc9700 => "rfc9700",
            Self::Rfc6749 => "rfc6749",
        }
    }

    /// The names of its rules: what it asks for beyond the rules that every server keeps. `allow(rule, reason = "..")` relaxes
    /// one of them.
    #[must_use]
    pub const fn rules(self) -> &'static [&'static str] {
        match self {
            Self::OAuth21 => &[
                "implicit_grant",
                "password_grant",
                "pkce",
                "pkce_of_public_clients",
                "refresh_token_rotation",
            ],
            Self::Rfc9700 => {
                &["implicit_grant", "password_grant", "pkce_of_public_clients", "refresh_token_rotation"]
            }
            Self::Rfc6749 => &[],
        }
    }

    /// Whether `rule` is one of its rules.
    pub(crate) const fn has(self, rule: &str) -> bool {
        let mut rest = self.rules();
        while let [name, others @ ..] = rest {
            if same(name, rule) {
                return true;
            }
            rest = others;
        }
        false
    }
}

/// A rule that the server does not keep, or a warning it does not want to hear, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Relaxation {
    /// The rule.
    pub rule: &'static str,
    /// The reason given in the declaration.
    pub reason: &'static str,
}
