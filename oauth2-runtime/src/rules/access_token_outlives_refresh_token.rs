//! M069: access tokens that live longer than the refresh tokens beside them.

use super::NONE;
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "access tokens of grant `{G}` live longer than the refresh tokens that replace them",
    label = "a refresh token would be gone before it is needed",
    note = "RFC 6749 section 1.5: refresh tokens are for when the access token has expired",
    note = "make `access_token_ttl` of `{G}` no longer than `ttl` of the `#[grant(refresh_token)]`"
)]
pub trait AccessTokenOutlivesRefreshToken<G, S, const BROKEN: u8> {}

/// The first grant whose access tokens outlive the refresh tokens that come with them.
#[must_use]
pub const fn violated(facts: &Facts) -> usize {
    let Some(refresh) = shortest_refresh_token_ttl(facts) else { return NONE };
    first!(facts, grant => {
        (grant.issues_refresh_tokens || grant.redeems_refresh_tokens)
            && grant.access_token_ttl.as_secs() > refresh
    })
}

/// In seconds.
const fn shortest_refresh_token_ttl(facts: &Facts) -> Option<u64> {
    let (mut rest, mut shortest) = (facts.grants, None);
    while let [grant, others @ ..] = rest {
        if let Some(ttl) = grant.refresh_token_ttl {
            shortest = match shortest {
                Some(other) if other < ttl.as_secs() => Some(other),
                _ => Some(ttl.as_secs()),
            };
        }
        rest = others;
    }
    shortest
}
