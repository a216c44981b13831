use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures_util::FutureExt;
use http::header::{CACHE_CONTROL, CONNECTION, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::{BODY_TIMEOUT, RETRY_AFTER_SECONDS, WithoutCors, server_failed};

/// Whether the server is told to stop, so that every answer is the last one of its connection. Clones are of one server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stopping(Arc<AtomicBool>);

impl Stopping {
    pub(super) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The answer, with which the connection ends if the server does. One that switches protocols is no HTTP from there on.
    fn mark(&self, mut response: Response) -> Response {
        if self.0.load(Ordering::Relaxed) && response.status() != StatusCode::SWITCHING_PROTOCOLS {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// `app`, whose requests have `limit` to be answered, and are answered also when code of the application panics.
pub(super) fn limited(app: Router, limit: Duration, stopping: Stopping) -> Router {
    let answered = move |request: Request, next: Next| {
        let stopping = stopping.clone();
        async move {
            // A panic ends one request, and not the others that its connection may have yet to come.
            let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
            stopping.mark(match tokio::time::timeout(limit, answer).await {
                // Nothing of the application is around this, so what is taken away here stays away.
                Ok(Ok(response)) => WithoutCors::ended(response),
                Ok(Err(_)) => server_failed(),
                Err(_) => too_late(),
            })
        }
    };
    app.layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT)).layer(from_fn(answered))
}

/// The answer to a request that took too long.
fn too_late() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_request_that_takes_too_long_may_be_sent_again() {
        let app = Router::new()
            .route("/never", get(std::future::pending::<()>))
            .route("/unavailable", get(async || StatusCode::SERVICE_UNAVAILABLE));
        let app = limited(app, Duration::from_millis(50), Stopping::default());
        let answer = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            (response.status(), header(CACHE_CONTROL), header(RETRY_AFTER))
        };
        let status = StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(answer("/never").await, (status, Some("no-store".to_owned()), Some("2".to_owned())));
        // What the application answers by itself stays as it is.
        assert_eq!(answer("/unavailable").await, (status, None, None));
    }

    #[tokio::test]
    async fn the_last_answer_says_so_unless_it_switches_protocols() {
        let stopping = Stopping::default();
        let switch = async || (StatusCode::SWITCHING_PROTOCOLS, [(CONNECTION, "upgrade")]);
        let app = Router::new().route("/", get(|| async { "here" })).route("/switch", get(switch));
        let app = limited(app, Duration::from_secs(30), stopping.clone());
        let connection = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            response.headers().get(CONNECTION).map(|value| value.to_str().unwrap().to_owned())
        };
        let upgrade = Some("upgrade".to_owned());
        assert_eq!((connection("/").await, connection("/switch").await), (None, upgrade.clone()));
        stopping.begin();
        assert_eq!((connection("/").await, connection("/switch").await), (Some("close".to_owned()), upgrade));
    }
}
