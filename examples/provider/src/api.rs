//! The protected API.

use oauth2_runtime::models::Token;
use serde::Serialize;

use crate::access::Access;

/// Who calls, as far as the request tells.
#[derive(Default, Serialize)]
struct Caller {
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

impl From<&Token<Access>> for Caller {
    fn from(token: &Token<Access>) -> Self {
        Self {
            sub: token.subject.as_ref().map(ToString::to_string),
            client_id: Some(token.client_id.to_string()),
            scope: Some(token.scope.to_string()),
        }
    }
}

/// The handlers and their routes for one server, which is part of what a `#[protect]` handler says.
macro_rules! protected {
    ($module:ident: $server:ident) => {
        pub(crate) mod $module {
            use oauth2_runtime::prelude::*;

            use super::Caller;
            use crate::access::Access;
            use crate::$module::$server;

            #[protect($server, any)]
            async fn me(token: Bearer<$server>) -> Json<Caller> {
                Json(Caller::from(&*token))
            }

            #[protect($server, Access::ReadPhotos)]
            async fn photos(token: Bearer<$server>) -> Json<Caller> {
                Json(Caller::from(&*token))
            }

            #[protect($server, Access::ReadPhotos & Access::WritePhotos)]
            async fn both(token: Bearer<$server>) -> Json<Caller> {
                Json(Caller::from(&*token))
            }

            #[protect($server, Access::ReadPhotos | Access::WritePhotos)]
            async fn either(token: Bearer<$server>) -> Json<Caller> {
                Json(Caller::from(&*token))
            }

            #[protect($server, any)]
            async fn optional(token: Option<Bearer<$server>>) -> Json<Caller> {
                Json(token.map(|token| Caller::from(&*token)).unwrap_or_default())
            }

            /// Its routes.
            pub(crate) fn routes() -> Router<Ready<$server>> {
                Router::new()
                    .route("/api/me", get(me))
                    .route("/api/photos", get(photos))
                    .route("/api/photos/both", get(both))
                    .route("/api/photos/either", get(either))
                    .route("/api/optional", get(optional))
            }
        }
    };
}

protected!(modern: Modern);
protected!(classic: Classic);
