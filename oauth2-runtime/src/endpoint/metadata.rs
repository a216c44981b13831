//! The metadata document (RFC 8414 section 3).

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};

use super::Endpoint;
use crate::grant::Dispatch;
use crate::http::json;
use crate::server::Ready;
use crate::types::{Issuer, ServerMetadata};

/// `GET /.well-known/oauth-authorization-server`.
#[derive(Debug)]
pub enum MetadataEndpoint {}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for MetadataEndpoint {
    const PATH: &'static str = "/.well-known/oauth-authorization-server";
    const METHODS: MethodFilter = MethodFilter::GET;

    /// Before the issuer's path, not after it (RFC 8414 section 3.1).
    fn path(issuer: &Issuer) -> String {
        format!("{}{}", <Self as Endpoint<S>>::PATH, issuer.path())
    }

    fn describe(_: &mut ServerMetadata, _: String) {}

    async fn call(server: Ready<S>, _: Request) -> Response {
        let mut response = json(StatusCode::OK, server.metadata());
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        response.headers_mut().remove(http::header::PRAGMA);
        response
    }
}
