//! M085: refresh tokens of public clients are neither rotated nor bound to their sender.

use super::NONE;
use crate::spec::{Facts, Profile};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "grant `{G}` does not rotate refresh tokens, but `client_auth(..)` admits public clients",
    label = "a stolen refresh token would never be noticed",
    note = "RFC 9700 section 2.2.2; OAuth 2.1 draft, section 4.3.1",
    note = "remove `rotate = false` from `{G}`, remove `none` from `client_auth(..)`, or write `allow(refresh_token_rotation, reason = \"..\")`"
)]
pub trait RefreshTokenRotation<G, S, const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, G, S> RefreshTokenRotation<G, S, true> for T {}

/// The first grant that keeps refresh tokens, when public clients are accepted and the profile forbids it.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    let kept = matches!(facts.profile, Profile::OAuth21) && facts.keeps("refresh_token_rotation");
    if !kept || !facts.public_clients {
        return NONE;
    }
    let (mut rest, mut index) = (facts.grants, 0);
    while let [grant, others @ ..] = rest {
        if grant.redeems_refresh_tokens && !grant.rotates_refresh_tokens {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}
