use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use tower::{Layer, Service};

use crate::server::{OAuth2Server, Ready};
use crate::types::Requirement;

/// A layer that lets a request pass with a live token that satisfies the requirement; from [`Ready::require`].
pub struct RequireLayer<S: OAuth2Server> {
    server: Ready<S>,
    requirement: Arc<Requirement<S::Scopes>>,
}

impl<S: OAuth2Server> Ready<S> {
    /// Protects whole routers: `Router::route_layer(auth.require(Access::Read))`. Handlers find the token as
    /// `axum::Extension<Bearer<Server>>`.
    pub fn require(&self, requirement: impl Into<Requirement<S::Scopes>>) -> RequireLayer<S> {
        RequireLayer { server: self.clone(), requirement: Arc::new(requirement.into()) }
    }
}

impl<S: OAuth2Server> Clone for RequireLayer<S> {
    fn clone(&self) -> Self {
        Self { server: self.server.clone(), requirement: Arc::clone(&self.requirement) }
    }
}

impl<S: OAuth2Server, Inner> Layer<Inner> for RequireLayer<S> {
    type Service = Require<S, Inner>;

    fn layer(&self, inner: Inner) -> Self::Service {
        Require { layer: self.clone(), inner }
    }
}

/// The service of a [`RequireLayer`].
pub struct Require<S: OAuth2Server, Inner> {
    layer: RequireLayer<S>,
    inner: Inner,
}

impl<S: OAuth2Server, Inner: Clone> Clone for Require<S, Inner> {
    fn clone(&self) -> Self {
        Self { layer: self.layer.clone(), inner: self.inner.clone() }
    }
}

impl<S, Inner> Service<Request> for Require<S, Inner>
where
    S: OAuth2Server,
    Inner: Service<Request, Response = Response> + Clone + Send + 'static,
    Inner::Future: Send,
{
    type Response = Response;
    type Error = Inner::Error;
    type Future = BoxFuture<'static, Result<Response, Inner::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The service that was polled ready serves; the clone waits for the next request.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let RequireLayer { server, requirement } = self.layer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match server.acquire(&parts, &requirement, |_| true).await {
                Ok(token) => {
                    parts.extensions.insert(token);
                    inner.call(Request::from_parts(parts, body)).await
                }
                Err(challenge) => Ok(challenge.into_response()),
            }
        })
    }
}
