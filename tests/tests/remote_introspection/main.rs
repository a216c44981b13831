//! Tokens validated by asking the authorization server that issued them (RFC 7662).
//!
//! The authorization server, its introspection endpoint and the resource server are real and apart, each on a socket of its
//! own. Only what no server of ours would answer comes from an endpoint that answers what it is told.

mod answers;
mod memory;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, Request as AxumRequest};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::FutureExt;
use futures_util::future::join_all;
use http::request::Parts;
use oauth2_runtime::http::serve_until;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::protect::remote_introspection::MAX_ANSWER_BYTES;
use oauth2_runtime::protect::{Either, Introspected, RemoteIntrospection, StoredTokens};
use oauth2_runtime::types::Requirement;
use oauth2_tests::clock::{START, SteppingClock};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{self, RunningPortal};
use oauth2_tests::provider::{Access, SMS_CODE, app};
use oauth2_tests::running::{Credentials, Running, Tokens, listen};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

const NOT_VALID: &str = "the access token is not valid";
const NOT_ENOUGH: &str = "the access token is not good for this";
const UNAVAILABLE: &str = "the server cannot answer now, try again soon";
const STALENESS: i64 = 30;
/// Requests that an endpoint has room for, while nobody holds them.
const ALL: u32 = 1_000;

type Remote = RemoteIntrospection<Access>;

/// Counts the requests that reach an endpoint, and can hold them.
#[derive(Clone)]
struct Calls {
    count: Arc<AtomicUsize>,
    open: Arc<Semaphore>,
}

impl Calls {
    fn new() -> Self {
        Self { count: Arc::default(), open: Arc::new(Semaphore::new(ALL as usize)) }
    }

    /// How many there were since the last time.
    fn taken(&self) -> usize {
        self.count.swap(0, Ordering::SeqCst)
    }

    fn counted(&self, router: Router) -> Router {
        let calls = self.clone();
        router.layer(from_fn(move |request: AxumRequest, next: Next| {
            let calls = calls.clone();
            async move {
                calls.count.fetch_add(1, Ordering::SeqCst);
                let _open = calls.open.acquire().await;
                next.run(request).await
            }
        }))
    }
}

/// An authorization server, and where its introspection endpoint is for the resource server.
struct Site {
    running: RunningPortal,
    api: Credentials,
    calls: Calls,
    endpoint: String,
}

impl Site {
    async fn open() -> Self {
        let running = RunningPortal::start().await;
        let api = Client { introspect: true, ..portal::client("api", &[]) };
        let api = portal::register(&running.portal, api).await;
        let calls = Calls::new();
        let address = listen(calls.counted(running.portal.router())).await;
        Self { running, api, calls, endpoint: format!("http://{address}/oauth/introspect") }
    }

    fn validator(&self) -> Remote {
        validator(&self.endpoint, &self.api, &self.running.clock)
    }

    /// A resource server with its default settings.
    async fn resource_server(&self) -> SocketAddr {
        serve(self.validator()).await
    }

    /// An access token, and the refresh token issued with it.
    async fn tokens(&self, scope: &str) -> Tokens {
        self.running.tokens("alice", scope).await
    }

    async fn token(&self, scope: &str) -> String {
        self.tokens(scope).await.access
    }

    async fn revoke(&self, token: &str) {
        let web = &self.running.web;
        let form = Request::form("/oauth/revoke", format!("token={token}")).basic(&web.id, &web.secret);
        assert_eq!(self.running.send(form).await.status, 200);
    }
}

fn validator(endpoint: &str, api: &Credentials, clock: &SteppingClock) -> Remote {
    let secret = Secret::new(api.secret.clone());
    Remote::new(endpoint, &api.id, secret).unwrap().clock(clock.clone())
}

async fn whose(Extension(token): Extension<Introspected<Access>>) -> String {
    let client = token.client_id().map_or("-", ClientId::as_str);
    let subject = token.subject().map_or("-", Subject::as_str);
    format!("{client} {subject} `{}` {}", token.scope(), token.expires_at().unix_seconds())
}

/// `/any`, `/read` and `/write`.
async fn serve(validator: Remote) -> SocketAddr {
    let protector = ResourceProtector::new(validator);
    let routes = Router::new()
        .route("/any", get(whose).route_layer(protector.require(Requirement::ANY_TOKEN)))
        .route("/read", get(whose).route_layer(protector.require(Access::Read)))
        .route("/write", get(whose).route_layer(protector.require(Access::Write)));
    listen(routes).await
}

async fn ask(server: SocketAddr, path: &str, token: &str) -> Response {
    Request::get(path).bearer(token).send(server).await
}

fn assert_good(answer: &Response) {
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn assert_invalid(answer: &Response) {
    answer.assert_error(401, "invalid_token", NOT_VALID);
    assert!(answer.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
}

fn assert_unavailable(answer: &Response) {
    answer.assert_error(503, "temporarily_unavailable", UNAVAILABLE);
    assert_eq!((answer.header("retry-after"), answer.header("www-authenticate")), (Some("2"), None));
}

fn request(token: &str) -> Parts {
    let request = http::Request::get("/").header("authorization", format!("Bearer {token}"));
    request.body(()).unwrap().into_parts().0
}
