//! M004: two grants answer the same `grant_type`.

use super::NONE;
use crate::spec::{Facts, same};

/// The rule. `S` is the grant listed before `G`.
#[diagnostic::on_unimplemented(
    message = "grants `{S}` and `{G}` answer the same `grant_type`",
    label = "this grant can never be selected",
    note = "the token endpoint selects a grant by `grant_type` alone (RFC 6749 section 4.5)",
    note = "remove one of the two from `grants(..)` and say in the other what both are to do, or give `{G}` a grant type of its own with `#[grant(extension = \"urn:..\")]`"
)]
pub trait DistinctGrantTypes<G, S, const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, G, S> DistinctGrantTypes<G, S, true> for T {}

/// The first pair with one grant type, counted as the pairs are called: every grant with each later one.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    let (mut rest, mut pair) = (facts.grants, 0);
    while let [grant, later @ ..] = rest {
        let mut others = later;
        while let [other, more @ ..] = others {
            if same(grant.grant_type, other.grant_type) {
                return pair;
            }
            others = more;
            pair += 1;
        }
        rest = later;
    }
    NONE
}
