//! M086: refresh tokens rotate, but the token model cannot tell which tokens belong together, so that reuse of an old
//! one could not end them.

use super::{NONE, handles_refresh_tokens};
use crate::spec::Facts;

/// The rule. `S` is the token model.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` needs token families, but token model `{S}` does not record them",
    label = "`{S}` has no `grant_id` field",
    note = "RFC 9700 section 4.14.2: when a refresh token is used twice, all tokens of its authorization must end",
    note = "add `grant_id: GrantId` to `{S}`, or remove `{G}` from `grants(..)`"
)]
pub trait GrantIdColumn<G, S, const BROKEN: u8> {}

/// The first grant that needs the column, when the model lacks it.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if facts.token.grant_ids || !facts.token.refresh_tokens {
        return NONE;
    }
    handles_refresh_tokens(facts)
}
