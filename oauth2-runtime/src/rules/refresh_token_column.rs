//! M138: the token model has no column for the refresh tokens that a grant needs.

use super::{NONE, handles_refresh_tokens};
use crate::spec::Facts;

/// The rule. `S` is the token model.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` needs refresh tokens, but token model `{S}` cannot store them",
    label = "`{S}` has no `refresh_token` field",
    note = "RFC 6749 section 6",
    note = "add `refresh_token: Option<Digest<RefreshToken>>` to `{S}`, or remove `{G}` from `grants(..)`"
)]
pub trait RefreshTokenColumn<G, S, const BROKEN: u8> {}

/// The first grant that needs the column, when the model lacks it.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if facts.token.refresh_tokens { NONE } else { handles_refresh_tokens(facts) }
}
