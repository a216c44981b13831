//! What the generated router answers, for handlers of your own.

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;

use crate::endpoint::token::TokenEndpoint;
use crate::endpoint::{Endpoint, Mount};
use crate::http::method_not_allowed;
use crate::router::{DeclaredServer, mounts};
use crate::server::Ready;

impl<S: DeclaredServer> Ready<S> {
    /// Answers a token request (RFC 6749 section 3.2), as the route at the token endpoint does.
    pub async fn create_token_response(&self, request: Request) -> Response {
        self.create_endpoint_response::<TokenEndpoint>(request).await
    }

    /// Answers a request to the endpoint `E`, as its route does, with the `client_auth(..)` of its entry in `endpoints(..)`. A
    /// `layer` of the entry is around the route and not around this. The endpoint need not be listed there; it is then in no
    /// router and in no metadata document.
    ///
    /// ```no_run
    /// use axum::extract::{Request, State};
    /// use axum::response::Response;
    /// use oauth2_runtime::endpoint::revocation::RevocationEndpoint;
    /// use oauth2_runtime::prelude::*;
    ///
    /// async fn revoke<S: DeclaredServer>(State(auth): State<Ready<S>>, request: Request) -> Response {
    ///     auth.create_endpoint_response::<RevocationEndpoint>(request).await
    /// }
    /// ```
    pub async fn create_endpoint_response<E: Endpoint<S>>(&self, request: Request) -> Response {
        let listed = mounts::<S>().find(Mount::is_for::<E>);
        let mount = listed.unwrap_or(const { Mount::of::<E>() });
        let method = MethodFilter::try_from(request.method().clone());
        if !method.is_ok_and(|method| mount.methods.or(method) == mount.methods) {
            return method_not_allowed(&names(mount.methods));
        }
        mount.call(self.clone(), request).await
    }
}

/// The names of the methods, for the header `Allow`.
fn names(methods: MethodFilter) -> String {
    let named = [("GET", MethodFilter::GET), ("POST", MethodFilter::POST), ("PUT", MethodFilter::PUT)];
    let named = named.into_iter().chain([("DELETE", MethodFilter::DELETE), ("PATCH", MethodFilter::PATCH)]);
    let allowed: Vec<_> =
        named.filter(|(_, one)| methods.or(*one) == methods).map(|(name, _)| name).collect();
    allowed.join(", ")
}
