//! The token endpoint (RFC 6749 section 3.2).

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::StatusCode;
use tracing::Instrument;

use super::Endpoint;
use crate::client_auth::{Unauthenticated, authenticate};
use crate::error::{Error, OAuthError};
use crate::form::Form;
use crate::grant::{Dispatch, GrantContext, unsupported};
use crate::http::{error, json, read_form};
use crate::model::OAuth2Client;
use crate::server::Ready;
use crate::types::{ServerMetadata, TokenResponse};

/// `POST /oauth/token`.
#[derive(Debug)]
pub enum TokenEndpoint {}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for TokenEndpoint {
    const PATH: &'static str = "/oauth/token";
    const METHODS: MethodFilter = MethodFilter::POST;

    fn describe(metadata: &mut ServerMetadata, url: String) {
        metadata.token_endpoint = Some(url);
        metadata.grant_types_supported = S::GRANTS.iter().map(|grant| grant.grant_type).collect();
        metadata.token_endpoint_auth_methods_supported =
            S::METHODS.iter().map(|method| method.name).collect();
    }

    async fn call(server: Ready<S>, request: Request) -> Response {
        let span = tracing::info_span!(
            "token",
            grant_type = tracing::field::Empty,
            client_id = tracing::field::Empty
        );
        let answer = answer(&server, request).instrument(span).await;
        answer.unwrap_or_else(|refused| error(&refused, server.issuer()))
    }
}

async fn answer<S: Dispatch>(server: &Ready<S>, request: Request) -> Result<Response, OAuthError> {
    let (parts, body) = request.into_parts();
    let form = read_form(&parts, body).await?;
    let response = token(server, &parts.headers, &form).await?;
    let body =
        response.to_json().map_err(|source| Error::new("cannot write the answer").caused_by(source))?;
    Ok(json(StatusCode::OK, body))
}

async fn token<S: Dispatch>(
    server: &Ready<S>,
    headers: &http::HeaderMap,
    form: &Form,
) -> Result<TokenResponse, OAuthError> {
    let grant_type = form.require("grant_type")?;
    // Known before the database is asked anything; only a declared name reaches the log.
    let Some(known) = S::GRANTS.iter().map(|grant| grant.grant_type).find(|declared| *declared == grant_type)
    else {
        return unsupported().await;
    };
    let span = tracing::Span::current();
    span.record("grant_type", known);
    let now = server.now();
    let client = authenticate(server, &Unauthenticated { headers, form, now }).await?;
    span.record("client_id", client.client().client_id().as_str());
    S::dispatch(known, &GrantContext::new(server, &client, form, now)).await
}
