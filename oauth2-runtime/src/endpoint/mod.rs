//! Endpoints: one a file, each with its path, its methods, what it adds to the metadata, and its answer.

pub mod authorization;
pub mod consent;
mod form;
pub mod introspection;
pub mod metadata;
pub mod revocation;
pub mod sign_in;
pub mod token;

pub use introspection::introspection;
pub use revocation::revocation;

use authorization::forward;
use form::{answer, to_its_end};

use std::future::Future;
use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::grant::Dispatch;
use crate::http::server_failed;
use crate::server::Ready;
use crate::types::{Issuer, ServerMetadata};

/// An endpoint of the server. List one of your own in `endpoints(..)` like a built-in one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    label = "not an endpoint",
    note = "implement `Endpoint<{S}>` for it"
)]
pub trait Endpoint<S: Dispatch>: 'static {
    /// Its path below the issuer's: plain, with a leading `/`, and no other endpoint's. `ready()` checks it.
    const PATH: &'static str;
    /// The HTTP methods it answers; others get 405.
    const METHODS: MethodFilter;

    /// Where it is mounted.
    #[must_use]
    fn path(issuer: &Issuer) -> String {
        format!("{}{}", issuer.path(), Self::PATH)
    }

    /// What it adds to the metadata document (RFC 8414); `url` is its address.
    fn describe(metadata: &mut ServerMetadata, url: String);

    /// Answers a request.
    fn call(server: Ready<S>, request: Request) -> impl Future<Output = Response> + Send;
}

/// One mounted endpoint.
#[derive(Debug)]
pub struct Mount<S: Dispatch> {
    pub(crate) plain_path: &'static str,
    pub(crate) methods: MethodFilter,
    pub(crate) path: fn(&Issuer) -> String,
    pub(crate) describe: fn(&mut ServerMetadata, String),
    pub(crate) call: fn(Ready<S>, Request) -> BoxFuture<'static, Response>,
}

impl<S: Dispatch> Mount<S> {
    /// The entry of the endpoint `E`.
    #[must_use]
    pub const fn of<E: Endpoint<S>>() -> Self {
        Self {
            plain_path: E::PATH,
            methods: E::METHODS,
            path: E::path,
            describe: E::describe,
            call: guarded::<S, E>,
        }
    }
}

impl<S: Dispatch> Clone for Mount<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Dispatch> Copy for Mount<S> {}

/// A panic ends one request, with an answer, and nothing else.
fn guarded<S: Dispatch, E: Endpoint<S>>(server: Ready<S>, request: Request) -> BoxFuture<'static, Response> {
    Box::pin(async move {
        let answer = AssertUnwindSafe(async { E::call(server.clone(), request).await }).catch_unwind().await;
        answer.unwrap_or_else(|_| server_failed(server.issuer()))
    })
}
