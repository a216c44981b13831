//! A grant has a default scope that it cannot grant. Known without a server: `#[grant]` emits the call, at the scope.

use super::contains;
use crate::types::GrantProperties;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "a default scope of `{Self}` is not among its `scopes(..)`",
    label = "this grant can never give it",
    note = "RFC 6749 section 3.3",
    note = "add it to `scopes(..)`, or remove it from `default_scopes(..)`"
)]
pub trait DefaultScopes<const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<G> DefaultScopes<true> for G {}

/// Whether the grant can give its default scope of this index.
#[must_use]
pub const fn kept(grant: &GrantProperties, index: usize) -> bool {
    let (Some(mut rest), Some(offered)) = (grant.default_scopes, grant.scopes) else { return true };
    let mut position = 0;
    while let [name, others @ ..] = rest {
        if position == index {
            return contains(offered, name);
        }
        rest = others;
        position += 1;
    }
    true
}
