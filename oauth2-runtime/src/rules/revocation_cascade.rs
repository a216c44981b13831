//! The key `cascade` says what ends with a revoked token, so it is for the shipped revocation endpoint alone.

use super::NONE;
use crate::router::DeclaredServer;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "`cascade` is a key of `revocation` alone",
    label = "this endpoint ends no tokens, or its policy says which",
    note = "RFC 7009 section 2.1: what ends with a token is decided where tokens are revoked",
    note = "write `revocation(cascade = ..)`; a `RevocationPolicy` of your own decides it in `revoke_token`"
)]
pub trait RevocationCascade<S, const BROKEN: u8> {}

/// The first entry of `endpoints(..)` that has the key and is another endpoint.
#[must_use]
pub const fn violated<S: DeclaredServer>() -> usize {
    let (mut rest, mut index) = (S::ENDPOINTS, 0);
    while let [mount, others @ ..] = rest {
        if mount.misplaced_cascade {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}
