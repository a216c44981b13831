//! Endpoints: one a file, each with its path, its methods, what it adds to the metadata, and its answer.

pub mod authorization;
mod chain;
mod client;
pub mod consent;
mod form;
pub mod introspection;
mod lookup;
pub mod metadata;
mod mount;
pub mod revocation;
pub mod sign_in;
pub mod token;

pub use authorization::authorization;
pub use chain::{Chain, Link};
pub use client::ClientEndpoint;
pub use consent::consent;
pub use introspection::introspection;
pub use lookup::PresentedToken;
pub use metadata::metadata;
#[doc(hidden)]
pub use mount::RouteLayer;
pub use mount::{Mount, Mounted, layered};
pub use revocation::{Cascade, RevocationPolicy, revocation};
pub use sign_in::sign_in;
pub use token::token;

use authorization::forward;
use form::{answer, to_its_end};
use lookup::Presented;

use std::future::Future;

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;

use crate::error::ErrorCode;
use crate::grant::Dispatch;
use crate::types::{Issuer, ServerMetadata};

/// Who sends requests to an endpoint, and so which of its client authentication methods count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caller {
    /// Browsers, or whoever likes: no client authenticates there.
    Anybody,
    /// Clients, by each of the methods, public ones included if there is `none`.
    AnyClient,
    /// Clients that prove who they are: `none` does not count.
    ConfidentialClient,
}

/// An endpoint of the server. List one of your own in `endpoints(..)` like a built-in one.
///
/// One for clients answers with [`Mounted::answer_client`]; see [`ClientEndpoint`] for an example.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    label = "not an endpoint",
    note = "implement `Endpoint<{S}>` for it"
)]
pub trait Endpoint<S: Dispatch>: 'static {
    /// Its path below the issuer's: plain, with a leading `/`, and no other endpoint's. The key `path` of the entry in
    /// `endpoints(..)` replaces it.
    const PATH: &'static str;
    /// The HTTP methods it answers; others get 405. `POST` if nothing else is said (RFC 6749 section 3.2).
    const METHODS: MethodFilter = MethodFilter::POST;

    /// What the manifest calls it; empty for the name of its type.
    const NAME: &'static str = "";
    /// Who sends it requests.
    const CALLER: Caller = Caller::AnyClient;
    /// The error codes it answers with, as the manifest lists them. Steps of extensions may add others.
    const ERROR_CODES: &'static [ErrorCode] = &[];

    /// Which endpoint of the framework it is, or stands for as the end of a [`Chain`]; none for one of your own.
    #[doc(hidden)]
    const BUILT_IN: &'static str = "";

    /// Where it is mounted, when its path is `path`.
    #[must_use]
    fn place(path: &str, issuer: &Issuer) -> String {
        format!("{}{path}", issuer.path())
    }

    /// What it adds to the metadata document (RFC 8414); `url` is its address.
    fn describe(at: &Mount<S>, metadata: &mut ServerMetadata, url: String);

    /// Answers a request.
    fn call(at: Mounted<S>, request: Request) -> impl Future<Output = Response> + Send;
}
