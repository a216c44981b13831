//! M113: refresh tokens, and nowhere to give one back.

use crate::endpoint::Endpoint;
use crate::endpoint::revocation::RevocationEndpoint;
use crate::router::DeclaredServer;
use crate::spec::{Facts, same};
use crate::types::GrantProperties;

/// What the warning is said of.
#[derive(Debug)]
pub enum Warning {}

impl Warning {
    /// The warning.
    #[deprecated(
        note = "clients of this grant cannot give their refresh tokens back when a person signs out (RFC 7009 section 1); write \
                `endpoints(revocation)`, or `allow(no_revocation_endpoint, reason = \"..\")`"
    )]
    pub const fn declared() {}
}

/// Whether there is cause for it at `grant`.
pub(super) const fn given<S: DeclaredServer>(facts: &Facts, grant: &GrantProperties) -> bool {
    if facts.relaxes("no_revocation_endpoint") || !grant.redeems_refresh_tokens {
        return false;
    }
    let mut rest = S::ENDPOINTS;
    while let [mount, others @ ..] = rest {
        if same(mount.known_as, <RevocationEndpoint as Endpoint<S>>::BUILT_IN) {
            return false;
        }
        rest = others;
    }
    true
}
