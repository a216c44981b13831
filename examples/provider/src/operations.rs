//! What an operator's probes ask: whether the process runs, and whether it can do its work.

use axum::extract::State;
use axum::http::StatusCode;
use oauth2_runtime::prelude::*;

async fn healthz() -> &'static str {
    "ok\n"
}

/// Reads a client, since a database can be there and its tables not.
async fn readyz<S: OAuth2Server>(State(auth): State<Ready<S>>) -> (StatusCode, &'static str) {
    match auth.clients().list(None, 1).await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// Their routes.
pub(crate) fn routes<S: OAuth2Server>() -> Router<Ready<S>> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz::<S>))
}
