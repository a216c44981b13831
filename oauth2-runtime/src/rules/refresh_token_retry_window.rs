//! M088: refresh tokens that expire within the time in which a lost answer may be asked for again.

use super::NONE;
use crate::grant::refresh_token::RETRY_WINDOW;
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "refresh tokens of grant `{G}` live no longer than the retry window of 10 seconds",
    label = "the reuse of a stolen one would never be noticed",
    note = "RFC 9700 section 4.14.2: a refresh token that comes back must be told from a request that was sent twice",
    note = "write a longer `ttl`, such as `ttl = 30d`, on `{G}`"
)]
pub trait RefreshTokenRetryWindow<G, S, const BROKEN: u8> {}

/// The first grant whose refresh tokens are gone before their reuse counts as one.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    first!(facts, grant => matches!(grant.refresh_token_ttl, Some(ttl) if ttl.as_secs() <= RETRY_WINDOW.as_secs()))
}
