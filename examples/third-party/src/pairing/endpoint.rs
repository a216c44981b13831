use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use oauth2_runtime::client_auth::ClientRequest;
use oauth2_runtime::endpoint::{ClientEndpoint, Endpoint, Mount, Mounted};
use oauth2_runtime::form::Form;
use oauth2_runtime::grant::Dispatch;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::{Random, SystemRandom};
use oauth2_runtime::store::Store;
use oauth2_runtime::types::ServerMetadata;
use serde_json::json;

use super::{GRANT_TYPE, Pairing, PairingCode, Pairs};

/// `POST /oauth/pair`, for clients that identify themselves as at the token endpoint. The form has `token`, an access token of the
/// client that speaks for a person, and `for_client`, the identifier of another client, which may exchange the code. The answer
/// has `pairing_code`. Clients that exchange codes themselves get none.
#[derive(Debug)]
pub enum PairingEndpoint {}

impl<S: Dispatch + Pairs> Endpoint<S> for PairingEndpoint {
    const PATH: &'static str = "/oauth/pair";
    const NAME: &'static str = "pairing";
    const ERROR_CODES: &'static [ErrorCode] = &[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
        ErrorCode::InvalidGrant,
        ErrorCode::UnauthorizedClient,
        ErrorCode::ServerError,
        ErrorCode::TemporarilyUnavailable,
    ];

    fn describe(at: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
        let methods: Vec<_> = at.client_auth_methods().iter().map(|method| method.name).collect();
        metadata.additional.insert("pairing_endpoint", url.into());
        metadata.additional.insert("pairing_endpoint_auth_methods_supported", methods.into());
    }

    async fn call(at: Mounted<S>, request: Request) -> Response {
        at.answer_client::<Self>(request).await
    }
}

impl<S: Dispatch + Pairs> ClientEndpoint<S> for PairingEndpoint {
    fn check(form: &Form) -> Result<(), OAuthError> {
        form.require("token")?;
        form.require("for_client").map(drop)
    }

    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
        // What it knows of its tokens is whose they are, and not where they came from: of this client's none came from a code.
        if cx.client().fields().grant_types.is_some_and(|types| types.contains(GRANT_TYPE)) {
            return Err(OAuthError::unauthorized_client("a client that exchanges pairing codes gets none"));
        }
        let (subject, scope) = signed_in(cx).await?;
        let for_client = cx.form().require("for_client")?;
        if for_client == cx.client().client_id().as_str() {
            return Err(OAuthError::invalid_request("`for_client` is the client that asks"));
        }
        if cx.server().store().client(for_client).await?.is_none() {
            return Err(OAuthError::invalid_request("`for_client` is no client"));
        }
        let mut entropy = [0; 32];
        SystemRandom.fill(&mut entropy)?;
        let (code, digest) = Digest::<PairingCode>::generate(&entropy);
        let pairing = Pairing { subject, scope, for_client: for_client.into(), made_at: cx.now() };
        cx.server().pairings().offer(digest, pairing);
        let answer = json!({ "pairing_code": code.expose() });
        Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
    }
}

/// Who is signed in to the client by the token it presents, and what that is good for.
async fn signed_in<S: Dispatch>(cx: &ClientRequest<'_, S>) -> Result<(Subject, String), OAuthError> {
    let refused = || OAuthError::invalid_grant("the token is not a live one of this client and a person");
    let digest = Digest::<AccessToken>::of(cx.form().require("token")?).ok_or_else(refused)?;
    let row = cx.server().store().access_token(&digest).await?.ok_or_else(refused)?;
    let token = row.fields();
    let live = token.revoked_at.is_none() && token.expires_at > cx.now();
    let subject = token.subject.filter(|_| live && token.client_id == cx.client().client_id());
    Ok((subject.cloned().ok_or_else(refused)?, token.scope.to_string()))
}
