//! M067: authorization codes that live longer than ten minutes.

use crate::spec::Facts;
use crate::types::GrantProperties;

/// What the warning is said of.
#[derive(Debug)]
pub enum Warning {}

impl Warning {
    /// The warning.
    #[deprecated(
        note = "the codes of this grant live longer than 10 minutes (RFC 6749 section 4.1.2); write `code_ttl = 60s`, or `allow(long_code_ttl, reason = \"..\")`"
    )]
    pub const fn declared() {}
}

/// Whether there is cause for it at `grant`.
pub(super) const fn given(facts: &Facts, grant: &GrantProperties) -> bool {
    !facts.relaxes("long_code_ttl") && matches!(grant.code_ttl, Some(ttl) if ttl.as_secs() > 600)
}
