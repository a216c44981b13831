//! M007: the implicit grant under a profile that has left it out; a warning under one that still has it.

use super::{NONE, is_legacy};
use crate::spec::Facts;
use crate::types::{GrantProperties, Legacy};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` is the implicit grant, which this profile has left out",
    label = "tokens would end up in the URLs of browsers",
    note = "RFC 9700 section 2.1.2; OAuth 2.1 draft, section 10",
    note = "use `authorization_code`, which works without a client secret; or write `allow(implicit_grant, reason = \"..\")`"
)]
pub trait ImplicitGrant<G, S, const BROKEN: u8> {}

/// The first such grant, when the profile has none.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if !facts.requires("implicit_grant") {
        return NONE;
    }
    first!(facts, grant => is_legacy(grant, Legacy::Implicit))
}

/// What the warning is said of.
#[derive(Debug)]
pub enum Warning {}

impl Warning {
    /// The warning under a profile that still has the grant.
    #[deprecated(note = "the implicit grant puts tokens into URLs, where others read them (RFC 9700 section 2.1.2); use `authorization_code`, or write `allow(implicit_grant, reason = \"..\")`")]
    pub const fn declared() {}
}

/// Whether there is cause for it at `grant`.
pub(super) const fn given(facts: &Facts, grant: &GrantProperties) -> bool {
    !facts.profile.has("implicit_grant") && !facts.relaxes("implicit_grant") && is_legacy(grant, Legacy::Implicit)
}
