//! `POST /oauth/token` for `grant_type=client_credentials` and `client_secret_basic`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::database::{Client, Database, NewToken};
use crate::form::{TokenRequest, decode};
use crate::refused::Refused;
use crate::{digest, now};

const LIFETIME: i64 = 3600;
/// What the grant offers, whoever asks.
const OFFERED: [&str; 1] = ["photos:read"];

#[derive(Serialize)]
struct Answer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    scope: &'a str,
}

pub(crate) async fn token(
    State(database): State<Arc<Database>>,
    request: Request,
) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    if !is_form(&parts.headers) {
        return Err(Refused::INVALID_REQUEST);
    }
    let request = TokenRequest::read(body).await?;
    if request.grant_type.as_deref() != Some("client_credentials") {
        return Err(Refused::INVALID_REQUEST);
    }
    let (client_id, secret) = basic(&parts.headers).ok_or(Refused::INVALID_CLIENT)?;
    if request.client_id.is_some_and(|named| named != client_id) {
        return Err(Refused::INVALID_CLIENT);
    }
    let client = database.client(&client_id).await?.ok_or(Refused::INVALID_CLIENT)?;
    if !client.client_secret.as_deref().is_some_and(|stored| digest::secret_is_right(stored, &secret)) {
        return Err(Refused::INVALID_CLIENT);
    }
    let scope = granted(&client, request.scope.as_deref()).ok_or(Refused::INVALID_SCOPE)?;
    let access_token = digest::value("at_")?;
    let issued_at = now();
    database
        .issue(NewToken {
            access_token: &digest::of_access_token(&access_token),
            grant_id: &digest::grant_id()?,
            client_id: &client_id,
            scope: &scope,
            issued_at,
            expires_at: issued_at + LIFETIME,
        })
        .await?;
    answer(&Answer { access_token: &access_token, token_type: "Bearer", expires_in: LIFETIME, scope: &scope })
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Identifier and secret from HTTP Basic, each form-encoded within (RFC 6749 section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = STANDARD.decode(encoded).ok()?;
    let mut halves = pair.splitn(2, |byte| *byte == b':');
    Some((decode(halves.next()?)?, decode(halves.next()?)?))
}

/// The requested scopes if all may be granted, or everything that may be.
fn granted(client: &Client, requested: Option<&str>) -> Option<String> {
    let allowed = |name: &&str| OFFERED.contains(name) && client.scope.split(' ').any(|held| held == *name);
    let scope = match requested {
        Some(names) if names.split(' ').all(|name| allowed(&name)) => names.to_owned(),
        Some(_) => return None,
        None => OFFERED.into_iter().filter(allowed).collect::<Vec<_>>().join(" "),
    };
    Some(scope).filter(|scope| !scope.is_empty())
}

fn answer(answer: &Answer<'_>) -> Result<Response, Refused> {
    let body = serde_json::to_vec(answer).map_err(|_| Refused::SERVER_ERROR)?;
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    Ok(response)
}
