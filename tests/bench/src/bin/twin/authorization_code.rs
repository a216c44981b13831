//! `grant_type=authorization_code`, with PKCE.

use axum::response::Response;
use oauth2_bench::digest::{AUTHORIZATION_CODE, verifier_is_right};

use crate::database::Database;
use crate::form::TokenRequest;
use crate::now;
use crate::refused::Refused;
use crate::rows::{Client, Code};
use crate::token::{Granted, Minted};

pub(crate) async fn redeem(
    database: &Database,
    client: &Client,
    request: &TokenRequest,
) -> Result<Response, Refused> {
    let presented = request.code.as_deref().ok_or(Refused::INVALID_REQUEST)?;
    let digest = AUTHORIZATION_CODE.of_presented(presented).ok_or(Refused::INVALID_GRANT)?;
    let code = database.code(&digest).await?.ok_or(Refused::INVALID_GRANT)?;
    if code.client_id != client.id {
        return Err(Refused::INVALID_GRANT);
    }
    if code.consumed_at.is_some() {
        database.revoke(&code.grant_id, now()).await?;
        return Err(Refused::INVALID_GRANT);
    }
    if code.expires_at <= now() || !is_bound(&code, request) {
        return Err(Refused::INVALID_GRANT);
    }
    let scope = client.still(&code.scope)?;
    let minted = Minted::of(&Granted {
        grant_id: &code.grant_id,
        client_id: &client.id,
        subject: Some(&code.subject),
        scope: &scope,
    })?;
    if !database.redeem(&digest, &minted.row).await? {
        return Err(Refused::INVALID_GRANT);
    }
    minted.answer()
}

/// Whether the request comes from whoever asked for the code (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
fn is_bound(code: &Code, request: &TokenRequest) -> bool {
    let redirected = code.redirect_uri.is_none() || code.redirect_uri == request.redirect_uri;
    let proven = match (&code.challenge, &request.code_verifier) {
        (Some(challenge), Some(verifier)) => verifier_is_right(challenge, verifier),
        (None, None) => true,
        _ => false,
    };
    redirected && proven
}
