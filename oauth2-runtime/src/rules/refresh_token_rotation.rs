//! M085: refresh tokens of public clients are neither rotated nor bound to their sender.

use super::NONE;
use crate::spec::{ClientAuthFacts, Facts};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` does not rotate refresh tokens, but `client_auth(..)` admits public clients",
    label = "a stolen refresh token would never be noticed",
    note = "RFC 9700 section 2.2.2; OAuth 2.1 draft, section 4.3.1",
    note = "remove `rotate = false` from `{G}`, remove `none` from the `client_auth(..)` of the token endpoint, or write `allow(refresh_token_rotation, reason = \"..\")`"
)]
pub trait RefreshTokenRotation<G, S, const BROKEN: u8> {}

/// The first grant that keeps refresh tokens, when public clients are accepted and the profile forbids it.
#[must_use]
pub const fn violated(facts: &Facts, clients: ClientAuthFacts) -> usize {
    if !facts.requires("refresh_token_rotation") || !clients.public {
        return NONE;
    }
    first!(facts, grant => grant.redeems_refresh_tokens && !grant.rotates_refresh_tokens)
}
