//! The token endpoint (RFC 6749 section 3.2).

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::StatusCode;
use http::request::Parts;
use tracing::Instrument;

use super::{Endpoint, answer};
use crate::client_auth::{Unauthenticated, authenticate};
use crate::error::{Error, OAuthError};
use crate::form::Form;
use crate::grant::{Dispatch, GrantContext, no_such_grant_type};
use crate::http::json;
use crate::model::OAuth2Client;
use crate::server::Ready;
use crate::types::ServerMetadata;

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
            client_id = tracing::field::Empty,
            because = tracing::field::Empty
        );
        answer(server, request, |server, parts, form| Box::pin(token(server, parts, form)))
            .instrument(span)
            .await
    }
}

async fn token<S: Dispatch>(server: &Ready<S>, parts: &Parts, form: &Form) -> Result<Response, OAuthError> {
    let grant_type = form.require("grant_type")?;
    // Known before the database is asked anything; only a declared name reaches the log.
    let declared = S::GRANTS.iter().map(|grant| grant.grant_type).find(|declared| *declared == grant_type);
    let Some(grant_type) = declared else {
        return Err(no_such_grant_type());
    };
    let span = tracing::Span::current();
    span.record("grant_type", grant_type);
    let now = server.now();
    let client = authenticate(server, &Unauthenticated { parts, form, now }).await?;
    span.record("client_id", client.client().client_id().as_str());
    let response = S::dispatch(grant_type, &GrantContext::new(server, &client, form, now)).await?;
    let body =
        response.to_json().map_err(|source| Error::new("cannot write the answer").caused_by(source))?;
    Ok(json(StatusCode::OK, body))
}
