//! A code is good for the client, the redirect URI and the minute it was issued for (RFC 6749 section 4.1.3).

use oauth2_runtime::models::Client;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{
    NATIVE_CALLBACK, RunningPortal, VERIFIER, WEB_CALLBACK, client, encoded, redemption, register, request,
    value,
};
use oauth2_tests::provider::Access;

const NOT_VALID: &str = "the code is not valid";
const OTHER_URI: &str = "`redirect_uri` is not that of the authorization request";

fn body(code: &str, redirect_uri: &str) -> String {
    format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}&{redirect_uri}")
}

/// S21: another client, with its own valid credentials, gets nothing for a code, and does not use it up.
#[tokio::test]
async fn s21_another_client_cannot_redeem_a_code() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let uris = [WEB_CALLBACK, "https://other.example/cb", NATIVE_CALLBACK, ""];
    for uri in uris.map(|uri| format!("redirect_uri={}", encoded(uri))) {
        let body = body(&code, &uri);
        running.token(&running.other, &body).await.assert_error(400, "invalid_grant", NOT_VALID);
        let public = Request::form("/oauth/token", format!("{body}&client_id=native"));
        running.send(public).await.assert_error(400, "invalid_grant", NOT_VALID);
        // Its own credentials and the owner's name.
        let named = format!("{body}&client_id=web");
        let answer = running.token(&running.other, &named).await;
        answer.assert_error(401, "invalid_client", "client authentication failed");
        let nameless = Request::form("/oauth/token", named);
        let answer = running.send(nameless).await;
        answer.assert_error(401, "invalid_client", "client authentication failed");
    }
    assert!(running.portal.journal.signals().iter().all(|line| !line.starts_with("code_replayed")));
    assert_eq!(running.redeem(&code).await.status, 200);
}

/// S22: good until the last second, and not in the one it ends at.
#[tokio::test]
async fn s22_a_code_ends_after_a_minute() {
    let running = RunningPortal::start().await;
    for (age, good) in [(0, true), (59, true), (60, false), (61, false), (3_600, false)] {
        let code = running.code("alice", "read").await;
        running.clock.step(age);
        let answer = running.redeem(&code).await;
        if good {
            assert_eq!(answer.status, 200, "after {age} s: {answer:?}");
        } else {
            answer.assert_error(400, "invalid_grant", NOT_VALID);
        }
    }
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_token").await, 2);
}

/// S23: the redirect URI is named again, and is the same.
#[tokio::test]
async fn s23_the_redirect_uri_must_be_the_same() {
    let running = RunningPortal::start().await;
    let second = "https://web.example/second";
    let web = register(&running.portal, client("web", &[WEB_CALLBACK, second])).await;
    let code = running.code("alice", "read").await;
    for wrong in [second, "https://web.example/cb/", "https://WEB.example/cb", "https://evil.test/cb", ""] {
        let answer = running.token(&web, &body(&code, &format!("redirect_uri={}", encoded(wrong)))).await;
        answer.assert_error(400, "invalid_grant", OTHER_URI);
    }
    running.token(&web, &body(&code, "")).await.assert_error(400, "invalid_grant", OTHER_URI);
    let twice = format!("{}&redirect_uri={}", redemption(&code), encoded(WEB_CALLBACK));
    let answer = running.token(&web, &twice).await;
    answer.assert_error(400, "invalid_request", "`redirect_uri` is there more than once");
    // None of this has used it up.
    assert_eq!(running.token(&web, &redemption(&code)).await.status, 200);
}

/// S23: at the token endpoint the port counts: it is the same request, not another one (RFC 8252 section 7.3).
#[tokio::test]
async fn s23_the_port_of_a_loopback_address_must_be_the_same() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let uri = "http://127.0.0.1:4711/cb";
    let code = value(&running.authorize(&mut browser, &request("native", uri, "")).await, "code");
    for (presented, status) in [(NATIVE_CALLBACK, 400), ("http://127.0.0.1:4712/cb", 400), (uri, 200)] {
        let body = body(&code, &format!("client_id=native&redirect_uri={}", encoded(presented)));
        let answer = running.send(Request::form("/oauth/token", body)).await;
        assert_eq!(answer.status, status, "{answer:?}");
        if status == 400 {
            answer.assert_error(400, "invalid_grant", OTHER_URI);
        }
    }
}

/// S23: left out of the authorization request it was the client's only one. The token request may leave it out too, or name
/// that one, and no other.
#[tokio::test]
async fn s23_a_redirect_uri_that_was_left_out_was_the_only_one() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let query = query.replace(&format!("&redirect_uri={}", encoded(WEB_CALLBACK)), "");
    let mut code = async || value(&running.authorize(&mut browser, &query).await, "code");
    let (first, second, third) = (code().await, code().await, code().await);
    let redirects = "SELECT COUNT(*) FROM portal_code WHERE redirect_uri IS NULL";
    assert_eq!(running.database.number(redirects).await, 3);
    for wrong in [
        "https://evil.test/cb",
        "https://other.example/cb",
        "https://web.example/cb/",
        "https://WEB.example/cb",
    ] {
        let answer =
            running.token(&running.web, &body(&first, &format!("redirect_uri={}", encoded(wrong)))).await;
        answer.assert_error(400, "invalid_grant", OTHER_URI);
    }
    assert_eq!(running.redeem(&first).await.status, 200);
    assert_eq!(running.token(&running.web, &body(&second, "redirect_uri=")).await.status, 200);
    // Taken away since, or one of several: the client has no only one, to which the code can have been sent.
    for uris in [&[][..], &[WEB_CALLBACK, "https://web.example/new"]] {
        assert!(running.portal.clients().replace(with_grants(uris)).await.unwrap());
        for named in [String::new(), format!("redirect_uri={}", encoded(WEB_CALLBACK))] {
            let answer = running.token(&running.web, &body(&third, &named)).await;
            answer.assert_error(400, "invalid_grant", "the client has this `redirect_uri` no more");
        }
    }
    assert!(running.portal.clients().replace(with_grants(&[WEB_CALLBACK])).await.unwrap());
    assert_eq!(running.token(&running.web, &body(&third, "")).await.status, 200);
}

/// The client `web` with these redirect URIs; what it may use does not depend on them.
fn with_grants(redirect_uris: &[&str]) -> Client<Access> {
    Client { grant_types: Some(["authorization_code"].into_iter().collect()), ..client("web", redirect_uris) }
}

/// A token request has no scope of its own to widen what the person has agreed to.
#[tokio::test]
async fn a_scope_in_the_token_request_changes_nothing() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let answer = running.token(&running.web, &format!("{}&scope=read+write+admin", redemption(&code))).await;
    assert_eq!((answer.status, &answer.json()["scope"]), (200, &"read".into()));
}

/// Codes that are none: altered, cut, of another kind, or made up with the right form.
#[tokio::test]
async fn made_up_codes_are_refused() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    running.token(&running.web, "grant_type=authorization_code").await.assert_error(
        400,
        "invalid_request",
        "`code` is missing",
    );
    let mut flipped = code.clone().into_bytes();
    flipped[10] = if flipped[10] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for wrong in [&flipped, &code[..49], &code[3..], &code.to_uppercase(), &format!("{code}x"), "x"] {
        running.redeem(wrong).await.assert_error(400, "invalid_grant", NOT_VALID);
    }
    // The right form and check sum, but never issued: that of another server.
    let elsewhere = RunningPortal::start().await;
    let foreign = elsewhere.code("alice", "read").await;
    running.redeem(&foreign).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert_eq!(running.redeem(&code).await.status, 200);
}
