//! The revocation endpoint (RFC 7009): what ends, what goes on, and who may end it.

use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{NATIVE_CALLBACK, RunningPortal, VERIFIER, encoded, request, value};
use oauth2_tests::running::{Credentials, Tokens};

const ENDPOINT: &str = "/oauth/revoke";

async fn revoke(running: &RunningPortal, client: &Credentials, body: &str) -> Response {
    running.send(Request::form(ENDPOINT, body).basic(&client.id, &client.secret)).await
}

/// The same whatever has happened (RFC 7009 section 2.2).
#[track_caller]
fn assert_done(answer: &Response) {
    assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_eq!(answer.header("content-type"), None);
}

/// Without the signals of the flow.
async fn tokens(running: &RunningPortal) -> Tokens {
    let tokens = running.tokens("alice", "read").await;
    drop(running.portal.journal.signals());
    tokens
}

async fn whoami(running: &RunningPortal, token: &str) -> u16 {
    running.send(Request::get("/whoami").bearer(token)).await.status
}

/// S40, S72: with the right hint, none, a wrong one and an unknown one.
#[tokio::test]
async fn a_refresh_token_ends_its_whole_authorization() {
    let running = RunningPortal::start().await;
    for hint in ["", "&token_type_hint=refresh_token", "&token_type_hint=access_token", "&token_type_hint=x"]
    {
        let first = tokens(&running).await;
        let second = Tokens::of(&running.refresh(&first.refresh).await);
        drop(running.portal.journal.signals());
        assert_done(&revoke(&running, &running.web, &format!("token={}{hint}", second.refresh)).await);
        for token in [&first.access, &first.refresh, &second.access, &second.refresh] {
            assert!(!running.is_active(token).await, "{hint}");
        }
        assert_eq!(whoami(&running, &second.access).await, 401);
        assert_eq!(running.portal.journal.signals(), ["token_revoked web 1"]);
        let answer = running.refresh(&second.refresh).await;
        answer.assert_error(400, "invalid_grant", "the refresh token is not valid");
    }
}

/// S40, S72: and the client goes on with its refresh token.
#[tokio::test]
async fn an_access_token_ends_alone() {
    let running = RunningPortal::start().await;
    for hint in ["", "&token_type_hint=access_token", "&token_type_hint=refresh_token", "&token_type_hint=x"]
    {
        let first = tokens(&running).await;
        assert_done(&revoke(&running, &running.web, &format!("token={}{hint}", first.access)).await);
        assert!(!running.is_active(&first.access).await, "{hint}");
        assert_eq!(whoami(&running, &first.access).await, 401);
        assert!(running.is_active(&first.refresh).await);
        assert_eq!(running.portal.journal.signals(), ["token_revoked web 1"]);
        let second = Tokens::of(&running.refresh(&first.refresh).await);
        assert_eq!(whoami(&running, &second.access).await, 200);
    }
}

/// A refresh token that was used already still names its authorization: whoever wants an end to it gets one.
#[tokio::test]
async fn a_used_refresh_token_ends_its_authorization_too() {
    let running = RunningPortal::start().await;
    let first = tokens(&running).await;
    let second = Tokens::of(&running.refresh(&first.refresh).await);
    assert_done(&revoke(&running, &running.web, &format!("token={}", first.refresh)).await);
    assert!(!running.is_active(&second.access).await && !running.is_active(&second.refresh).await);
}

/// RFC 7009 section 2.2: there is nothing the client could do about a token that is not there.
#[tokio::test]
async fn an_unknown_token_is_no_error() {
    let running = RunningPortal::start().await;
    let live = tokens(&running).await;
    let code = running.code("alice", "read").await;
    drop(running.portal.journal.signals());
    let never = live.access.replace("at_", "rt_");
    for token in ["x", "at_", &never, &code, &running.web.secret, &"x".repeat(4_096)] {
        assert_done(&revoke(&running, &running.web, &format!("token={token}")).await);
    }
    assert!(running.portal.journal.signals().is_empty());
    assert!(running.is_active(&live.access).await && running.is_active(&live.refresh).await);
    // The code is no token, and still good.
    assert_eq!(running.redeem(&code).await.status, 200);
}

#[tokio::test]
async fn a_second_revocation_changes_and_signals_nothing() {
    let running = RunningPortal::start().await;
    for token in [tokens(&running).await.access, tokens(&running).await.refresh] {
        let body = format!("token={token}");
        assert_done(&revoke(&running, &running.web, &body).await);
        assert_eq!(running.portal.journal.signals().len(), 1);
        running.clock.step(1);
        let rows = "SELECT GROUP_CONCAT(COALESCE(revoked_at, 0) || ' ' || expires_at) FROM oauth2_token";
        let before = running.database.texts(rows).await;
        assert_done(&revoke(&running, &running.web, &body).await);
        assert_eq!(running.database.texts(rows).await, before);
        assert!(running.portal.journal.signals().is_empty());
    }
}

/// S72: nothing happens to another client's token, and nothing is said about it.
#[tokio::test]
async fn another_clients_token_is_untouched() {
    let running = RunningPortal::start().await;
    let live = tokens(&running).await;
    for token in [&live.access, &live.refresh] {
        assert_done(&revoke(&running, &running.other, &format!("token={token}")).await);
        let public = Request::form(ENDPOINT, format!("token={token}&client_id=native"));
        assert_done(&running.send(public).await);
    }
    assert!(running.portal.journal.signals().is_empty());
    assert!(running.is_active(&live.access).await && running.is_active(&live.refresh).await);
}

/// S72: a public client names itself, which is all it can.
#[tokio::test]
async fn a_public_client_revokes_its_tokens() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let uri = encoded(NATIVE_CALLBACK);
    for kind in ["access", "refresh"] {
        let answered =
            running.authorize(&mut browser, &request("native", NATIVE_CALLBACK, "&scope=read")).await;
        let body = format!(
            "grant_type=authorization_code&client_id=native&code={}&redirect_uri={uri}&code_verifier={VERIFIER}",
            value(&answered, "code")
        );
        let tokens = Tokens::of(&running.send(Request::form("/oauth/token", body)).await);
        let token = if kind == "access" { &tokens.access } else { &tokens.refresh };
        assert_eq!(whoami(&running, &tokens.access).await, 200);
        assert_done(&running.send(Request::form(ENDPOINT, format!("token={token}&client_id=native"))).await);
        assert_eq!(whoami(&running, &tokens.access).await, 401);
        let body = format!("grant_type=refresh_token&client_id=native&refresh_token={}", tokens.refresh);
        let renewed = running.send(Request::form("/oauth/token", body)).await;
        assert_eq!(renewed.status, if kind == "access" { 200 } else { 400 }, "{renewed:?}");
    }
}

/// Also for a token of its own, a client that has a secret must show it.
#[tokio::test]
async fn a_confidential_client_authenticates() {
    let running = RunningPortal::start().await;
    let live = tokens(&running).await;
    let token = format!("token={}", live.refresh);
    let wrong = Credentials { secret: running.other.secret.clone(), ..running.web.clone() };
    let expected = revoke(&running, &wrong, &token).await;
    expected.assert_error(401, "invalid_client", "client authentication failed");
    assert_eq!(expected.header("www-authenticate"), Some("Basic realm=\"http://127.0.0.1\""));
    for more in ["&client_id=web", "&client_id=nobody", "", "&client_id=web&client_secret=x"] {
        let answer = running.send(Request::form(ENDPOINT, format!("{token}{more}"))).await;
        assert_eq!(answer, expected, "{more}");
    }
    assert!(running.is_active(&live.refresh).await && running.portal.journal.signals().is_empty());
}

/// S53: one request has one client.
#[tokio::test]
async fn a_request_names_one_client() {
    let running = RunningPortal::start().await;
    let live = tokens(&running).await;
    let token = format!("token={}", live.access);
    for other in ["other", "native", "nobody"] {
        let answer = revoke(&running, &running.web, &format!("{token}&client_id={other}")).await;
        answer.assert_error(401, "invalid_client", "client authentication failed");
    }
    let body = format!("{token}&client_id=web&client_secret={}", running.web.secret);
    let answer = revoke(&running, &running.web, &body).await;
    answer.assert_error(400, "invalid_request", "the client authenticates in more than one way");
    assert!(running.is_active(&live.access).await);
    assert_done(&revoke(&running, &running.web, &format!("{token}&client_id=web")).await);
    assert!(!running.is_active(&live.access).await);
}
