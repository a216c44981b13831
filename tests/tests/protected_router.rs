//! Protection without `#[protect]`: the layer, and the check by hand.

use axum::Router;
use axum::extract::{Extension, Request as AxumRequest, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::Requirement;
use oauth2_tests::http::{self, Request};
use oauth2_tests::provider::{Access, Auth, app};
use oauth2_tests::running::{Running, listen};

async fn behind_the_layer(Extension(token): Extension<Bearer<Auth>>, body: String) -> String {
    format!("{} {} {body}", token.client_id, token.scope())
}

async fn by_hand(State(auth): State<Ready<Auth>>, request: AxumRequest) -> Response {
    let (parts, _) = request.into_parts();
    match auth.acquire_token(&parts, Requirement::from(Access::Read) | Access::Admin).await {
        Ok(token) => format!("{token:?}").into_response(),
        Err(challenge) => challenge.into_response(),
    }
}

async fn token(running: &Running, scope: &str) -> String {
    let robot = running.register(app("robot")).await;
    let body = format!("grant_type=urn:test:sms-code&phone=1&code=itself&scope={scope}");
    running.token(&robot, &body).await.json()["access_token"].as_str().unwrap().to_owned()
}

fn assert_challenge(answer: &http::Response, scope: &str) {
    answer.assert_error(403, "insufficient_scope", "the access token is not good for this");
    let header = format!(
        "Bearer realm=\"https://id.example\", error=\"insufficient_scope\", \
         error_description=\"the access token is not good for this\", scope=\"{scope}\""
    );
    assert_eq!(answer.header("www-authenticate"), Some(header.as_str()));
}

#[tokio::test]
async fn the_layer_protects_a_router_and_hands_the_token_on() {
    let running = Running::start().await;
    let inner = Router::new()
        .route("/inside", get(behind_the_layer).post(behind_the_layer))
        .route_layer(running.auth.require(Requirement::from(Access::Read) & Access::Write));
    let address = listen(inner.route("/outside", get(|| async { "open" }))).await;
    let good = token(&running, "write+read").await;
    let answer = Request::form("/inside", "a body").bearer(&good).send(address).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "robot read write a body"));
    let bad = token(&running, "read").await;
    assert_challenge(&Request::get("/inside").bearer(&bad).send(address).await, "read write");
    let answer = Request::get("/inside").send(address).await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer realm=\"https://id.example\", scope=\"read write\"")
    );
    assert_eq!(Request::get("/outside").send(address).await.body, "open");
    // A route layer is not asked about paths that do not exist.
    assert_eq!(Request::get("/nowhere").send(address).await.status, 404);
}

#[tokio::test]
async fn a_layer_for_a_single_scope_takes_the_scope_itself() {
    let running = Running::start().await;
    let inner = Router::new().route("/", get(behind_the_layer)).layer(running.auth.require(Access::Admin));
    let address = listen(inner).await;
    let good = token(&running, "admin").await;
    assert_eq!(Request::get("/").bearer(&good).send(address).await.body, "robot admin ");
    let bad = token(&running, "read").await;
    assert_challenge(&Request::get("/").bearer(&bad).send(address).await, "admin");
    assert_eq!(Request::get("/nowhere").send(address).await.status, 401);
}

#[tokio::test]
async fn a_token_can_be_acquired_by_hand() {
    let running = Running::start().await;
    let address = listen(Router::new().route("/", get(by_hand)).with_state(running.auth.clone())).await;
    for scope in ["read", "admin"] {
        let good = token(&running, scope).await;
        let answer = Request::get("/").bearer(&good).send(address).await;
        assert_eq!((answer.status, answer.body.contains("robot")), (200, true), "{answer:?}");
    }
    let bad = token(&running, "write").await;
    assert_challenge(&Request::get("/").bearer(&bad).send(address).await, "read admin");
    let answer = Request::get("/").send(address).await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
}

#[protect(Auth, any)]
async fn inside(token: Bearer<Auth>) -> String {
    token.client_id.to_string()
}

#[protect(Auth, any, when = never)]
async fn refused(token: Bearer<Auth>) -> String {
    token.client_id.to_string()
}

fn never(_: &Bearer<Auth>, _: &axum::http::request::Parts) -> bool {
    false
}

/// One request is one acceptance, however many protections it passes, and a refusal is none.
#[tokio::test]
async fn an_accepted_token_is_told_once() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let tokens = running.sign_in(&robot, "1").await;
    let inner = Router::new().route("/inside", get(inside)).route_layer(running.auth.require(Access::Read));
    let address = listen(inner.route("/refused", get(refused)).with_state(running.auth.clone())).await;
    running.auth.journal.forget();
    assert_eq!(Request::get("/inside").bearer(&tokens.access).send(address).await.body, "robot");
    assert_eq!(running.auth.journal.signals(), ["token_authenticated robot 1"]);
    assert_eq!(Request::get("/refused").bearer(&tokens.access).send(address).await.status, 403);
    assert_eq!(running.auth.journal.signals(), Vec::<String>::new());
}
