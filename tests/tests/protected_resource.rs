//! Protected resources: which tokens pass, and how others are refused.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::{Access, Auth, app};
use oauth2_tests::running::{Credentials, Running, listen};

const ANY: &str = "Bearer realm=\"https://id.example\"";
const NOT_VALID: &str = "the access token is not valid";
const NOT_ENOUGH: &str = "the access token is not good for this";

#[protect(Auth, Access::Read & Access::Write)]
async fn both(_: Bearer<Auth>) -> &'static str {
    "both"
}

#[protect(Auth, Access::Write | Access::Admin)]
async fn either(_: Bearer<Auth>) -> &'static str {
    "either"
}

#[protect(Auth, Access::Read & (Access::Write | Access::Admin))]
async fn nested(_: Bearer<Auth>) -> &'static str {
    "nested"
}

#[protect(Auth, Access::Admin | Access::Read & Access::Write)]
async fn precedence(_: Bearer<Auth>) -> &'static str {
    "precedence"
}

#[protect(Auth, Access::Read, when = asks_politely)]
async fn polite(_: Bearer<Auth>) -> &'static str {
    "polite"
}

fn asks_politely(token: &Bearer<Auth>, parts: &http::request::Parts) -> bool {
    token.client_id.as_str() == "robot" && parts.uri.query() == Some("please")
}

#[protect(Auth, Access::Read)]
async fn optional(token: Option<Bearer<Auth>>) -> String {
    token.map_or_else(|| "nobody".to_owned(), |token| token.client_id.to_string())
}

#[protect(Auth, Access::Read)]
async fn echo(token: Bearer<Auth>, body: String) -> String {
    format!("{} says {body}", token.client_id)
}

struct Site {
    running: Running,
    robot: Credentials,
    address: SocketAddr,
}

impl Site {
    async fn open() -> Self {
        let running = Running::start().await;
        let robot = running.register(app("robot")).await;
        let app = Router::new()
            .route("/both", get(both))
            .route("/either", get(either))
            .route("/nested", get(nested))
            .route("/precedence", get(precedence))
            .route("/polite", get(polite))
            .route("/optional", get(optional))
            .route("/echo", post(echo));
        let address = listen(app.with_state(running.auth.clone())).await;
        Self { running, robot, address }
    }

    async fn token(&self, scope: &str) -> String {
        let grant = "grant_type=urn:test:sms-code&phone=1&code=itself";
        let answer = self.running.token(&self.robot, &format!("{grant}&scope={scope}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, target: &str, token: &str) -> Response {
        Request::get(target).bearer(token).send(self.address).await
    }
}

fn assert_challenge(answer: &Response, code: &str, description: &str, scope: Option<&str>) {
    let status = match code {
        "invalid_request" => 400,
        "invalid_token" => 401,
        _ => 403,
    };
    answer.assert_error(status, code, description);
    let scope = scope.map(|scope| format!(", scope=\"{scope}\"")).unwrap_or_default();
    let header = format!("{ANY}, error=\"{code}\", error_description=\"{description}\"{scope}");
    assert_eq!(answer.header("www-authenticate"), Some(header.as_str()));
}

/// RFC 6750 section 3.1: a request without a token is not told about an error.
#[tokio::test]
async fn without_a_token_there_is_a_challenge_and_no_error() {
    let site = Site::open().await;
    for request in [
        Request::get("/both"),
        Request::get("/both").basic("robot", &site.robot.secret),
        Request::get("/both").header("authorization", ""),
    ] {
        let answer = request.send(site.address).await;
        assert_eq!((answer.status, answer.body.as_str()), (401, ""), "{answer:?}");
        assert_eq!(answer.header("www-authenticate"), Some(format!("{ANY}, scope=\"read write\"").as_str()));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let answer = site.running.send(Request::get("/whoami")).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(ANY)));
}

fn assert_malformed(answer: &Response) {
    answer.assert_error(400, "invalid_request", "the Authorization header is not well-formed");
}

/// RFC 6750 section 3.1: what is no token at all must not pass for the absence of one, also where none is needed.
#[tokio::test]
async fn malformed_credentials_are_not_anonymous() {
    let site = Site::open().await;
    for credentials in ["Bearer", "Bearer ", "bearer\tx", "Bearer:x", "Bearer=x"] {
        for path in ["/both", "/optional"] {
            let request = Request::get(path).header("authorization", credentials);
            assert_malformed(&request.send(site.address).await);
        }
    }
}

#[tokio::test]
async fn malformed_and_unknown_tokens_are_refused() {
    let site = Site::open().await;
    let elsewhere = Site::open().await;
    let unknown = elsewhere.token("read").await;
    let refresh = site.running.sign_in(&site.robot, "1").await.refresh;
    let live = site.token("read").await;
    for token in ["x", "at_", &unknown, &refresh, &format!("{live} "), &format!("{live},{live}"), "\u{e9}"] {
        let answer = site.get("/both?x", token).await;
        if token.trim_end() == live {
            // White space at the end of a header is no part of its value.
            assert_challenge(&answer, "insufficient_scope", NOT_ENOUGH, Some("read write"));
        } else if token.is_ascii() {
            assert_challenge(&answer, "invalid_token", NOT_VALID, Some("read write"));
        } else {
            assert_malformed(&answer);
        }
    }
    assert_challenge(&site.running.whoami(&unknown).await, "invalid_token", NOT_VALID, None);
}

#[tokio::test]
async fn a_token_ends_at_exactly_its_expiry() {
    let site = Site::open().await;
    let answer = site.running.token(&site.robot, "grant_type=client_credentials").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    site.running.clock.step(599);
    assert_eq!(site.running.whoami(&token).await.status, 200);
    site.running.clock.step(1);
    assert_challenge(&site.running.whoami(&token).await, "invalid_token", NOT_VALID, None);
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let site = Site::open().await;
    let token = site.token("read").await;
    assert_eq!(site.running.whoami(&token).await.status, 200);
    let revoked = site.running.database.execute("UPDATE app_token SET revoked_at = 1800000000").await;
    assert_eq!(revoked, 1);
    assert_challenge(&site.running.whoami(&token).await, "invalid_token", NOT_VALID, None);
}

#[tokio::test]
async fn requirements_combine_as_they_are_written() {
    let site = Site::open().await;
    let all = ["read", "write", "admin", "read+write", "read+admin", "write+admin", "read+write+admin"];
    for (path, enough, named) in [
        ("both", &["read+write", "read+write+admin"][..], "read write"),
        (
            "either",
            &["write", "admin", "read+write", "read+admin", "write+admin", "read+write+admin"],
            "write admin",
        ),
        ("nested", &["read+write", "read+admin", "read+write+admin"], "read write admin"),
        (
            "precedence",
            &["admin", "read+write", "read+admin", "write+admin", "read+write+admin"],
            "read write admin",
        ),
    ] {
        for scope in all {
            let answer = site.get(&format!("/{path}"), &site.token(scope).await).await;
            if enough.contains(&scope) {
                assert_eq!((answer.status, answer.body.as_str()), (200, path), "{scope}");
            } else {
                assert_challenge(&answer, "insufficient_scope", NOT_ENOUGH, Some(named));
            }
        }
    }
}

#[tokio::test]
async fn any_live_token_passes_any() {
    let site = Site::open().await;
    for scope in ["read", "admin"] {
        let answer = site.running.whoami(&site.token(scope).await).await;
        assert_eq!((answer.status, answer.body), (200, format!("robot - `{scope}` api")));
    }
}

#[tokio::test]
async fn a_predicate_sees_the_token_and_the_request() {
    let site = Site::open().await;
    let token = site.token("read").await;
    assert_eq!(site.get("/polite?please", &token).await.body, "polite");
    assert_challenge(&site.get("/polite", &token).await, "insufficient_scope", NOT_ENOUGH, Some("read"));
    // It is asked in addition to the scope, not in its place.
    let write = site.token("write").await;
    let answer = site.get("/polite?please", &write).await;
    assert_challenge(&answer, "insufficient_scope", NOT_ENOUGH, Some("read"));
}

#[tokio::test]
async fn an_optional_token_may_be_missing_but_not_bad() {
    let site = Site::open().await;
    assert_eq!(Request::get("/optional").send(site.address).await.body, "nobody");
    assert_eq!(site.get("/optional", &site.token("read").await).await.body, "robot");
    assert_challenge(&site.get("/optional", "at_x").await, "invalid_token", NOT_VALID, Some("read"));
    let answer = site.get("/optional", &site.token("write").await).await;
    assert_challenge(&answer, "insufficient_scope", NOT_ENOUGH, Some("read"));
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let site = Site::open().await;
    let token = site.token("read").await;
    for second in [format!("Bearer {token}"), "Basic eDp4".into(), String::new()] {
        let request = Request::get("/whoami").bearer(&token).header("authorization", &second);
        let answer = site.running.send(request).await;
        assert_challenge(&answer, "invalid_request", "there is more than one Authorization header", None);
    }
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let site = Site::open().await;
    let token = site.token("read").await;
    for scheme in ["bearer", "BEARER", "bEaReR", "Bearer "] {
        let request = Request::get("/whoami").header("authorization", &format!("{scheme} {token}"));
        assert_eq!(site.running.send(request).await.status, 200, "{scheme}");
    }
}

/// S39: tokens in URLs end up in logs and histories; they are not looked at. Neither are those in bodies.
#[tokio::test]
async fn tokens_in_the_url_and_in_the_body_are_ignored() {
    let site = Site::open().await;
    let token = site.token("read").await;
    let answer = site.running.send(Request::get(&format!("/whoami?access_token={token}"))).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(ANY)));
    let body = format!("access_token={token}");
    let answer = Request::form("/echo", body.clone()).send(site.address).await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
    let answer = Request::form("/echo", body.clone()).bearer(&token).send(site.address).await;
    assert_eq!((answer.status, answer.body), (200, format!("robot says {body}")));
}

/// S65: a client is not the person whose identifier equals its own.
#[tokio::test]
async fn a_client_named_like_a_person_has_no_subject() {
    let site = Site::open().await;
    let namesake = site.running.register(app("5550100")).await;
    let person = site.running.sign_in(&site.robot, "5550100").await;
    let answer = site.running.token(&namesake, "grant_type=client_credentials").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(site.running.whoami(&person.access).await.body, "robot 5550100 `read write admin` api");
    assert_eq!(site.running.whoami(&token).await.body, "5550100 - `read write` api");
}

#[tokio::test]
async fn acceptance_is_signalled_and_refusal_is_not() {
    let site = Site::open().await;
    let tokens = site.running.sign_in(&site.robot, "5550100").await;
    site.running.auth.journal.forget();
    site.running.whoami(&tokens.access).await;
    site.running.whoami("at_x").await;
    assert_eq!(site.running.auth.journal.signals(), ["token_authenticated robot 5550100"]);
}
