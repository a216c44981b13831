//! A refresh token is good for its client and for what was granted, and for no more (RFC 6749 sections 6 and 10.4).

use oauth2_tests::http::Request;
use oauth2_tests::portal::RunningPortal;
use oauth2_tests::running::Tokens;

const NOT_VALID: &str = "the refresh token is not valid";
const TOO_MUCH: &str = "the scope is unknown or more than this client may be granted";

fn narrowed(token: &str, scope: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}&scope={scope}")
}

/// S36: nothing that was not granted, whatever else the client may have.
#[tokio::test]
async fn s36_a_scope_cannot_be_widened() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    for scope in ["read+write", "write", "read+write+admin", "READ", "read++read", "nope"] {
        let answer = running.token(&running.web, &narrowed(&tokens.refresh, scope)).await;
        answer.assert_error(400, "invalid_scope", TOO_MUCH);
    }
    // None of it has used the token up.
    let answer = running.token(&running.web, &narrowed(&tokens.refresh, "read")).await;
    assert_eq!((answer.status, &answer.json()["scope"]), (200, &"read".into()));
}

/// S36: less for one token is not less for ever.
#[tokio::test]
async fn s36_a_narrowed_token_does_not_narrow_the_grant() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read write").await;
    let narrow = running.token(&running.web, &narrowed(&tokens.refresh, "write")).await;
    assert_eq!(narrow.json()["scope"], "write");
    let narrow = Tokens::of(&narrow);
    let told = |token: String| {
        let running = &running;
        async move { running.introspect(&running.web, &token).await.json()["scope"].clone() }
    };
    assert_eq!(told(narrow.access.clone()).await, "write");
    assert_eq!(told(narrow.refresh.clone()).await, "read write");
    let full = running.refresh(&narrow.refresh).await;
    assert_eq!((full.status, &full.json()["scope"]), (200, &"read write".into()));
    let answer = running.token(&running.web, &narrowed(&Tokens::of(&full).refresh, "admin")).await;
    answer.assert_error(400, "invalid_scope", TOO_MUCH);
}

/// S37: another client's refresh token is worth nothing, live or used, and nothing happens to it.
#[tokio::test]
async fn s37_another_client_cannot_use_a_refresh_token() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    drop(running.portal.journal.signals());
    let body = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
    let attempts = async || {
        running.token(&running.other, &body).await.assert_error(400, "invalid_grant", NOT_VALID);
        let public = Request::form("/oauth/token", format!("{body}&client_id=native"));
        running.send(public).await.assert_error(400, "invalid_grant", NOT_VALID);
        let named = running.token(&running.other, &format!("{body}&client_id=web")).await;
        named.assert_error(401, "invalid_client", "client authentication failed");
        let nameless = Request::form("/oauth/token", format!("{body}&client_id=web"));
        let answer = running.send(nameless).await;
        answer.assert_error(401, "invalid_client", "client authentication failed");
        let alone = running.send(Request::form("/oauth/token", body.clone())).await;
        alone.assert_error(401, "invalid_client", "client authentication failed");
    };
    attempts().await;
    assert!(running.is_active(&tokens.refresh).await && running.is_active(&tokens.access).await);
    let next = Tokens::of(&running.refresh(&tokens.refresh).await);
    // A used one, much later: from its own client this would end the family.
    running.clock.step(60);
    drop(running.portal.journal.signals());
    attempts().await;
    assert_eq!(running.portal.journal.signals(), Vec::<String>::new());
    assert!(running.is_active(&next.refresh).await);
    assert_eq!(running.refresh(&next.refresh).await.status, 200);
}

/// S37: nor can it revoke it, or learn about it.
#[tokio::test]
async fn s37_another_client_cannot_revoke_or_introspect_a_token() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    for token in [&tokens.access, &tokens.refresh] {
        let answer = running.introspect(&running.other, token).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "{\"active\":false}"));
        let revoke = Request::form("/oauth/revoke", format!("token={token}"));
        let answer = running.send(revoke.basic("other", &running.other.secret)).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        assert!(running.is_active(token).await);
    }
}
