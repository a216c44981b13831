use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error answer.
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
}

impl Refused {
    pub(crate) const INVALID_REQUEST: Self = Self::new(StatusCode::BAD_REQUEST, "invalid_request");
    pub(crate) const INVALID_CLIENT: Self = Self::new(StatusCode::UNAUTHORIZED, "invalid_client");
    pub(crate) const INVALID_GRANT: Self = Self::new(StatusCode::BAD_REQUEST, "invalid_grant");
    pub(crate) const UNSUPPORTED_GRANT_TYPE: Self =
        Self::new(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    pub(crate) const INVALID_SCOPE: Self = Self::new(StatusCode::BAD_REQUEST, "invalid_scope");
    pub(crate) const INVALID_TOKEN: Self = Self::new(StatusCode::UNAUTHORIZED, "invalid_token");
    pub(crate) const INSUFFICIENT_SCOPE: Self = Self::new(StatusCode::FORBIDDEN, "insufficient_scope");
    pub(crate) const SERVER_ERROR: Self = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error");

    pub(crate) const fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code }
    }
}

impl From<sqlx::Error> for Refused {
    fn from(_: sqlx::Error) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
    }
}

impl From<getrandom::Error> for Refused {
    fn from(_: getrandom::Error) -> Self {
        Self::SERVER_ERROR
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Body { error: self.code })).into_response();
        let challenge = match self.code {
            "invalid_client" => "Basic realm=\"http://127.0.0.1:8080\"",
            _ => "Bearer realm=\"http://127.0.0.1:8080\"",
        };
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}
