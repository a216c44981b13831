//! M009: a password grant, and nobody who checks passwords.

use super::{NONE, is_legacy};
use crate::spec::{Facts, SignInBy};
use crate::types::Legacy;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` takes passwords, but `{S}` does not say who checks them",
    label = "no password could ever be right",
    note = "RFC 6749 section 4.3.2: the server validates the credentials of the resource owner",
    note = "write `sign_in = password(function)` in `#[oauth2_server(..)]`, or remove `{G}`"
)]
pub trait PasswordsChecked<G, S, const BROKEN: u8> {}

/// The first password grant, when the server has no function for passwords.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if matches!(facts.sign_in, SignInBy::Password) {
        return NONE;
    }
    first!(facts, grant => is_legacy(grant, Legacy::Password))
}
