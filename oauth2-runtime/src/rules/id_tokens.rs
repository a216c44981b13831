//! M129: the scope `openid` is declared, and there are no ID tokens to answer it with.

use super::contains;
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "a scope of `{Self}` is called `openid`, but it issues no ID tokens",
    label = "a client that asks for it must be answered with an ID token",
    note = "OpenID Connect Core 1.0 section 3.1.3.3",
    note = "remove the scope: this framework has no OpenID Connect yet; to say who somebody is, give the scope another name"
)]
pub trait IdTokens<const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<S: ?Sized> IdTokens<true> for S {}

/// Whether the server does not declare it.
#[must_use]
pub const fn kept(facts: &Facts) -> bool {
    match facts.scopes {
        Some(scopes) => !contains(scopes, "openid"),
        None => true,
    }
}
