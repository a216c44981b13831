//! Refresh tokens: rotation, narrowing, expiry, and what has changed since they were issued.

use oauth2_tests::http::Response;
use oauth2_tests::provider::{Access, App, REFRESH_TTL, app};
use oauth2_tests::running::{Credentials, Running, Tokens};

const NOT_VALID: &str = "the refresh token is not valid";
const NOT_BELIEVED: &str = "client authentication failed";
const NOT_GRANTABLE: &str = "the scope is unknown or more than this client may be granted";

async fn start() -> (Running, Credentials, Tokens) {
    let running = Running::start().await;
    let phone_app = running.register(app("phone")).await;
    let tokens = running.sign_in(&phone_app, "5550100").await;
    running.auth.journal.forget();
    (running, phone_app, tokens)
}

async fn narrowed(running: &Running, client: &Credentials, token: &str, scope: &str) -> Response {
    running.token(client, &format!("grant_type=refresh_token&refresh_token={token}&scope={scope}")).await
}

#[tokio::test]
async fn the_answer_is_exact() {
    let (running, phone_app, old) = start().await;
    let answer = running.refresh(&phone_app, &old.refresh).await;
    let new = Tokens::of(&answer);
    let body = format!(
        "{{\"access_token\":\"{}\",\"token_type\":\"Bearer\",\"expires_in\":300,\"refresh_token\":\"{}\",\
         \"scope\":\"read write admin\"}}",
        new.access, new.refresh
    );
    assert_eq!((answer.status, answer.body.as_str()), (200, body.as_str()));
    assert_ne!(new.refresh, old.refresh);
    assert_eq!(
        running.auth.journal.signals(),
        [
            "client_authenticated phone by client_secret_basic",
            "token_issued phone 5550100 refresh_token `read write admin` refreshable",
        ]
    );
}

#[tokio::test]
async fn rotation_ends_the_old_access_token_and_keeps_family_and_subject() {
    let (running, phone_app, old) = start().await;
    assert_eq!(running.whoami(&old.access).await.status, 200);
    let new = Tokens::of(&running.refresh(&phone_app, &old.refresh).await);
    assert_eq!(running.whoami(&old.access).await.status, 401);
    assert_eq!(running.whoami(&new.access).await.body, "phone 5550100 `read write admin` api");
    assert_eq!(running.database.number("SELECT COUNT(DISTINCT grant_id) FROM app_token").await, 1);
    assert_eq!(running.stored_tokens().await, 2);
}

#[tokio::test]
async fn malformed_and_unknown_tokens_are_refused() {
    let (running, phone_app, tokens) = start().await;
    let answer = running.token(&phone_app, "grant_type=refresh_token").await;
    answer.assert_error(400, "invalid_request", "`refresh_token` is missing");
    let mut flipped = tokens.refresh.clone();
    let last = if flipped.pop() == Some('A') { 'B' } else { 'A' };
    flipped.push(last);
    for token in ["x", "rt_", &flipped, &tokens.access, &format!("{}x", tokens.refresh)] {
        running.refresh(&phone_app, token).await.assert_error(400, "invalid_grant", NOT_VALID);
    }
    let elsewhere = Running::start().await;
    let there = elsewhere.register(app("phone")).await;
    let foreign = elsewhere.sign_in(&there, "5550100").await;
    running.refresh(&phone_app, &foreign.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert_eq!(running.refresh(&phone_app, &tokens.refresh).await.status, 200);
}

/// S37: another client's refresh token is worth nothing, live or used, and nothing happens to it.
#[tokio::test]
async fn another_clients_use_is_refused_and_does_not_consume() {
    let (running, phone_app, tokens) = start().await;
    let thief = running.register(app("thief")).await;
    running.auth.clients().ensure(app("public")).await.unwrap();
    let body = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
    let attempts = async || {
        running.refresh(&thief, &tokens.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
        let by_the_way = running.token(&thief, &format!("{body}&client_id=phone")).await;
        by_the_way.assert_error(401, "invalid_client", NOT_BELIEVED);
        for nobody in ["", "&client_id=phone"] {
            let answer = running.bare_token(&format!("{body}{nobody}")).await;
            answer.assert_error(401, "invalid_client", NOT_BELIEVED);
        }
        let answer = running.bare_token(&format!("{body}&client_id=public")).await;
        answer.assert_error(400, "invalid_grant", NOT_VALID);
    };
    attempts().await;
    assert_eq!(running.whoami(&tokens.access).await.status, 200);
    let next = Tokens::of(&running.refresh(&phone_app, &tokens.refresh).await);
    // Not even with a used one, and however late: from its own client that would end the family.
    running.clock.step(11);
    running.auth.journal.forget();
    attempts().await;
    let signals = running.auth.journal.signals();
    assert!(signals.iter().all(|line| line.starts_with("client_authenticated ")), "{signals:?}");
    assert_eq!(running.whoami(&next.access).await.status, 200);
}

/// S36: a narrowed access token does not narrow the refresh token.
#[tokio::test]
async fn a_narrowed_refresh_can_be_widened_back_to_the_original() {
    let (running, phone_app, tokens) = start().await;
    let answer = narrowed(&running, &phone_app, &tokens.refresh, "write").await;
    let narrow = Tokens::of(&answer);
    assert_eq!(answer.json()["scope"], "write");
    assert_eq!(running.whoami(&narrow.access).await.body, "phone 5550100 `write` api");
    let answer = running.refresh(&phone_app, &narrow.refresh).await;
    assert_eq!(answer.json()["scope"], "read write admin");
    let wide = Tokens::of(&answer);
    let answer = narrowed(&running, &phone_app, &wide.refresh, "admin+read").await;
    assert_eq!(answer.json()["scope"], "read admin");
}

#[tokio::test]
async fn a_refresh_cannot_exceed_the_original_scope_and_a_refusal_does_not_consume() {
    let running = Running::start().await;
    let reader = App { scope: [Access::Read].into_iter().collect(), ..app("phone") };
    let phone_app = running.register(reader).await;
    let tokens = running.sign_in(&phone_app, "5550100").await;
    // The client may now ask for more, but this authorization was for less.
    let phone_app = running.register(app("phone")).await;
    for scope in ["write", "read+write", "read+write+admin", "unknown", "READ", "read++read", "+read"] {
        let answer = narrowed(&running, &phone_app, &tokens.refresh, scope).await;
        answer.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    }
    let answer = running.refresh(&phone_app, &tokens.refresh).await;
    assert_eq!((answer.status, answer.json()["scope"].as_str()), (200, Some("read")));
}

#[tokio::test]
async fn a_refresh_token_ends_at_exactly_its_lifetime() {
    let (running, phone_app, tokens) = start().await;
    let other = running.sign_in(&phone_app, "5550101").await;
    running.clock.step(REFRESH_TTL - 1);
    let renewed = Tokens::of(&running.refresh(&phone_app, &tokens.refresh).await);
    running.clock.step(1);
    running.refresh(&phone_app, &other.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
    // The successor has a lifetime of its own.
    running.clock.step(REFRESH_TTL - 2);
    assert_eq!(running.refresh(&phone_app, &renewed.refresh).await.status, 200);
}

#[tokio::test]
async fn a_public_client_refreshes_by_its_identifier() {
    let running = Running::start().await;
    let types = Some(["urn:test:sms-code", "refresh_token"].into_iter().collect());
    running.auth.clients().ensure(App { grant_types: types, ..app("spa") }).await.unwrap();
    let body = "grant_type=urn:test:sms-code&phone=1&code=123456&client_id=spa";
    let tokens = Tokens::of(&running.bare_token(body).await);
    let body = format!("grant_type=refresh_token&refresh_token={}&client_id=spa", tokens.refresh);
    assert_eq!(running.bare_token(&body).await.status, 200);
    assert_eq!(running.bare_token(&body).await.json()["error"], "invalid_grant");
}
