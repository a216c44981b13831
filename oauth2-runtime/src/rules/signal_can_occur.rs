//! M149: a handler for something that can never happen on this server.

use super::NONE;
use crate::spec::{Facts, same};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "no grant of `{Self}` can send this signal",
    label = "this handler would never be called",
    note = "`code_replayed` comes from `authorization_code` grants, `refresh_token_reused` from `refresh_token` grants, and \
            `consent_granted` and `consent_denied` from grants that start in a browser",
    note = "remove it from `signals(..)`, or add such a grant to `grants(..)`"
)]
pub trait SignalCanOccur<const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<S: ?Sized> SignalCanOccur<true> for S {}

/// Whether a server with these grants can send `signal`.
#[must_use]
pub const fn kept(facts: &Facts, signal: &str) -> bool {
    if same(signal, "code_replayed") {
        first!(facts, grant => grant.code_ttl.is_some()) != NONE
    } else if same(signal, "refresh_token_reused") {
        first!(facts, grant => grant.redeems_refresh_tokens) != NONE
    } else if same(signal, "consent_granted") || same(signal, "consent_denied") {
        first!(facts, grant => grant.response_type.is_some()) != NONE
    } else {
        true
    }
}
