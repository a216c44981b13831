//! M104: two endpoints are at one path.

use super::NONE;
use crate::endpoint::Mount;
use crate::router::{DeclaredServer, implied};
use crate::spec::same;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "two endpoints of `{S}` are at one path",
    label = "another endpoint is at the path of this one",
    note = "RFC 8414 section 2: each endpoint has an address of its own",
    note = "write `path = \"..\"` for one of them, or remove one"
)]
pub trait DistinctPaths<S, const BROKEN: u8> {}

/// The first entry of `endpoints(..)` whose path is that of an earlier one, or of an endpoint that has no entry.
#[must_use]
pub const fn violated<S: DeclaredServer>() -> usize {
    let (endpoints, mut rest, mut index) = (S::ENDPOINTS, S::ENDPOINTS, 0);
    while let [mount, others @ ..] = rest {
        if is_before(mount, endpoints, index) || is_implied(mount) {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}

const fn is_before<S: DeclaredServer>(mount: &Mount<S>, endpoints: &[Mount<S>], mut count: usize) -> bool {
    let mut rest = endpoints;
    while let ([other, others @ ..], 1..) = (rest, count) {
        if same(other.path, mount.path) {
            return true;
        }
        rest = others;
        count -= 1;
    }
    false
}

/// Whether an endpoint that has no entry of its own is there.
const fn is_implied<S: DeclaredServer>(mount: &Mount<S>) -> bool {
    let implied = implied::<S>();
    let mut rest = implied.as_slice();
    while let [other, others @ ..] = rest {
        if let Some(other) = other
            && same(other.path, mount.path)
            && !has_entry(other, S::ENDPOINTS)
        {
            return true;
        }
        rest = others;
    }
    false
}

const fn has_entry<S: DeclaredServer>(mount: &Mount<S>, endpoints: &[Mount<S>]) -> bool {
    let mut rest = endpoints;
    while let [other, others @ ..] = rest {
        if same(other.known_as, mount.known_as) {
            return true;
        }
        rest = others;
    }
    false
}
