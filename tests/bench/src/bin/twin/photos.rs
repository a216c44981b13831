//! `GET /photos`, for a live token with the scope `photos:read`.

use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use oauth2_bench::digest::ACCESS_TOKEN;

use crate::database::Database;
use crate::now;
use crate::refused::Refused;
use crate::rows::Token;

/// The live token of a request.
pub(crate) struct Bearer(Token);

impl FromRequestParts<Arc<Database>> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, database: &Arc<Database>) -> Result<Self, Refused> {
        let digest = presented(parts)
            .and_then(|token| ACCESS_TOKEN.of_presented(token))
            .ok_or(Refused::INVALID_TOKEN)?;
        let token = database.token(&digest).await?.ok_or(Refused::INVALID_TOKEN)?;
        if token.revoked_at.is_some() || token.expires_at <= now() {
            return Err(Refused::INVALID_TOKEN);
        }
        if !token.scope.split(' ').any(|name| name == "photos:read") {
            return Err(Refused::INSUFFICIENT_SCOPE);
        }
        Ok(Self(token))
    }
}

fn presented(parts: &Parts) -> Option<&str> {
    let (scheme, token) = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then_some(token)
}

pub(crate) async fn photos(Bearer(token): Bearer) -> Json<Vec<String>> {
    Json(vec![format!("a photo for {}", token.client_id)])
}
