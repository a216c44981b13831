//! `grant_type=refresh_token`: the token rotates, and its scope stays.

use axum::response::Response;
use oauth2_bench::digest::REFRESH_TOKEN;

use crate::database::Database;
use crate::form::TokenRequest;
use crate::now;
use crate::refused::Refused;
use crate::rows::Client;
use crate::token::{Granted, Minted};

const LIFETIME: i64 = 30 * 24 * 3600;

pub(crate) async fn refresh(
    database: &Database,
    client: &Client,
    request: &TokenRequest,
) -> Result<Response, Refused> {
    let presented = request.refresh_token.as_deref().ok_or(Refused::INVALID_REQUEST)?;
    let digest = REFRESH_TOKEN.of_presented(presented).ok_or(Refused::INVALID_GRANT)?;
    let token = database.refreshable(&digest).await?.ok_or(Refused::INVALID_GRANT)?;
    if token.client_id != client.id {
        return Err(Refused::INVALID_GRANT);
    }
    if token.revoked_at.is_some() {
        database.revoke(&token.grant_id, now()).await?;
        return Err(Refused::INVALID_GRANT);
    }
    let issued_after = now() - LIFETIME;
    if token.issued_at <= issued_after {
        return Err(Refused::INVALID_GRANT);
    }
    let scope = client.still(&token.scope)?;
    let minted = Minted::of(&Granted {
        grant_id: &token.grant_id,
        client_id: &client.id,
        subject: token.subject.as_deref(),
        scope: &scope,
    })?;
    if !database.rotate(&digest, issued_after, &minted.row).await? {
        return Err(Refused::INVALID_GRANT);
    }
    minted.answer()
}
