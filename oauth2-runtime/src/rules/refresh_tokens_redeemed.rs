//! M011: refresh tokens are issued but no grant redeems them.

use super::{NONE, issues, redeems};
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` issues refresh tokens, but no grant of `{S}` answers `grant_type=refresh_token`",
    label = "its refresh tokens could never be redeemed",
    note = "RFC 6749 section 6",
    note = "add a struct with `#[grant(refresh_token)]` to `grants(..)`, or remove `refresh_token` from `{G}`"
)]
pub trait RefreshTokensRedeemed<G, S, const BROKEN: u8> {}

/// The first grant that issues, when none redeems.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if redeems(facts) == NONE { issues(facts) } else { NONE }
}
