//! A grant that redeems refresh tokens has default scopes. Known without a server: `#[grant]` emits the call, at the key.

use crate::types::GrantProperties;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "`{Self}` redeems refresh tokens, so it has no default scopes",
    label = "an omitted `scope` means what was granted before",
    note = "RFC 6749 section 6",
    note = "write `default_scopes(..)` on the grant that issues the refresh token"
)]
pub trait DefaultScopesAtRefresh<const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<G> DefaultScopesAtRefresh<true> for G {}

/// Whether the grant may have default scopes.
#[must_use]
pub const fn kept(grant: &GrantProperties) -> bool {
    !grant.redeems_refresh_tokens
}
