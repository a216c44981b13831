//! What the generated router answers, for handlers of your own.

use axum::extract::Request;
use axum::response::Response;
use http::Method;

use crate::endpoint::token::TokenEndpoint;
use crate::endpoint::{Endpoint, Mount};
use crate::http::method_not_allowed;
use crate::router::{DeclaredServer, is_for_browsers, mounts};
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
        let method = request.method();
        if !mount.method_names().any(|name| name == method || (name == "GET" && method == Method::HEAD)) {
            return method_not_allowed(&allowed(&mount));
        }
        mount.call(self.clone(), request).await
    }
}

/// The methods that an endpoint answers, for the header `Allow`. What answers GET answers HEAD too (RFC 9110 section 9.3.2), but
/// for the endpoints of browsers, where a GET may issue a code.
pub(crate) fn allowed<S: DeclaredServer>(mount: &Mount<S>) -> String {
    let mut names: Vec<_> = mount.method_names().collect();
    let get = names.iter().position(|name| *name == "GET");
    if let Some(get) = get.filter(|_| !names.contains(&"HEAD") && !is_for_browsers(mount)) {
        names.insert(get + 1, "HEAD");
    }
    names.join(", ")
}
