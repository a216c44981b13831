//! M107: an endpoint that nothing of the server needs.

use super::NONE;
use crate::endpoint::Endpoint;
use crate::endpoint::authorization::AuthorizationEndpoint;
use crate::endpoint::consent::ConsentPage;
use crate::endpoint::sign_in::SignInPage;
use crate::model::Extent;
use crate::router::DeclaredServer;
use crate::spec::{SignInBy, same};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "`{S}` has no use for this endpoint",
    label = "no grant of this server starts here, or its pages are the application's own",
    note = "RFC 6749 section 3.1: the authorization endpoint is for grants that start in a browser",
    note = "remove it; `authorization` is for grants such as `authorization_code`, and `sign_in` and `consent` for `sign_in = password(..)`"
)]
pub trait EndpointInUse<S, const BROKEN: u8> {}

/// The first entry of `endpoints(..)` for a page of the browser that the server does not have.
#[must_use]
pub const fn violated<S: DeclaredServer>() -> usize {
    let browser = matches!(S::EXTENT, Extent::SignIn);
    let pages = browser && !matches!(S::SPEC.sign_in, SignInBy::OwnPages);
    let (mut rest, mut index) = (S::ENDPOINTS, 0);
    while let [mount, others @ ..] = rest {
        let page = same(mount.known_as, <SignInPage as Endpoint<S>>::PATH)
            || same(mount.known_as, <ConsentPage as Endpoint<S>>::PATH);
        let authorization = same(mount.known_as, <AuthorizationEndpoint as Endpoint<S>>::PATH);
        if page && !pages || authorization && !browser {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}
