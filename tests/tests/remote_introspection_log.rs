//! What the operator of a resource server reads that asks another server about tokens. One test, because the log is the process's.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::{get, post};
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::protect::RemoteIntrospection;
use oauth2_tests::http::{Request, basic};
use oauth2_tests::log::Log;
use oauth2_tests::portal::{self, RunningPortal};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials, listen};
use tokio::net::TcpListener;

/// A resource server that asks there; its route is `/read`.
async fn resource_server(endpoint: &str, api: &Credentials, running: &RunningPortal) -> SocketAddr {
    let secret = Secret::new(api.secret.clone());
    let remote = RemoteIntrospection::<Access>::new(endpoint, &api.id, secret).unwrap();
    let protector = ResourceProtector::new(remote.clock(running.clock.clone()));
    let read = get(async || "read").route_layer(protector.require(Access::Read));
    listen(Router::new().route("/read", read)).await
}

/// An endpoint that answers this.
async fn told(answer: String) -> String {
    let handler = async move || ([("content-type", "application/json")], answer);
    format!("http://{}/introspect", listen(Router::new().route("/introspect", post(handler))).await)
}

async fn status(server: SocketAddr, token: &str) -> u16 {
    Request::get("/read").bearer(token).send(server).await.status
}

/// S97, F24: at no level the secret with which is asked, nor a token that is asked about: neither where that goes well, nor
/// where the token is refused, the secret is wrong, nobody answers, or the answer repeats what was asked.
#[tokio::test]
async fn no_level_of_the_log_has_the_secret_or_a_token() {
    let log = Log::of_process();
    let running = RunningPortal::start().await;
    let api = Client { introspect: true, ..portal::client("api", &[]) };
    let api = portal::register(&running.portal, api).await;
    let endpoint = format!("http://{}/oauth/introspect", running.address);
    let server = resource_server(&endpoint, &api, &running).await;
    let tokens = running.tokens("alice", "read").await;
    let narrow = running.tokens("alice", "write").await;
    assert_eq!((status(server, &tokens.access).await, status(server, &tokens.access).await), (200, 200));
    assert_eq!(status(server, &narrow.access).await, 403);
    assert_eq!(status(server, &tokens.refresh).await, 401);
    assert_eq!(status(server, "a-token-of-somewhere-else").await, 401);

    let wrong = Credentials { secret: api.secret.replace("cs_", "cs-"), ..api.clone() };
    assert_eq!(status(resource_server(&endpoint, &wrong, &running).await, &tokens.access).await, 503);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let down = resource_server(&format!("http://{closed}/"), &api, &running).await;
    assert_eq!(status(down, &tokens.access).await, 503);
    for answer in [
        format!("{{\"active\":\"{}\"}}", tokens.access),
        format!("{{\"active\":true,\"token_type\":\"Bearer\",\"exp\":\"{}\"}}", api.secret),
        format!("{}: {}", api.secret, tokens.access),
    ] {
        let server = resource_server(&told(answer).await, &api, &running).await;
        assert_eq!(status(server, &tokens.access).await, 503);
    }

    let text = log.text();
    for mark in ["TRACE hyper_util", "DEBUG introspection", "is not one of RFC 7662", "INSERT INTO"] {
        assert!(text.contains(mark), "{mark} is not in a log of {} bytes", text.len());
    }
    let credentials = |client: &Credentials| basic(&client.id, &client.secret).split_off("Basic ".len());
    let (own, other) = (credentials(&api), credentials(&wrong));
    for (name, secret) in [
        ("the access token", tokens.access.as_str()),
        ("the access token with another scope", &narrow.access),
        ("the refresh token", &tokens.refresh),
        ("the foreign token", "a-token-of-somewhere-else"),
        ("the secret", &api.secret),
        ("the wrong secret", &wrong.secret),
        ("the credentials", &own),
        ("the wrong credentials", &other),
    ] {
        assert!(!text.contains(secret), "the log has {name}");
    }
}
