//! `POST /oauth/token`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use oauth2_bench::digest::{ACCESS_TOKEN, REFRESH_TOKEN};
use serde::Serialize;

use crate::client::authenticate;
use crate::database::Database;
use crate::form::TokenRequest;
use crate::refused::Refused;
use crate::rows::NewToken;
use crate::{authorization_code, client_credentials, now, refresh_token};

const LIFETIME: i64 = 3600;

/// What a token is made for.
pub(crate) struct Granted<'a> {
    pub(crate) grant_id: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) scope: &'a str,
}

/// A token that is not stored yet.
pub(crate) struct Minted<'a> {
    access_token: String,
    refresh_token: Option<String>,
    pub(crate) row: NewToken<'a>,
}

#[derive(Serialize)]
struct Answer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
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
    let grant_type = request.grant_type.as_deref().ok_or(Refused::INVALID_REQUEST)?;
    if !["client_credentials", "authorization_code", "refresh_token"].contains(&grant_type) {
        return Err(Refused::UNSUPPORTED_GRANT_TYPE);
    }
    let client = authenticate(&database, &parts.headers, &request).await?;
    match grant_type {
        "authorization_code" => authorization_code::redeem(&database, &client, &request).await,
        "refresh_token" => refresh_token::refresh(&database, &client, &request).await,
        _ => client_credentials::issue(&database, &client, &request).await,
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

impl<'a> Minted<'a> {
    /// A refresh token comes with those that speak for a person.
    pub(crate) fn of(granted: &Granted<'a>) -> Result<Self, Refused> {
        let access_token = ACCESS_TOKEN.generate()?;
        let refresh_token = granted.subject.map(|_| REFRESH_TOKEN.generate()).transpose()?;
        let issued_at = now();
        let row = NewToken {
            access_token: ACCESS_TOKEN.digest(&access_token),
            refresh_token: refresh_token.as_deref().map(|token| REFRESH_TOKEN.digest(token)),
            grant_id: granted.grant_id,
            client_id: granted.client_id,
            subject: granted.subject,
            scope: granted.scope,
            issued_at,
            expires_at: issued_at + LIFETIME,
        };
        Ok(Self { access_token, refresh_token, row })
    }

    /// The answer, once the row is stored.
    pub(crate) fn answer(&self) -> Result<Response, Refused> {
        let body = serde_json::to_vec(&Answer {
            access_token: &self.access_token,
            token_type: "Bearer",
            expires_in: LIFETIME,
            refresh_token: self.refresh_token.as_deref(),
            scope: self.row.scope,
        });
        let mut response = body.map_err(|_| Refused::SERVER_ERROR)?.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        Ok(response)
    }
}
