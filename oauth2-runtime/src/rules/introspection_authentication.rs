//! M112: introspection would answer anyone.

use super::NONE;
use crate::endpoint::Endpoint;
use crate::endpoint::introspection::IntrospectionEndpoint;
use crate::router::DeclaredServer;
use crate::spec::{ClientAuthFacts, same};

/// The rule.
#[diagnostic::on_unimplemented(
    message = "the introspection endpoint of `{S}` would answer anyone who names a client",
    label = "no method here proves who is asking",
    note = "RFC 7662 section 2.1: the endpoint must require authorization, or tokens could be guessed there",
    note = "add `client_secret_basic` to `client_auth(..)`, or to `introspection(client_auth(..))`, or remove `introspection`"
)]
pub trait IntrospectionAuthentication<S, const BROKEN: u8> {}

/// The entry of the introspection endpoint, when none of its methods authenticates a client.
#[must_use]
pub const fn violated<S: DeclaredServer>() -> usize {
    let (mut rest, mut index) = (S::ENDPOINTS, 0);
    while let [mount, others @ ..] = rest {
        let methods = match mount.client_auth {
            Some(methods) => methods,
            None => S::METHODS,
        };
        if same(mount.known_as, <IntrospectionEndpoint as Endpoint<S>>::BUILT_IN)
            && !ClientAuthFacts::by(methods).confidential
        {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}
