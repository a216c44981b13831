//! Tokens of people at a protected resource, and what is nearly one.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{Portal, RunningPortal, client, register, whoami};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials, listen};

#[protect(Portal, Access::Write)]
async fn write(token: Bearer<Portal>) -> String {
    token.subject().map_or("-", Subject::as_str).to_owned()
}

async fn site(running: &RunningPortal) -> SocketAddr {
    let app = Router::new().route("/write", get(write).post(write)).route("/whoami", get(whoami));
    listen(app.with_state(running.portal.clone())).await
}

#[track_caller]
fn assert_challenge(answer: &Response, status: u16, error: Option<(&str, &str)>) {
    let error = error.map(|(code, text)| format!(", error=\"{code}\", error_description=\"{text}\""));
    let challenge =
        format!("Bearer realm=\"http://127.0.0.1\"{}, scope=\"write\"", error.unwrap_or_default());
    assert_eq!((answer.status, answer.header("www-authenticate")), (status, Some(challenge.as_str())));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// S66: the scope is looked at on every way in, and there is one way in.
#[tokio::test]
async fn a_token_with_less_scope_does_not_pass() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let narrow = running.tokens("alice", "read").await;
    let wide = running.tokens("alice", "read write").await;
    let open = async |request: Request| request.send(address).await;
    assert_eq!(open(Request::get("/write").bearer(&wide.access)).await.body, "u-alice");
    let answer = open(Request::get("/write").bearer(&narrow.access)).await;
    assert_challenge(&answer, 403, Some(("insufficient_scope", "the access token is not good for this")));
    for token in [&narrow.access, &wide.access] {
        for request in [
            Request::get("/write").basic(token, ""),
            Request::get("/write").basic("", token),
            Request::get("/write").basic("web", &running.web.secret),
            Request::get(&format!("/write?access_token={token}")),
            Request::get(&format!("/write?access_token={token}&scope=write")),
            Request::form("/write", format!("access_token={token}")),
            Request::get("/write").header("x-access-token", token),
            Request::get("/write").header("cookie", &format!("access_token={token}")),
            Request::get("/write").header("authorization", &format!("Token {token}")),
        ] {
            assert_challenge(&open(request).await, 401, None);
        }
    }
    // A refresh that asks for less gives less, whatever the authorization had.
    let body = format!("grant_type=refresh_token&refresh_token={}&scope=read", wide.refresh);
    let narrowed = running.token(&running.web, &body).await;
    let narrowed = narrowed.json()["access_token"].as_str().unwrap().to_owned();
    let answer = open(Request::get("/write").bearer(&narrowed)).await;
    assert_challenge(&answer, 403, Some(("insufficient_scope", "the access token is not good for this")));
}

/// S66: a client's own token has the scopes it asked for, too.
#[tokio::test]
async fn a_clients_own_token_with_less_scope_does_not_pass() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let answer = running.token(&running.web, "grant_type=client_credentials&scope=read").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let answer = Request::get("/write").bearer(&token).send(address).await;
    assert_challenge(&answer, 403, Some(("insufficient_scope", "the access token is not good for this")));
}

/// S65: a client that is called like a person, or like a person's subject, is nobody.
#[tokio::test]
async fn a_client_named_like_a_person_is_not_the_person() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let alice = running.tokens("alice", "read write").await;
    assert_eq!(Request::get("/write").bearer(&alice.access).send(address).await.body, "u-alice");
    for id in ["u-alice", "alice", "-"] {
        let namesake: Credentials = register(&running.portal, client(id, &[])).await;
        let answer = running.token(&namesake, "grant_type=client_credentials").await;
        assert!(answer.json().get("refresh_token").is_none());
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(Request::get("/write").bearer(&token).send(address).await.body, "-");
        assert_eq!(running.introspect(&namesake, &token).await.json().get("sub"), None);
    }
    let subjects = "SELECT COALESCE(subject, 'none') FROM oauth2_token ORDER BY rowid";
    assert_eq!(running.database.texts(subjects).await, ["u-alice", "none", "none", "none"]);
}

/// Every proper prefix and suffix, every letter in the other case, and every bit turned over that leaves a character a header
/// can have.
fn nearly(token: &str) -> Vec<String> {
    let mut variants = Vec::new();
    for cut in 1..token.len() {
        variants.push(token[..cut].to_owned());
        variants.push(token[cut..].to_owned());
    }
    for position in 0..token.len() {
        for bit in 0..7 {
            let mut bytes = token.as_bytes().to_vec();
            bytes[position] ^= 1 << bit;
            variants.push(String::from_utf8(bytes).unwrap());
        }
        let mut bytes = token.as_bytes().to_vec();
        if bytes[position].is_ascii_alphabetic() {
            bytes[position] ^= 0x20;
            variants.push(String::from_utf8(bytes).unwrap());
        }
    }
    for more in ["A", "=", " ", "\u{e9}", "%00", "."] {
        variants.push(format!("{token}{more}"));
        variants.push(format!("{more}{token}"));
    }
    variants.extend([token.to_uppercase(), token.to_lowercase(), format!("{token}{token}")]);
    variants.retain(|variant| variant != token);
    variants
}

/// S70, S57: at the protected resource, at introspection and at revocation; and the token itself lives through all of it.
#[tokio::test]
async fn what_is_nearly_a_token_is_none() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let tokens = running.tokens("alice", "read write").await;
    running.portal.journal.lock().signals.clear();
    let mut tried = 0;
    for token in [&tokens.access, &tokens.refresh] {
        for variant in nearly(token) {
            let value = url::form_urlencoded::byte_serialize(variant.as_bytes()).collect::<String>();
            let answer = running.introspect(&running.web, &value).await;
            let status = if variant.contains('\0') { 400 } else { 200 };
            assert_eq!(answer.status, status, "{variant:?}");
            assert!(!answer.body.contains("true"), "{variant:?}: {answer:?}");
            let revoke = Request::form("/oauth/revoke", format!("token={value}"));
            let answer = running.send(revoke.basic(&running.web.id, &running.web.secret)).await;
            assert_eq!(answer.status, status, "{variant:?}");
            tried += 2;
            // White space around the value is no part of a header's value, and a line break would end it.
            if token.starts_with("at_") && variant.trim() != *token && !variant.contains(['\r', '\n']) {
                let answer = Request::get("/whoami").bearer(&variant).send(address).await;
                assert!([400, 401].contains(&answer.status), "{variant:?}: {answer:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 2_000, "{tried}");
    assert!(running.is_active(&tokens.access).await && running.is_active(&tokens.refresh).await);
    assert_eq!(Request::get("/write").bearer(&tokens.access).send(address).await.status, 200);
    assert!(running.portal.journal.signals().is_empty());
}
