//! M035: a grant for clients that prove who they are, and no way to prove it.

use super::NONE;
use crate::spec::{ClientAuthFacts, Facts};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` is for confidential clients, but no method of `client_auth(..)` authenticates one",
    label = "no client could ever use this grant",
    note = "RFC 6749 section 4.4: the client credentials grant is for confidential clients only",
    note = "add `client_secret_basic` to the `client_auth(..)` of the token endpoint, or remove `{G}` from `grants(..)`"
)]
pub trait ConfidentialClients<G, S, const BROKEN: u8> {}

/// The first grant for confidential clients, when the token endpoint knows none.
#[must_use]
pub const fn violated(facts: &Facts, clients: ClientAuthFacts) -> usize {
    if clients.confidential {
        return NONE;
    }
    first!(facts, grant => grant.confidential_only)
}
