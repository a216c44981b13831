//! M089: refresh tokens that live longer than a year.

use crate::spec::Facts;
use crate::types::GrantProperties;

/// What the warning is said of.
#[derive(Debug)]
pub enum Warning {}

impl Warning {
    /// The warning.
    #[deprecated(
        note = "the refresh tokens of this grant live longer than a year without being used (RFC 9700 section 4.14.2); write `ttl = 30d`, or `allow(long_refresh_token_ttl, reason = \"..\")`"
    )]
    pub const fn declared() {}
}

/// Whether there is cause for it at `grant`.
pub(super) const fn given(facts: &Facts, grant: &GrantProperties) -> bool {
    !facts.relaxes("long_refresh_token_ttl")
        && matches!(grant.refresh_token_ttl, Some(ttl) if ttl.as_secs() > 366 * 86_400)
}
