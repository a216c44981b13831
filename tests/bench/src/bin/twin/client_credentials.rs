//! `grant_type=client_credentials`.

use axum::response::Response;
use oauth2_bench::digest;

use crate::database::Database;
use crate::form::TokenRequest;
use crate::refused::Refused;
use crate::rows::Client;
use crate::token::{Granted, Minted};

/// What the grant offers, whoever asks.
const OFFERED: [&str; 1] = ["photos:read"];

pub(crate) async fn issue(
    database: &Database,
    client: &Client,
    request: &TokenRequest,
) -> Result<Response, Refused> {
    let scope = granted(client, request.scope.as_deref()).ok_or(Refused::INVALID_SCOPE)?;
    let grant_id = digest::grant_id()?;
    let minted =
        Minted::of(&Granted { grant_id: &grant_id, client_id: &client.id, subject: None, scope: &scope })?;
    if !database.issue(&minted.row).await? {
        return Err(Refused::INVALID_GRANT);
    }
    minted.answer()
}

/// The requested scopes if all may be granted, or everything that may be.
fn granted(client: &Client, requested: Option<&str>) -> Option<String> {
    let allowed = |name: &&str| OFFERED.contains(name) && client.holds(name);
    let scope = match requested {
        Some(names) if names.split(' ').all(|name| allowed(&name)) => names.to_owned(),
        Some(_) => return None,
        None => OFFERED.into_iter().filter(allowed).collect::<Vec<_>>().join(" "),
    };
    Some(scope).filter(|scope| !scope.is_empty())
}
