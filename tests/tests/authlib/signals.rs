use oauth2_runtime::error::ErrorCode;
use oauth2_tests::http::Request;
use oauth2_tests::portal::RunningPortal;
use oauth2_tests::provider::{Access, app};
use oauth2_tests::running::Running;

/// It comes when the client is known, before its rights are looked at.
#[tokio::test]
async fn signal_client_authenticated() {
    let running = Running::start().await;
    let client = running.register(app("robot")).await;
    running.token(&client, "grant_type=client_credentials&scope=read").await;
    let told = running.auth.journal.signals();
    let issued = "token_issued robot - client_credentials `read` final";
    assert_eq!(told, ["client_authenticated robot by client_secret_basic", issued]);
    running.token(&client, "grant_type=refresh_token&refresh_token=x").await;
    assert_eq!(running.auth.journal.signals(), ["client_authenticated robot by client_secret_basic"]);
    // Of somebody else's secret nobody is told.
    let wrong = Request::form("/oauth/token", "grant_type=client_credentials").basic("robot", "wrong");
    assert_eq!(running.send(wrong).await.status, 401);
    assert_eq!(running.auth.journal.signals(), Vec::<String>::new());
}

/// It comes after the change is stored, and for something that ended only.
#[tokio::test]
async fn signal_token_revoked() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    let _ = running.portal.journal.signals();
    let revoke = async |token: &str| {
        let request = Request::form("/oauth/revoke", format!("token={token}"));
        assert_eq!(running.send(request.basic("web", &running.web.secret)).await.status, 200);
        running.portal.journal.signals()
    };
    assert_eq!(revoke("unknown").await, Vec::<String>::new());
    assert_eq!(revoke(&tokens.refresh).await, ["token_revoked web 1"]);
    assert_eq!(revoke(&tokens.refresh).await, Vec::<String>::new());
}

/// It comes after the scope was looked at, so not with a 403, and once a request.
#[tokio::test]
async fn signal_token_authenticated() {
    let running = Running::start().await;
    let client = running.register(app("robot")).await;
    let tokens = running.sign_in(&client, "5550100").await;
    running.auth.journal.forget();
    assert_eq!(running.whoami(&tokens.access).await.status, 200);
    assert_eq!(running.auth.journal.signals(), ["token_authenticated robot 5550100"]);
    // A token for `read`, asked for more, and then for what it has.
    let narrow = running.refresh(&client, &format!("{}&scope=read", tokens.refresh)).await.json();
    let bearer = format!("Bearer {}", narrow["access_token"].as_str().unwrap());
    let (parts, ()) = http::Request::get("/").header("authorization", bearer).body(()).unwrap().into_parts();
    running.auth.journal.forget();
    let refused = running.auth.acquire_token(&parts, Access::Write).await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::InsufficientScope));
    assert_eq!(running.whoami("at_wrong").await.status, 401);
    assert_eq!(running.auth.journal.signals(), Vec::<String>::new());
    assert!(running.auth.acquire_token(&parts, Access::Read).await.is_ok());
    assert_eq!(running.auth.journal.signals(), ["token_authenticated robot 5550100"]);
}
