//! The protected API.

use oauth2_runtime::prelude::*;
use serde::Serialize;

use crate::access::Access;
use crate::modern::Modern;

/// Who calls, as far as the request tells.
#[derive(Default, Serialize)]
struct Caller {
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

impl From<&Bearer<Modern>> for Caller {
    fn from(token: &Bearer<Modern>) -> Self {
        Self {
            sub: token.subject().map(ToString::to_string),
            client_id: Some(token.client_id.to_string()),
            scope: Some(token.scope.to_string()),
        }
    }
}

#[protect(Modern, any)]
async fn me(token: Bearer<Modern>) -> Json<Caller> {
    Json((&token).into())
}

#[protect(Modern, Access::ReadPhotos)]
async fn photos(token: Bearer<Modern>) -> Json<Caller> {
    Json((&token).into())
}

#[protect(Modern, Access::ReadPhotos & Access::WritePhotos)]
async fn both(token: Bearer<Modern>) -> Json<Caller> {
    Json((&token).into())
}

#[protect(Modern, Access::ReadPhotos | Access::WritePhotos)]
async fn either(token: Bearer<Modern>) -> Json<Caller> {
    Json((&token).into())
}

#[protect(Modern, any)]
async fn optional(token: Option<Bearer<Modern>>) -> Json<Caller> {
    Json(token.as_ref().map(Caller::from).unwrap_or_default())
}

/// Its routes.
pub(crate) fn routes() -> Router<Ready<Modern>> {
    Router::new()
        .route("/api/me", get(me))
        .route("/api/photos", get(photos))
        .route("/api/photos/both", get(both))
        .route("/api/photos/either", get(either))
        .route("/api/optional", get(optional))
}
