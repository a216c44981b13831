//! M019: public clients may leave PKCE out.

use super::NONE;
use crate::spec::{ClientAuthFacts, Facts};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` lets public clients leave PKCE out",
    label = "whoever steals a code of a public client could redeem it",
    note = "RFC 9700 section 2.1.1: public clients must use PKCE",
    note = "remove `pkce = false` from `{G}`, remove `none` from the `client_auth(..)` of the token endpoint, or write `allow(pkce_of_public_clients, reason = \"..\")`"
)]
pub trait PkceOfPublicClients<G, S, const BROKEN: u8> {}

/// The first grant that does not require PKCE, when public clients are accepted and the profile forbids it.
#[must_use]
pub const fn violated(facts: &Facts, clients: ClientAuthFacts) -> usize {
    // With `pkce` the same mistake is one of all clients.
    if facts.requires("pkce") || !facts.requires("pkce_of_public_clients") || !clients.public {
        return NONE;
    }
    first!(facts, grant => grant.code_ttl.is_some() && !grant.requires_pkce)
}
