//! M020, M154: clients may leave PKCE out.

use super::NONE;
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` lets clients leave PKCE out",
    label = "a stolen code could be used by whoever stole it",
    note = "RFC 9700 section 2.1.1; OAuth 2.1 draft, section 4.1.1",
    note = "remove `pkce = false` from `{G}`, or write `allow(pkce, reason = \"..\")`"
)]
pub trait Pkce<G, S, const BROKEN: u8> {}

/// The first grant that does not require PKCE, when the profile does.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if !facts.requires("pkce") {
        return NONE;
    }
    first!(facts, grant => grant.code_ttl.is_some() && !grant.requires_pkce)
}
