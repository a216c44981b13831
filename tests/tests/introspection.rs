//! The introspection endpoint (RFC 7662): what a client learns of a token.

use oauth2_tests::clock::START;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    NATIVE_CALLBACK, RunningPortal, VERIFIER, client, encoded, register, request, value,
};
use oauth2_tests::running::{Credentials, Tokens};

const ENDPOINT: &str = "/oauth/introspect";
const INACTIVE: &str = "{\"active\":false}";

#[track_caller]
fn assert_answer(answer: &Response, body: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (200, body));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
}

fn access(scope: &str) -> String {
    format!(
        "{{\"active\":true,\"scope\":\"{scope}\",\"client_id\":\"web\",\"sub\":\"u-alice\",\"token_type\":\"Bearer\",\
         \"exp\":{},\"iat\":{START},\"iss\":\"http://127.0.0.1\"}}",
        START + 600
    )
}

fn refresh(scope: &str) -> String {
    format!(
        "{{\"active\":true,\"scope\":\"{scope}\",\"client_id\":\"web\",\"sub\":\"u-alice\",\"exp\":{},\
         \"iat\":{START},\"iss\":\"http://127.0.0.1\"}}",
        START + 3_600
    )
}

/// Tokens of the public client.
async fn native_tokens(running: &RunningPortal) -> Tokens {
    let mut browser = running.signed_in("alice").await;
    let answered = running.authorize(&mut browser, &request("native", NATIVE_CALLBACK, "&scope=read")).await;
    let (code, uri) = (value(&answered, "code"), encoded(NATIVE_CALLBACK));
    let body = format!(
        "grant_type=authorization_code&client_id=native&code={code}&redirect_uri={uri}&code_verifier={VERIFIER}"
    );
    Tokens::of(&running.send(Request::form("/oauth/token", body)).await)
}

#[tokio::test]
async fn the_answers_about_live_tokens_are_exact() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read write").await;
    assert_answer(&running.introspect(&running.web, &tokens.access).await, &access("read write"));
    assert_answer(&running.introspect(&running.web, &tokens.refresh).await, &refresh("read write"));
}

/// The hint is a hint (RFC 7662 section 2.1): a wrong one finds the token all the same.
#[tokio::test]
async fn any_hint_finds_the_token() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    for hint in ["access_token", "refresh_token", "saml2", ""] {
        for (token, expected) in [(&tokens.access, access("read")), (&tokens.refresh, refresh("read"))] {
            let body = format!("token={token}&token_type_hint={hint}");
            let request = Request::form(ENDPOINT, body).basic(&running.web.id, &running.web.secret);
            assert_answer(&running.send(request).await, &expected);
        }
    }
}

#[tokio::test]
async fn tokens_end_at_the_very_second() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    running.clock.step(599);
    assert_answer(&running.introspect(&running.web, &tokens.access).await, &access("read"));
    running.clock.step(1);
    assert_answer(&running.introspect(&running.web, &tokens.access).await, INACTIVE);
    running.clock.step(3_600 - 601);
    assert_answer(&running.introspect(&running.web, &tokens.refresh).await, &refresh("read"));
    running.clock.step(1);
    assert_answer(&running.introspect(&running.web, &tokens.refresh).await, INACTIVE);
}

#[tokio::test]
async fn used_and_revoked_tokens_are_inactive() {
    let running = RunningPortal::start().await;
    let first = running.tokens("alice", "read").await;
    let second = Tokens::of(&running.refresh(&first.refresh).await);
    assert_answer(&running.introspect(&running.web, &first.refresh).await, INACTIVE);
    assert!(running.is_active(&second.refresh).await && running.is_active(&second.access).await);
    running.clock.step(11);
    assert_eq!(running.refresh(&first.refresh).await.status, 400);
    for token in [&second.access, &second.refresh] {
        assert_answer(&running.introspect(&running.web, token).await, INACTIVE);
    }
}

/// S68: nothing is said about another client's token, not even that it is one.
#[tokio::test]
async fn another_clients_token_is_inactive() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    for token in [&tokens.access, &tokens.refresh] {
        assert_answer(&running.introspect(&running.other, token).await, INACTIVE);
    }
}

/// A protected resource is registered as a client that may look at every token.
#[tokio::test]
async fn a_client_with_the_right_to_introspect_sees_every_token() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    let resource = client("resource", &[]);
    let resource =
        register(&running.portal, oauth2_runtime::models::Client { introspect: true, ..resource }).await;
    assert_answer(&running.introspect(&resource, &tokens.access).await, &access("read"));
    assert_answer(&running.introspect(&resource, &tokens.refresh).await, &refresh("read"));
    let native = native_tokens(&running).await;
    assert_eq!(running.introspect(&resource, &native.access).await.json()["client_id"], "native");
}

/// RFC 7662 section 2.1: whoever asks has to prove who they are, or tokens could be tried out.
#[tokio::test]
async fn a_public_client_learns_nothing() {
    let running = RunningPortal::start().await;
    let tokens = native_tokens(&running).await;
    let body = format!("token={}&client_id=native", tokens.access);
    let answer = running.send(Request::form(ENDPOINT, body)).await;
    answer.assert_error(401, "invalid_client", "introspection is for clients that authenticate");
    assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"http://127.0.0.1\""));
    let mut answers = Vec::new();
    for id in ["web", "nobody"] {
        let body = format!("token={}&client_id={id}", tokens.access);
        answers.push(running.send(Request::form(ENDPOINT, body)).await);
    }
    answers[0].assert_error(401, "invalid_client", "client authentication failed");
    assert_eq!(answers[0], answers[1]);
    let nobody = Request::form(ENDPOINT, format!("token={}", tokens.access));
    running.send(nobody).await.assert_error(401, "invalid_client", "client authentication failed");
}

/// S65: a token that a client has for itself speaks for nobody, whatever the client is called.
#[tokio::test]
async fn a_clients_own_token_has_no_subject() {
    let running = RunningPortal::start().await;
    let namesake = register(&running.portal, client("u-alice", &[])).await;
    let answer = running.token(&namesake, "grant_type=client_credentials&scope=read").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let expected = format!(
        "{{\"active\":true,\"scope\":\"read\",\"client_id\":\"u-alice\",\"token_type\":\"Bearer\",\"exp\":{},\
         \"iat\":{START},\"iss\":\"http://127.0.0.1\"}}",
        START + 3_600
    );
    assert_answer(&running.introspect(&namesake, &token).await, &expected);
    assert_eq!(running.send(Request::get("/whoami").bearer(&token)).await.body, "-");
}

/// S24: what is no access token and no refresh token is inactive, also where it is a live secret of another kind.
#[tokio::test]
async fn other_secrets_are_no_tokens() {
    let running = RunningPortal::start().await;
    let browser = running.signed_in("alice").await;
    let code = running.code("alice", "read").await;
    let session = browser.cookies.values().next().unwrap().clone();
    for token in [code, session, running.web.secret.clone(), "at_".into(), "x".into(), "x".repeat(4_096)] {
        assert_answer(&running.introspect(&running.web, &token).await, INACTIVE);
    }
}

/// S53: one request has one client.
#[tokio::test]
async fn a_request_names_one_client() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    let Credentials { id, secret } = &running.web;
    let send = async |more: &str| {
        let body = format!("token={}&{more}", tokens.access);
        running.send(Request::form(ENDPOINT, body).basic(id, secret)).await
    };
    assert_answer(&send("client_id=web").await, &access("read"));
    for other in ["client_id=other", "client_id=native", "client_id=nobody"] {
        send(other).await.assert_error(401, "invalid_client", "client authentication failed");
    }
    let both = send(&format!("client_id=web&client_secret={secret}")).await;
    both.assert_error(400, "invalid_request", "the client authenticates in more than one way");
    let body = format!("token={}&client_id=web&client_secret={secret}", tokens.access);
    assert_answer(&running.send(Request::form(ENDPOINT, body)).await, &access("read"));
}
