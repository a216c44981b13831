//! M008: the password grant under a profile that has left it out; a warning under one that still has it.

use super::{NONE, is_legacy};
use crate::spec::Facts;
use crate::types::{GrantProperties, Legacy};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` is the resource owner password credentials grant, which this profile has left out",
    label = "people would tell their password to an application",
    note = "RFC 9700 section 2.4; OAuth 2.1 draft, section 10",
    note = "use `authorization_code`, with which people sign in at your server; or write `allow(password_grant, reason = \"..\")`"
)]
pub trait PasswordGrant<G, S, const BROKEN: u8> {}

/// The first such grant, when the profile has none.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if !facts.requires("password_grant") {
        return NONE;
    }
    first!(facts, grant => is_legacy(grant, Legacy::Password))
}

/// What the warning is said of.
#[derive(Debug)]
pub enum Warning {}

impl Warning {
    /// The warning under a profile that still has the grant.
    #[deprecated(note = "with the password grant people tell their password to an application (RFC 9700 section 2.4); use `authorization_code`, or write `allow(password_grant, reason = \"..\")`")]
    pub const fn declared() {}
}

/// Whether there is cause for it at `grant`.
pub(super) const fn given(facts: &Facts, grant: &GrantProperties) -> bool {
    !facts.profile.has("password_grant") && !facts.relaxes("password_grant") && is_legacy(grant, Legacy::Password)
}
