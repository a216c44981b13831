//! A grant offers a scope that the server does not declare.

use super::{NONE, contains};
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` offers a scope that `{S}` does not declare",
    label = "no client of this server can ever hold it",
    note = "RFC 6749 section 3.3",
    note = "name variants of the enum in `scopes = ..` in the `scopes(..)` and `default_scopes(..)` of `{G}`"
)]
pub trait GrantScopes<G, S, const BROKEN: u8> {}

/// The first grant with such a scope.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    let Some(declared) = facts.scopes else { return NONE };
    first!(facts, grant => !declares_all(declared, grant.scopes) || !declares_all(declared, grant.default_scopes))
}

const fn declares_all(declared: &[&str], offered: Option<&[&str]>) -> bool {
    let Some(mut rest) = offered else { return true };
    while let [name, others @ ..] = rest {
        if !contains(declared, name) {
            return false;
        }
        rest = others;
    }
    true
}
