use oauth2_tests::http::Request;
use oauth2_tests::portal::{NATIVE_CALLBACK, RunningPortal, VERIFIER, encoded, request, value};
use oauth2_tests::running::{Credentials, Tokens};

async fn revoke(running: &RunningPortal, client: &Credentials, body: &str) -> (u16, String) {
    let request = Request::form("/oauth/revoke", body).basic(&client.id, &client.secret);
    let answer = running.send(request).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn revocation_endpoint() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    let empty = (200, String::new());
    // An unknown hint is ignored (RFC 7009 section 2.2), where Authlib answers 401 `unsupported_token_type`.
    let body = format!("token={}&token_type_hint=cookie", tokens.access);
    assert_eq!(revoke(&running, &running.web, &body).await, empty);
    assert!(!running.is_active(&tokens.access).await);
    assert_eq!(revoke(&running, &running.web, "token=unknown").await, empty);
    let missing = running.send(Request::form("/oauth/revoke", "").basic("web", &running.web.secret)).await;
    missing.assert_error(400, "invalid_request", "`token` is missing");
    // Only POST.
    assert_eq!(running.send(Request::get("/oauth/revoke")).await.status, 405);
    // Public clients can revoke; the default of Authlib is Basic alone.
    let mut browser = running.signed_in("bob").await;
    let query = request("native", NATIVE_CALLBACK, "&scope=read");
    let code = value(&running.authorize(&mut browser, &query).await, "code");
    let body = format!(
        "grant_type=authorization_code&client_id=native&code={code}&redirect_uri={}&code_verifier={VERIFIER}",
        encoded(NATIVE_CALLBACK)
    );
    let native = Tokens::of(&running.send(Request::form("/oauth/token", body)).await);
    let body = format!("client_id=native&token={}", native.access);
    assert_eq!(running.send(Request::form("/oauth/revoke", body)).await.status, 200);
    let answer = running.send(Request::get("/whoami").bearer(&native.access)).await;
    answer.assert_error(401, "invalid_token", "the access token is not valid");
}

/// A wrong hint does not limit the search, and another client's token is none of the client's.
#[tokio::test]
async fn query_token() {
    let running = RunningPortal::start().await;
    for hint in ["", "&token_type_hint=access_token", "&token_type_hint=refresh_token"] {
        let tokens = running.tokens("alice", "read").await;
        for token in [&tokens.access, &tokens.refresh] {
            let body = format!("token={token}{hint}");
            assert_eq!(revoke(&running, &running.other, &body).await, (200, String::new()));
            assert!(running.is_active(token).await, "another client ended {hint}");
            assert_eq!(revoke(&running, &running.web, &body).await, (200, String::new()));
            assert!(!running.is_active(token).await, "{hint} limited the search");
        }
    }
}

/// An access token ends alone; a refresh token ends all of its authorization (RFC 7009 section 2.1). No row goes.
#[tokio::test]
async fn revoke_token() {
    let running = RunningPortal::start().await;
    let first = running.tokens("alice", "read").await;
    revoke(&running, &running.web, &format!("token={}", first.access)).await;
    assert!(running.is_active(&first.refresh).await);
    let second = Tokens::of(&running.refresh(&first.refresh).await);
    revoke(&running, &running.web, &format!("token={}", second.refresh)).await;
    assert!(!running.is_active(&second.access).await);
    running.refresh(&second.refresh).await.assert_error(
        400,
        "invalid_grant",
        "the refresh token is not valid",
    );
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_token").await, 2);
}
