//! M007: the implicit grant under a profile that has left it out.

use super::{NONE, first_legacy};
use crate::spec::{Facts, Profile};
use crate::types::Legacy;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` is the implicit grant, which OAuth 2.1 has left out",
    label = "tokens would end up in the URLs of browsers",
    note = "RFC 9700 section 2.1.2; OAuth 2.1 draft, section 10",
    note = "use `authorization_code`, which works without a client secret; to serve old clients write `profile = \"rfc6749\"`"
)]
pub trait ImplicitGrant<G, S, const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, G, S> ImplicitGrant<G, S, true> for T {}

/// The first such grant, when the profile has none.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    if !matches!(facts.profile, Profile::OAuth21) {
        return NONE;
    }
    first_legacy(facts, Legacy::Implicit)
}
