//! The resource owner password credentials grant (RFC 6749 section 4.3).

use std::time::{Duration, Instant};

use oauth2_tests::classic::{PASSWORD, RunningClassic, register, using};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, client};
use oauth2_tests::running::Tokens;
use serde_json::json;

const WRONG: &str = "the user name or the password is wrong";

/// The body of a token request.
fn body(username: &str, password: &str, more: &str) -> String {
    format!("grant_type=password&username={username}&password={password}{more}")
}

#[tokio::test]
async fn a_persons_password_is_exchanged_for_a_token() {
    let running = RunningClassic::start().await;
    let answer = running.token(&running.web, &body("alice", PASSWORD, "&scope=read")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    let Tokens { access, refresh } = Tokens::of(&answer);
    let whole = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 1200,
                        "refresh_token": refresh, "scope": "read" });
    assert_eq!(answer.json(), whole);
    assert_eq!(running.whoami(&access).await.body, "web u-alice `read`");
    let signals = running.server.journal.signals();
    assert_eq!(signals, ["token_issued web u-alice password `read` refreshable"]);
    // Nobody was asked: there is no consent, and no session.
    assert_eq!((running.stored_tokens().await, running.stored_consents().await), (1, 0));
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_session").await, 0);
    // Without a scope it is all that the grant and the client have in common.
    let answer = running.token(&running.web, &body("alice", PASSWORD, "")).await;
    assert_eq!(answer.json()["scope"], "read write");
}

#[tokio::test]
async fn its_refresh_tokens_rotate() {
    let running = RunningClassic::start().await;
    let refresh = async |token: &str| {
        running.token(&running.web, &format!("grant_type=refresh_token&refresh_token={token}")).await
    };
    let first = Tokens::of(&running.token(&running.web, &body("alice", PASSWORD, "&scope=read")).await);
    let second = Tokens::of(&refresh(&first.refresh).await);
    assert_ne!((&first.access, &first.refresh), (&second.access, &second.refresh));
    assert_eq!(running.whoami(&first.access).await.status, 401);
    assert_eq!(running.whoami(&second.access).await.body, "web u-alice `read`");
    running.clock.step(11);
    let reason = "the refresh token is not valid";
    refresh(&first.refresh).await.assert_error(400, "invalid_grant", reason);
    // A theft: the whole authorization has ended.
    refresh(&second.refresh).await.assert_error(400, "invalid_grant", reason);
    assert_eq!(running.whoami(&second.access).await.status, 401);
}

/// A client that may not refresh gets no refresh token, and needs no secret.
#[tokio::test]
async fn a_public_client_names_itself() {
    let running = RunningClassic::start().await;
    let answer = running.bare_token(&body("alice", PASSWORD, "&client_id=till&scope=write")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["refresh_token"], json!(null));
    let access = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(running.whoami(&access).await.body, "till u-alice `write`");
    let nameless = running.bare_token(&body("alice", PASSWORD, "")).await;
    nameless.assert_error(401, "invalid_client", "client authentication failed");
    // The name of a client that has a secret is not enough.
    let named = running.bare_token(&body("alice", PASSWORD, "&client_id=web")).await;
    named.assert_error(401, "invalid_client", "client authentication failed");
}

/// The answers to an unknown person, a wrong password, and a disabled person with the right one and a wrong one.
async fn failures(running: &RunningClassic) -> Vec<Response> {
    let mut answers = Vec::new();
    for (name, password) in [("nobod", PASSWORD), ("alice", "wrong"), ("david", PASSWORD), ("david", "wrong")]
    {
        answers.push(running.token(&running.web, &body(name, password, "&scope=read")).await);
    }
    answers
}

/// S95: who has an account is nobody's business.
#[tokio::test]
async fn four_failures_are_one_answer() {
    let running = RunningClassic::start().await;
    running.server.journal.lock().disabled.insert("u-david".to_owned());
    for answer in failures(&running).await {
        answer.assert_error(400, "invalid_grant", WRONG);
        assert_eq!(answer.header("www-authenticate"), None);
    }
    assert_eq!(running.stored_tokens().await, 0);
    assert!(running.server.journal.signals().is_empty());
    running.server.journal.lock().disabled.clear();
    assert_eq!(running.token(&running.web, &body("david", PASSWORD, "")).await.status, 200);
}

/// The fastest answer of several, which is the one that waited least for other work of the machine.
async fn fastest(running: &RunningClassic, name: &str, password: &str) -> Duration {
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let started = Instant::now();
        let answer = running.token(&running.web, &body(name, password, "")).await;
        fastest = fastest.min(started.elapsed());
        answer.assert_error(400, "invalid_grant", WRONG);
    }
    fastest
}

/// A person who is not there takes a hash all the same: without it the answer would come many times sooner.
#[tokio::test]
async fn an_unknown_person_takes_as_much_work_as_a_wrong_password() {
    let running = RunningClassic::start().await;
    running.server.journal.lock().disabled.insert("u-david".to_owned());
    let wrong = fastest(&running, "alice", "wrong").await;
    for (name, password) in [("nobod", "wrong"), ("david", PASSWORD), ("david", "wrong")] {
        let other = fastest(&running, name, password).await;
        assert!(other > wrong / 3 && other < wrong * 3, "{name}: {other:?} and {wrong:?}");
    }
}

#[tokio::test]
async fn only_clients_that_list_it_may_use_it() {
    let running = RunningClassic::start().await;
    let others = ["authorization_code", "client_credentials", "refresh_token"];
    let other = register(&running.server, using(client("other", &[]), &others)).await;
    let reason = "this client may not use this grant type";
    for client in [&other, &running.plain] {
        let answer = running.token(client, &body("alice", PASSWORD, "")).await;
        answer.assert_error(400, "unauthorized_client", reason);
        // Before anybody looks at the password: such a client cannot try passwords.
        let answer = running.token(client, &body("alice", "wrong", "")).await;
        answer.assert_error(400, "unauthorized_client", reason);
    }
    let answer = running.bare_token(&body("alice", PASSWORD, "&client_id=script")).await;
    answer.assert_error(400, "unauthorized_client", reason);
    assert_eq!(running.stored_tokens().await, 0);
}

#[tokio::test]
async fn a_scope_that_is_not_to_be_had_is_refused_before_the_password_is_looked_at() {
    let running = RunningClassic::start().await;
    let reason = "the scope is unknown or more than this client may be granted";
    for scope in ["admin", "read%20admin", "nope", "read%20%20write"] {
        for password in [PASSWORD, "wrong"] {
            let more = format!("&scope={scope}");
            let answer = running.token(&running.web, &body("alice", password, &more)).await;
            answer.assert_error(400, "invalid_scope", reason);
        }
    }
}

#[tokio::test]
async fn parameters_that_are_missing_or_repeated_are_refused() {
    let running = RunningClassic::start().await;
    let good = body("alice", PASSWORD, "");
    for (body, reason) in [
        ("grant_type=password".to_owned(), "`username` is missing"),
        ("grant_type=password&username=alice".to_owned(), "`password` is missing"),
        (format!("grant_type=password&password={PASSWORD}"), "`username` is missing"),
        (body("", PASSWORD, ""), "`username` is missing"),
        (body("alice", "", ""), "`password` is missing"),
        (format!("{good}&username=alice"), "`username` is there more than once"),
        (format!("{good}&password={PASSWORD}"), "`password` is there more than once"),
    ] {
        running.token(&running.web, &body).await.assert_error(400, "invalid_request", reason);
    }
    // Never from the query (RFC 6749 section 2.3.1 has it for secrets, and a password is one).
    let target = format!("/oauth/token?{good}");
    let request = Request::form(&target, "grant_type=password").basic(&running.web.id, &running.web.secret);
    assert_eq!(running.send(request).await.status, 400);
    assert_eq!(running.stored_tokens().await, 0);
}

#[tokio::test]
async fn a_server_without_it_says_so() {
    let running = RunningPortal::start().await;
    let answer = running.token(&running.web, &body("alice", "alice-password", "")).await;
    answer.assert_error(400, "unsupported_grant_type", "this server has no such grant type");
}
