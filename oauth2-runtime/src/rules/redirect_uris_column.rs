//! M052: a grant that answers by redirect, and a client model that has no redirect URIs.

use super::NONE;
use crate::spec::Facts;

/// The rule. `S` is the client model.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` sends its answer to a redirect URI, but client model `{S}` has none",
    label = "`{S}` has no `redirect_uris` field",
    note = "RFC 9700 section 2.1: redirect URIs are registered, and compared exactly",
    note = "add `redirect_uris: RedirectUris` to `{S}`, or remove `{G}` from `grants(..)`"
)]
pub trait RedirectUrisColumn<G, S, const BROKEN: u8> {}

/// The first grant that starts in a browser, when clients have no redirect URIs.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if facts.client.redirect_uris {
        return NONE;
    }
    first!(facts, grant => grant.response_type.is_some())
}
