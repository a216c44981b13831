//! What a server declares, as constants, and what its rules read of them.

mod facts;
mod probe;
mod profile;

pub use facts::{ClientAuthFacts, Facts};
pub use probe::{ClientCapabilities, Probe, TokenCapabilities, Unknown};
pub use profile::{Profile, Relaxation};

use serde::Serialize;

use crate::store::Schema;

/// How people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignInBy {
    /// They do not.
    Nothing,
    /// `sign_in = password(..)`: on the built-in page.
    Password,
    /// `sign_in = own_pages`: on pages of the application, which ask for consent too.
    OwnPages,
}

/// One server, as its declaration says.
#[derive(Debug)]
pub struct ServerSpec {
    /// The names of the declared scopes.
    pub scopes: Option<&'static [&'static str]>,
    /// What the client model can store.
    pub client: ClientCapabilities,
    /// What the token model can store.
    pub token: TokenCapabilities,
    /// The rules to keep.
    pub profile: Profile,
    /// Exceptions from them.
    pub relaxed: &'static [Relaxation],
    /// How people sign in.
    pub sign_in: SignInBy,
    /// What is done about the tables.
    pub schema: Schema,
    /// Whether rows that nobody can need again are deleted from time to time.
    pub purge: bool,
}

/// Whether two texts are equal, at compile time.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let ([x, rest_of_a @ ..], [y, rest_of_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    a.is_empty() && b.is_empty()
}
