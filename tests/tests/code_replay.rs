//! A code is good once, and one that comes back is a sign of theft (RFC 6749 sections 4.1.2 and 10.5).

use oauth2_tests::http::Request;
use oauth2_tests::portal::{
    NATIVE_CALLBACK, RunningPortal, VERIFIER, client, encoded, redemption, request, value,
};
use oauth2_tests::running::Tokens;

const NOT_VALID: &str = "the code is not valid";

/// S19: a code that comes back later than a lost answer explains ends what it was exchanged for, and what became of that.
#[tokio::test]
async fn s19_a_code_that_comes_back_ends_its_tokens() {
    let running = RunningPortal::start().await;
    let bystander = running.tokens("alice", "read").await;
    let code = running.code("alice", "read").await;
    let first = Tokens::of(&running.redeem(&code).await);
    let second = Tokens::of(&running.refresh(&first.refresh).await);
    running.clock.step(11);
    drop(running.portal.journal.signals());
    running.redeem(&code).await.assert_error(400, "invalid_grant", NOT_VALID);
    let told = running.portal.journal.signals();
    assert_eq!(told, ["code_replayed web web u-alice true", "token_revoked web 1"]);
    for token in [&first.access, &first.refresh, &second.access, &second.refresh] {
        let answer = running.introspect(&running.web, token).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "{\"active\":false}"));
    }
    assert_eq!(running.send(Request::get("/whoami").bearer(&second.access)).await.status, 401);
    assert_eq!(running.refresh(&second.refresh).await.status, 400);
    // What came from another code stays.
    assert!(running.is_active(&bystander.access).await && running.is_active(&bystander.refresh).await);
}

/// S19: the code is remembered after its own end.
#[tokio::test]
async fn s19_an_expired_code_that_comes_back_ends_its_tokens() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let tokens = Tokens::of(&running.redeem(&code).await);
    running.clock.step(599);
    assert!(running.portal.purge().await.is_ok() && running.is_active(&tokens.access).await);
    running.redeem(&code).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert!(!running.is_active(&tokens.access).await && !running.is_active(&tokens.refresh).await);
}

/// S19: within ten seconds the same replay is an answer that got lost: refused, and nothing ends.
#[tokio::test]
async fn s19_a_quick_replay_is_refused_and_ends_nothing() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let tokens = Tokens::of(&running.redeem(&code).await);
    drop(running.portal.journal.signals());
    for pause in [0, 1, 9] {
        running.clock.step(pause);
        running.redeem(&code).await.assert_error(400, "invalid_grant", NOT_VALID);
        assert_eq!(running.portal.journal.signals(), ["code_replayed web web u-alice false"]);
        assert!(running.is_active(&tokens.access).await && running.is_active(&tokens.refresh).await);
    }
    running.clock.step(1);
    running.redeem(&code).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert!(!running.is_active(&tokens.access).await && !running.is_active(&tokens.refresh).await);
    // There is nothing left to end.
    drop(running.portal.journal.signals());
    running.redeem(&code).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert_eq!(running.portal.journal.signals(), ["code_replayed web web u-alice false"]);
}

/// S20: somebody else's replay changes nothing, but somebody is told.
#[tokio::test]
async fn s20_another_clients_replay_changes_nothing() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let tokens = Tokens::of(&running.redeem(&code).await);
    running.clock.step(30);
    drop(running.portal.journal.signals());
    let answer = running.token(&running.other, &redemption(&code)).await;
    answer.assert_error(400, "invalid_grant", NOT_VALID);
    assert_eq!(running.portal.journal.signals(), ["code_replayed other web u-alice false"]);
    let public = Request::form("/oauth/token", format!("{}&client_id=native", redemption(&code)));
    running.send(public).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert_eq!(running.portal.journal.signals(), ["code_replayed native web u-alice false"]);
    assert!(running.is_active(&tokens.access).await && running.is_active(&tokens.refresh).await);
    assert_eq!(running.refresh(&tokens.refresh).await.status, 200);
}

/// Wrong guesses about a used code count as its replay: whoever has it need not know the rest.
#[tokio::test]
async fn a_replay_without_the_verifier_is_one_too() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let tokens = Tokens::of(&running.redeem(&code).await);
    running.clock.step(11);
    let bare = format!("grant_type=authorization_code&code={code}");
    running.token(&running.web, &bare).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert!(!running.is_active(&tokens.access).await && !running.is_active(&tokens.refresh).await);
}

/// S20: a public client only names itself, so anybody could send its old codes. Without the verifier nothing ends.
#[tokio::test]
async fn s20_a_public_clients_code_ends_nothing_without_its_verifier() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let answered = running.authorize(&mut browser, &request("native", NATIVE_CALLBACK, "&scope=read")).await;
    let code = value(&answered, "code");
    let bare = format!(
        "grant_type=authorization_code&client_id=native&code={code}&redirect_uri={}",
        encoded(NATIVE_CALLBACK)
    );
    let whole = format!("{bare}&code_verifier={VERIFIER}");
    let tokens = Tokens::of(&running.send(Request::form("/oauth/token", whole.clone())).await);
    let whoami = async || running.send(Request::get("/whoami").bearer(&tokens.access)).await.status;
    running.clock.step(30);
    for (body, status, revoked) in [(bare, 200, false), (whole, 401, true)] {
        drop(running.portal.journal.signals());
        let answer = running.send(Request::form("/oauth/token", body)).await;
        answer.assert_error(400, "invalid_grant", NOT_VALID);
        assert_eq!(whoami().await, status);
        let replayed = format!("code_replayed native native u-alice {revoked}");
        assert_eq!(running.portal.journal.signals()[0], replayed);
    }
}

/// S19: that a client's redirect URIs have changed since, as after a theft, spares nothing.
#[tokio::test]
async fn s19_a_replay_is_seen_though_the_redirect_uris_have_changed() {
    let uri = format!("&redirect_uri={}", encoded(NATIVE_CALLBACK));
    for (named, uris) in
        [(true, &["http://127.0.0.1/new"][..]), (false, &[NATIVE_CALLBACK, "http://127.0.0.1/new"])]
    {
        let running = RunningPortal::start().await;
        let mut browser = running.signed_in("alice").await;
        let query = request("native", NATIVE_CALLBACK, "&scope=read");
        let (query, uri) = if named { (query, uri.as_str()) } else { (query.replace(&uri, ""), "") };
        let code = value(&running.authorize(&mut browser, &query).await, "code");
        let body = format!(
            "grant_type=authorization_code&client_id=native&code={code}&code_verifier={VERIFIER}{uri}"
        );
        let redeem = async || running.send(Request::form("/oauth/token", body.clone())).await;
        let tokens = Tokens::of(&redeem().await);
        assert!(running.portal.clients().replace(client("native", uris)).await.unwrap());
        running.clock.step(11);
        redeem().await.assert_error(400, "invalid_grant", NOT_VALID);
        let answer = running.send(Request::get("/whoami").bearer(&tokens.access)).await;
        assert_eq!(answer.status, 401, "{named} {uris:?}");
    }
}
