//! M010: refresh tokens can be redeemed but nothing issues them.

use super::{NONE, issues, redeems};
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` redeems refresh tokens, but no grant of `{S}` issues them",
    label = "nobody can ever have a refresh token",
    note = "RFC 6749 section 6",
    note = "add `refresh_token` to the `#[grant(..)]` of a grant in `grants(..)`, or remove `{G}`"
)]
pub trait RefreshTokensIssued<G, S, const BROKEN: u8> {}

/// The grant that redeems, when none issues.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if issues(facts) == NONE { redeems(facts) } else { NONE }
}
