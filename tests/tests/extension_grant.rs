//! A grant type of the application's own.

use oauth2_runtime::prelude::*;
use oauth2_tests::http::Response;
use oauth2_tests::provider::{Access, App, SMS_CODE, app};
use oauth2_tests::running::{Credentials, Running, Tokens};

async fn start() -> (Running, Credentials) {
    let running = Running::start().await;
    let phone_app = running.register(app("phone")).await;
    (running, phone_app)
}

async fn ask(running: &Running, client: &Credentials, parameters: &str) -> Response {
    running.token(client, &format!("grant_type={SMS_CODE}{parameters}")).await
}

fn authorized(running: &Running) -> Vec<String> {
    running.auth.journal.lock().authorized.clone()
}

#[tokio::test]
async fn the_answer_is_exact() {
    let (running, phone_app) = start().await;
    let answer = ask(&running, &phone_app, "&phone=5550100&code=123456").await;
    let Tokens { access, refresh } = Tokens::of(&answer);
    assert!(Digest::<AccessToken>::of(&access).is_some(), "{access}");
    assert!(Digest::<RefreshToken>::of(&refresh).is_some(), "{refresh}");
    let body = format!(
        "{{\"access_token\":\"{access}\",\"token_type\":\"Bearer\",\"expires_in\":1200,\"refresh_token\":\"{refresh}\",\
         \"scope\":\"read write admin\"}}"
    );
    assert_eq!((answer.status, answer.body.as_str()), (200, body.as_str()));
    assert_eq!(
        running.auth.journal.signals(),
        [
            "client_authenticated phone by client_secret_basic".to_owned(),
            format!("token_issued phone 5550100 {SMS_CODE} `read write admin` refreshable"),
        ]
    );
}

#[tokio::test]
async fn the_fields_are_the_parameters_decoded() {
    let (running, phone_app) = start().await;
    let answer = ask(&running, &phone_app, "&phone=%2B41+1&code=12345%36&nickname=J%C3%A9r%C3%B4me").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(authorized(&running), ["+41 1 J\u{e9}r\u{f4}me night shift"]);
    assert_eq!(running.database.texts("SELECT subject FROM app_token").await, ["+41 1"]);
}

#[tokio::test]
async fn an_optional_parameter_may_be_missing_or_empty() {
    let (running, phone_app) = start().await;
    for extra in ["", "&nickname=", "&nickname"] {
        let answer = ask(&running, &phone_app, &format!("&phone=1&code=123456{extra}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(authorized(&running), ["1 - night shift"; 3]);
}

#[tokio::test]
async fn a_missing_parameter_is_named() {
    let (running, phone_app) = start().await;
    for (parameters, missing) in [
        ("", "phone"),
        ("&code=123456", "phone"),
        ("&phone=&code=123456", "phone"),
        ("&phone=1", "code"),
        ("&phone=1&code=", "code"),
        ("&phone=1&Code=123456", "code"),
    ] {
        let answer = ask(&running, &phone_app, parameters).await;
        answer.assert_error(400, "invalid_request", &format!("`{missing}` is missing"));
    }
    assert_eq!(authorized(&running), Vec::<String>::new());
}

#[tokio::test]
async fn the_refusal_of_authorize_is_the_answer() {
    let (running, phone_app) = start().await;
    let answer = ask(&running, &phone_app, "&phone=1&code=654321").await;
    answer.assert_error(400, "invalid_grant", "the code is wrong");
    assert_eq!(running.stored_tokens().await, 0);
    assert_eq!(running.auth.journal.signals(), ["client_authenticated phone by client_secret_basic"]);
}

/// A code can be tried only by a client that could get a token for it.
#[tokio::test]
async fn a_refused_client_never_reaches_authorize() {
    let (running, phone_app) = start().await;
    let parameters = "&phone=1&code=123456";
    let wrong = Credentials { secret: "wrong".into(), ..phone_app.clone() };
    assert_eq!(ask(&running, &wrong, parameters).await.status, 401);
    let answer = ask(&running, &phone_app, &format!("{parameters}&scope=unknown")).await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some("invalid_scope")));
    let types = Some(["client_credentials"].into_iter().collect());
    let other = running.register(App { grant_types: types, ..app("other") }).await;
    let answer = ask(&running, &other, parameters).await;
    answer.assert_error(400, "unauthorized_client", "this client may not use this grant type");
    running.auth.clients().ensure(app("spa")).await.unwrap();
    let answer = running.bare_token(&format!("grant_type={SMS_CODE}{parameters}&client_id=spa")).await;
    answer.assert_error(400, "unauthorized_client", "this client may not use this grant type");
    assert_eq!(authorized(&running), Vec::<String>::new());
    assert_eq!(running.stored_tokens().await, 0);
}

#[tokio::test]
async fn a_disabled_subject_gets_no_token() {
    let (running, phone_app) = start().await;
    running.auth.journal.lock().disabled.insert("5550100".into());
    let answer = ask(&running, &phone_app, "&phone=5550100&code=123456").await;
    answer.assert_error(400, "invalid_grant", "the grant is no longer valid");
    assert_eq!(running.stored_tokens().await, 0);
    assert_eq!(running.auth.journal.signals(), ["client_authenticated phone by client_secret_basic"]);
    assert_eq!(ask(&running, &phone_app, "&phone=5550101&code=123456").await.status, 200);
    running.auth.journal.lock().disabled.clear();
    assert_eq!(ask(&running, &phone_app, "&phone=5550100&code=123456").await.status, 200);
    assert_eq!(running.stored_tokens().await, 2);
}

/// No person, no refresh token: the client can ask again.
#[tokio::test]
async fn a_token_for_the_client_itself_has_no_subject_and_no_refresh_token() {
    let (running, phone_app) = start().await;
    let answer = ask(&running, &phone_app, "&phone=phone&code=itself&scope=read").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["refresh_token"], serde_json::Value::Null);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(running.whoami(&token).await.body, "phone - `read` api");
}

#[tokio::test]
async fn the_scope_is_bounded_by_the_client() {
    let (running, _) = start().await;
    let reader = App { scope: [Access::Read].into_iter().collect(), ..app("reader") };
    let reader = running.register(reader).await;
    let answer = ask(&running, &reader, "&phone=1&code=123456").await;
    assert_eq!(answer.json()["scope"], "read");
    let answer = ask(&running, &reader, "&phone=1&code=123456&scope=admin").await;
    assert_eq!(answer.json()["error"], "invalid_scope");
}
