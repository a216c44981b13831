//! The metadata document (RFC 8414 section 3).

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};

use super::{Caller, Endpoint, Mount, Mounted};
use crate::grant::Dispatch;
use crate::http::json;
use crate::types::{Issuer, ServerMetadata};

/// `GET /.well-known/oauth-authorization-server`.
#[derive(Debug)]
pub enum MetadataEndpoint {}

/// The entry of `endpoints(metadata(..))`, which is needed for its keys only: every server has this endpoint.
#[must_use]
pub const fn metadata<S: Dispatch>() -> Mount<S> {
    Mount::of::<MetadataEndpoint>()
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for MetadataEndpoint {
    const PATH: &'static str = "/.well-known/oauth-authorization-server";
    const BUILT_IN: &'static str = <Self as Endpoint<S>>::PATH;
    const NAME: &'static str = "metadata";
    const CALLER: Caller = Caller::Anybody;
    const METHODS: MethodFilter = MethodFilter::GET;

    /// Before the issuer's path, not after it (RFC 8414 section 3.1).
    fn place(path: &str, issuer: &Issuer) -> String {
        format!("{path}{}", issuer.path())
    }

    fn describe(_: &Mount<S>, _: &mut ServerMetadata, _: String) {}

    async fn call(at: Mounted<S>, _: Request) -> Response {
        let mut response = json(StatusCode::OK, at.metadata());
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        response.headers_mut().remove(http::header::PRAGMA);
        response
    }
}
