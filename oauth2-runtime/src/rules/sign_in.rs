//! M063: people are to sign in, and there is no way to.

use super::NONE;
use crate::spec::{Facts, SignInBy};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` needs people to sign in, but `{S}` does not say how",
    label = "nobody could ever get past the sign-in page",
    note = "RFC 6749 section 3.1: the authorization endpoint must first verify who the person is",
    note = "write `sign_in = password(function)` in `#[oauth2_server(..)]`, or `sign_in = own_pages`, or remove `{G}`"
)]
pub trait SignIn<G, S, const BROKEN: u8> {}

/// The first grant that starts at the authorization endpoint, when the server has no `sign_in`.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if !matches!(facts.sign_in, SignInBy::Nothing) {
        return NONE;
    }
    first!(facts, grant => grant.response_type.is_some())
}
