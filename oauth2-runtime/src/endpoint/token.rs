//! The token endpoint (RFC 6749 section 3.2).

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::StatusCode;
use http::request::Parts;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use super::Endpoint;
use crate::client_auth::{Unauthenticated, authenticate};
use crate::error::{Error, OAuthError};
use crate::form::Form;
use crate::grant::{Dispatch, GrantContext, no_such_grant_type};
use crate::http::{error, json, read_form, server_failed};
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
            client_id = tracing::field::Empty
        );
        answer(server, request).instrument(span).await
    }
}

async fn answer<S: Dispatch>(server: Ready<S>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = match read_form(&parts, body).await {
        Ok(form) => form,
        Err(refused) => return error(&refused, server.issuer()),
    };
    let this = server.clone();
    let work = async move {
        match token(&this, &parts, &form).await {
            Ok(response) => response,
            Err(refused) => error(&refused, this.issuer()),
        }
    };
    // A client that hangs up ends the connection's task, and must not end what has begun: after a commit its handlers
    // are told, whoever is still listening.
    match tokio::spawn(work.in_current_span().with_current_subscriber()).await {
        Ok(response) => response,
        Err(_) => server_failed(server.issuer()),
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
