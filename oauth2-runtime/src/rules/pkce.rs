//! M019, M020: clients may leave PKCE out.

use super::NONE;
use crate::spec::{Facts, Profile};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` lets clients leave PKCE out",
    label = "a stolen code could be used by whoever stole it",
    note = "RFC 9700 section 2.1.1; OAuth 2.1 draft, section 4.1.1",
    note = "remove `pkce = false` from `{G}`, or write `allow(pkce, reason = \"..\")`"
)]
pub trait Pkce<G, S, const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, G, S> Pkce<G, S, true> for T {}

/// The first grant that does not require PKCE, when the profile does.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if !matches!(facts.profile, Profile::OAuth21) || !facts.keeps("pkce") {
        return NONE;
    }
    let (mut rest, mut index) = (facts.grants, 0);
    while let [grant, others @ ..] = rest {
        if grant.code_ttl.is_some() && !grant.requires_pkce {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}
