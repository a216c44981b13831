//! Keys of endpoints that nothing would ever look at.

use super::Finding;
use crate::endpoint::Endpoint;
use crate::endpoint::authorization::AuthorizationEndpoint;
use crate::endpoint::consent::ConsentPage;
use crate::endpoint::metadata::MetadataEndpoint;
use crate::endpoint::sign_in::SignInPage;
use crate::router::{DeclaredServer, is_own_page, mounts};

pub(super) fn check<S: DeclaredServer>() -> Vec<Finding> {
    let for_nobody = [
        ("authorization", <AuthorizationEndpoint as Endpoint<S>>::PATH),
        ("sign_in", <SignInPage as Endpoint<S>>::PATH),
        ("consent", <ConsentPage as Endpoint<S>>::PATH),
        ("metadata", <MetadataEndpoint as Endpoint<S>>::PATH),
    ];
    let keyed =
        |known_as| mounts::<S>().any(|mount| mount.known_as == known_as && mount.client_auth.is_some());
    let keyed = for_nobody.into_iter().filter(|(_, known_as)| keyed(*known_as));
    let mut findings: Vec<_> = keyed
        .map(|(name, _)| {
            Finding::error(format!(
                "`{name}(client_auth(..))` in `endpoints(..)`: no client authenticates there; remove the key"
            ))
        })
        .collect();
    if mounts::<S>().any(|mount| is_own_page(&mount) && mount.has_layer()) {
        findings.push(Finding::error(
            "`authorization(..)` in `endpoints(..)` has `layer`, but with `sign_in = own_pages` its route is \
             yours: put the layer around the `MethodRouter` of `authorization_page`",
        ));
    }
    findings
}
