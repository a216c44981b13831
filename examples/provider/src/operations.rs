//! What an operator's probes ask: whether the process runs, and whether it can do its work.

use axum::extract::State;
use axum::http::StatusCode;
use oauth2_runtime::prelude::*;

async fn healthz() -> &'static str {
    "ok\n"
}

/// Looks for the one client that there cannot be, as an identifier is never empty: a database can be there and its tables
/// not. No row is read by it, so none that is damaged takes the process out of service.
async fn readyz<S: OAuth2Server>(State(auth): State<Ready<S>>) -> (StatusCode, &'static str) {
    match auth.clients().get(&"".into()).await {
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
