//! M138: a grant that a client must be allowed by name, and a client model that cannot.

use super::NONE;
use crate::spec::Facts;
use crate::types::DefaultRight;

/// The rule. `S` is the client model.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` is for clients that are allowed it by name, but client model `{S}` cannot say so",
    label = "`{S}` has no `grant_types` field",
    note = "RFC 7591 section 2: `grant_types` is what a client may use",
    note = "add `grant_types: Option<GrantTypes>` to `{S}`, or remove `{G}` from `grants(..)`"
)]
pub trait GrantTypesColumn<G, S, const BROKEN: u8> {}

/// The first grant that nobody may use unless `grant_types` lists it, when clients do not have that.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if facts.client.grant_types {
        return NONE;
    }
    first!(facts, grant => matches!(grant.default_right, DefaultRight::Nobody))
}
