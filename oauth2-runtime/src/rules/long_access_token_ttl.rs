//! M069: access tokens that live longer than a day.

use crate::spec::Facts;
use crate::types::GrantProperties;

/// What the warning is said of.
#[derive(Debug)]
pub enum Warning {}

impl Warning {
    /// The warning.
    #[deprecated(
        note = "the access tokens of this grant live longer than a day, and whoever steals one has it for as long (RFC 9700 section 2.2.1); write `access_token_ttl = 1h`, or `allow(long_access_token_ttl, reason = \"..\")`"
    )]
    pub const fn declared() {}
}

/// Whether there is cause for it at `grant`.
pub(super) const fn given(facts: &Facts, grant: &GrantProperties) -> bool {
    !facts.relaxes("long_access_token_ttl") && grant.access_token_ttl.as_secs() > 86_400
}
