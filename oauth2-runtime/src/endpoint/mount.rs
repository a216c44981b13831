use std::any::{TypeId, type_name};
use std::convert::Infallible;
use std::ops::Deref;
use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, Route};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::request::Parts;
use tower::{Layer, Service};

use super::{Caller, Endpoint};
use crate::client_auth::{ClientRequest, Method};
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::server_failed;
use crate::server::Ready;
use crate::types::{Issuer, ServerMetadata};

const METHODS: [(MethodFilter, &str); 9] = [
    (MethodFilter::CONNECT, "CONNECT"),
    (MethodFilter::DELETE, "DELETE"),
    (MethodFilter::GET, "GET"),
    (MethodFilter::HEAD, "HEAD"),
    (MethodFilter::OPTIONS, "OPTIONS"),
    (MethodFilter::PATCH, "PATCH"),
    (MethodFilter::POST, "POST"),
    (MethodFilter::PUT, "PUT"),
    (MethodFilter::TRACE, "TRACE"),
];

/// An entry of `endpoints(..)`: an endpoint, and what its keys say. The methods are the keys:
/// `endpoints(revocation(path = "/revoke", client_auth(client_secret_basic), layer = Limit::new(64)))`.
#[derive(Debug)]
pub struct Mount<S: Dispatch> {
    /// The usual path of the framework's endpoint it is, by which that is known; empty for one of the application's own.
    pub(crate) known_as: &'static str,
    pub(crate) path: &'static str,
    pub(crate) methods: MethodFilter,
    pub(crate) name: &'static str,
    pub(crate) caller: Caller,
    pub(crate) error_codes: &'static [ErrorCode],
    /// The name of the type that answers.
    pub(crate) answered_by: fn() -> &'static str,
    place: fn(&str, &Issuer) -> String,
    describe: fn(&Self, &mut ServerMetadata, String),
    call: fn(Mounted<S>, Request) -> BoxFuture<'static, Response>,
    endpoint: fn() -> TypeId,
    pub(crate) client_auth: Option<&'static [Method<S>]>,
    layer: Option<fn(MethodRouter) -> MethodRouter>,
    cascades: bool,
    /// Whether it has the key `cascade` without being the revocation endpoint.
    pub(crate) misplaced_cascade: bool,
}

impl<S: Dispatch> Mount<S> {
    /// The entry of the endpoint `E`, without any key.
    #[must_use]
    pub const fn of<E: Endpoint<S>>() -> Self {
        Self {
            known_as: E::BUILT_IN,
            path: E::PATH,
            methods: E::METHODS,
            name: E::NAME,
            caller: E::CALLER,
            error_codes: E::ERROR_CODES,
            answered_by: type_name::<E>,
            place: E::place,
            describe: E::describe,
            call: guarded::<S, E>,
            endpoint: TypeId::of::<E>,
            client_auth: None,
            layer: None,
            cascades: false,
            misplaced_cascade: false,
        }
    }

    /// The same entry, which takes the key `cascade`.
    pub(super) const fn cascading(self) -> Self {
        Self { cascades: true, ..self }
    }

    /// The same entry, answered by `E`, which is what `cascade` stands for.
    pub(super) const fn cascaded<E: Endpoint<S>>(self) -> Self {
        let (call, answered_by) = (guarded::<S, E>, type_name::<E>);
        Self { call, answered_by, misplaced_cascade: !self.cascades, ..self }
    }

    /// `path = "/revoke"`: its path below the issuer's, in place of the usual one.
    #[must_use]
    pub const fn path(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    /// `client_auth(client_secret_basic, ..)`: the client authentication methods of this endpoint, in place of the server's.
    #[must_use]
    pub const fn client_auth(self, methods: &'static [Method<S>]) -> Self {
        Self { client_auth: Some(methods), ..self }
    }

    /// `layer = ..`: a tower layer around this endpoint, for instance one that limits how many requests it answers at once.
    ///
    /// A CORS layer is for endpoints that scripts ask, such as `token`. The authorization endpoint must not support CORS (RFC 9700
    /// section 2.6): one that is written at `authorization`, `sign_in` or `consent` does not compile, and what another layer there
    /// says to scripts is removed from the answers, with one line in the log. [`serve`](crate::http::serve) also removes what a
    /// layer around a whole router adds to them.
    #[must_use]
    pub const fn layer(self, layer: fn(MethodRouter) -> MethodRouter) -> Self {
        Self { layer: Some(layer), ..self }
    }

    /// The client authentication methods of this endpoint.
    #[must_use]
    pub fn client_auth_methods(&self) -> &'static [Method<S>] {
        self.client_auth.unwrap_or(S::METHODS)
    }

    /// The HTTP methods it answers, in the order of the alphabet.
    pub(crate) fn method_names(&self) -> impl Iterator<Item = &'static str> {
        let methods = self.methods;
        METHODS.into_iter().filter(move |(method, _)| methods.or(*method) == methods).map(|(_, name)| name)
    }

    pub(crate) fn place(&self, issuer: &Issuer) -> String {
        (self.place)(self.path, issuer)
    }

    pub(crate) fn describe(&self, metadata: &mut ServerMetadata, url: String) {
        (self.describe)(self, metadata, url);
    }

    pub(crate) fn call(self, server: Ready<S>, request: Request) -> BoxFuture<'static, Response> {
        (self.call)(Mounted { server, mount: self }, request)
    }

    /// Whether it is the entry of the endpoint `E`, or of what stands in for it.
    pub(crate) fn is_for<E: Endpoint<S>>(&self) -> bool {
        if E::BUILT_IN.is_empty() {
            (self.endpoint)() == TypeId::of::<E>()
        } else {
            self.known_as == E::BUILT_IN
        }
    }

    /// Whether there is a layer around its route.
    pub(crate) const fn has_layer(&self) -> bool {
        self.layer.is_some()
    }

    pub(crate) fn layered(&self, route: MethodRouter) -> MethodRouter {
        match self.layer {
            Some(layer) => layer(route),
            None => route,
        }
    }
}

impl<S: Dispatch> Clone for Mount<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Dispatch> Copy for Mount<S> {}

/// An endpoint of a running server, which it dereferences to.
#[derive(Debug)]
pub struct Mounted<S: Dispatch> {
    server: Ready<S>,
    mount: Mount<S>,
}

impl<S: Dispatch> Mounted<S> {
    /// The server.
    #[must_use]
    pub const fn server(&self) -> &Ready<S> {
        &self.server
    }

    /// Establishes which client sent the request, by one of the endpoint's methods. One database statement.
    ///
    /// # Errors
    ///
    /// `invalid_client` (RFC 6749 section 5.2).
    pub async fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        form: &'a Form,
    ) -> Result<ClientRequest<'a, S>, OAuthError> {
        ClientRequest::authenticate(&self.server, self.mount.client_auth_methods(), parts, form).await
    }
}

impl<S: Dispatch> Clone for Mounted<S> {
    fn clone(&self) -> Self {
        Self { server: self.server.clone(), mount: self.mount }
    }
}

impl<S: Dispatch> Deref for Mounted<S> {
    type Target = Ready<S>;

    fn deref(&self) -> &Ready<S> {
        &self.server
    }
}

/// A panic ends one request, with an answer, and nothing else.
fn guarded<S: Dispatch, E: Endpoint<S>>(at: Mounted<S>, request: Request) -> BoxFuture<'static, Response> {
    Box::pin(async move {
        let answer = AssertUnwindSafe(async { E::call(at, request).await }).catch_unwind().await;
        answer.unwrap_or_else(|_| server_failed())
    })
}

/// Puts a layer around a route: the value of `layer = ..`.
#[doc(hidden)]
pub fn layered<L: RouteLayer>(route: MethodRouter, layer: L) -> MethodRouter {
    layer.around(route)
}

/// A tower layer that fits around an endpoint: every one whose service answers requests and does not fail.
#[diagnostic::on_unimplemented(
    message = "this is not a layer for an endpoint",
    label = "expected a `tower::Layer`",
    note = "write one such as `tower::limit::GlobalConcurrencyLimitLayer::new(64)`; its service answers every request"
)]
#[doc(hidden)]
pub trait RouteLayer {
    /// The route inside of it.
    fn around(self, route: MethodRouter) -> MethodRouter;
}

#[diagnostic::do_not_recommend]
impl<L> RouteLayer for L
where
    L: Layer<Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    fn around(self, route: MethodRouter) -> MethodRouter {
        route.layer(self)
    }
}
