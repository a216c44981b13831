use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use tower::{Layer, Service};

use super::{ResourceProtector, TokenValidator};
use crate::types::Requirement;

/// A layer that lets a request pass with a live token that satisfies the requirement; from
/// [`ResourceProtector::require`].
pub struct ProtectLayer<V: TokenValidator> {
    protector: ResourceProtector<V>,
    requirement: Arc<Requirement<V::Scopes>>,
}

impl<V: TokenValidator> ProtectLayer<V> {
    pub(super) fn new(protector: ResourceProtector<V>, requirement: Requirement<V::Scopes>) -> Self {
        Self { protector, requirement: Arc::new(requirement) }
    }
}

impl<V: TokenValidator> Clone for ProtectLayer<V> {
    fn clone(&self) -> Self {
        Self { protector: self.protector.clone(), requirement: Arc::clone(&self.requirement) }
    }
}

impl<V: TokenValidator, Inner> Layer<Inner> for ProtectLayer<V> {
    type Service = Protect<V, Inner>;

    fn layer(&self, inner: Inner) -> Self::Service {
        Protect { layer: self.clone(), inner }
    }
}

/// The service of a [`ProtectLayer`].
pub struct Protect<V: TokenValidator, Inner> {
    layer: ProtectLayer<V>,
    inner: Inner,
}

impl<V: TokenValidator, Inner: Clone> Clone for Protect<V, Inner> {
    fn clone(&self) -> Self {
        Self { layer: self.layer.clone(), inner: self.inner.clone() }
    }
}

impl<V, Inner> Service<Request> for Protect<V, Inner>
where
    V: TokenValidator,
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
        let ProtectLayer { protector, requirement } = self.layer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match protector.acquire(&parts, &requirement, |_| true).await {
                Ok(token) => {
                    protector.hand_on(&mut parts, token);
                    inner.call(Request::from_parts(parts, body)).await
                }
                Err(challenge) => Ok(challenge.into_response()),
            }
        })
    }
}
