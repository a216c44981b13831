//! The token endpoint with `client_credentials`: what is granted, and the answer's exact form.

use oauth2_runtime::prelude::*;
use oauth2_tests::http::Response;
use oauth2_tests::provider::{Access, App, app};
use oauth2_tests::running::Running;

const NOT_GRANTABLE: &str = "the scope is unknown or more than this client may be granted";

async fn ask(running: &Running, client: App, parameters: &str) -> Response {
    let client = running.register(client).await;
    running.token(&client, &format!("grant_type=client_credentials{parameters}")).await
}

fn granted(response: &Response) -> String {
    assert_eq!(response.status, 200, "{response:?}");
    response.json()["scope"].as_str().unwrap().to_owned()
}

fn reader() -> App {
    App { scope: [Access::Read].into_iter().collect(), ..app("reader") }
}

#[tokio::test]
async fn the_answer_is_exact() {
    let running = Running::start().await;
    let answer = ask(&running, app("robot"), "").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert!(Digest::<AccessToken>::of(&token).is_some(), "{token}");
    let body = format!(
        "{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":600,\"scope\":\"read write\"}}"
    );
    assert_eq!((answer.status, answer.body.as_str()), (200, body.as_str()));
    let length = body.len().to_string();
    let headers = [
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
        ("connection", "close"),
        ("content-length", &length),
    ];
    for (name, value) in headers {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.headers.len(), headers.len(), "{:?}", answer.headers);
}

#[tokio::test]
async fn the_row_has_what_the_answer_says_and_the_default_of_the_own_column() {
    let running = Running::start().await;
    ask(&running, app("robot"), "&scope=write").await;
    let row = running
        .database
        .texts(
            "SELECT client_id || ' ' || scope || ' ' || issued_at || ' ' || expires_at || ' ' || origin || ' ' || \
             (subject IS NULL) || (refresh_token IS NULL) || (revoked_at IS NULL) || length(access_token) FROM app_token",
        )
        .await;
    assert_eq!(row, ["robot write 1800000000 1800000600 api 11132"]);
}

#[tokio::test]
async fn signals_tell_of_the_client_and_of_the_token() {
    let running = Running::start().await;
    ask(&running, app("robot"), "&scope=read").await;
    assert_eq!(
        running.auth.journal.signals(),
        [
            "client_authenticated robot by client_secret_basic",
            "token_issued robot - client_credentials `read` final"
        ]
    );
}

#[tokio::test]
async fn an_omitted_scope_is_all_that_client_and_grant_allow() {
    let running = Running::start().await;
    assert_eq!(granted(&ask(&running, app("robot"), "").await), "read write");
    assert_eq!(granted(&ask(&running, app("robot"), "&scope=").await), "read write");
    assert_eq!(granted(&ask(&running, reader(), "").await), "read");
}

#[tokio::test]
async fn a_scope_can_be_narrowed_in_any_order_and_repeated() {
    let running = Running::start().await;
    for (asked, given) in [
        ("read", "read"),
        ("write", "write"),
        ("write%20read", "read write"),
        ("write+read", "read write"),
        ("read+read", "read"),
    ] {
        assert_eq!(granted(&ask(&running, app("robot"), &format!("&scope={asked}")).await), given, "{asked}");
    }
}

#[tokio::test]
async fn unknown_and_malformed_scopes_are_refused() {
    let running = Running::start().await;
    for asked in
        ["delete", "read+delete", "Read", "read,write", "read++write", "+read", "read+", "read%09write"]
    {
        let answer = ask(&running, app("robot"), &format!("&scope={asked}")).await;
        answer.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    }
    assert_eq!(running.stored_tokens().await, 0);
}

#[tokio::test]
async fn a_scope_beyond_the_client_is_refused() {
    let running = Running::start().await;
    for asked in ["write", "read+write"] {
        let answer = ask(&running, reader(), &format!("&scope={asked}")).await;
        answer.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    }
}

#[tokio::test]
async fn a_scope_beyond_the_grant_is_refused() {
    let running = Running::start().await;
    for asked in ["admin", "read+admin"] {
        let answer = ask(&running, app("robot"), &format!("&scope={asked}")).await;
        answer.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    }
    let admin = App { scope: [Access::Admin].into_iter().collect(), ..app("admin") };
    let answer = ask(&running, admin, "").await;
    answer.assert_error(400, "invalid_scope", "there is no scope that this client may be granted");
}

#[tokio::test]
async fn a_client_without_any_scope_gets_no_token() {
    let running = Running::start().await;
    let answer = ask(&running, App { scope: ScopeSet::default(), ..app("robot") }, "").await;
    answer.assert_error(400, "invalid_scope", "there is no scope that this client may be granted");
}

/// S108: the cost of a scope parameter has a bound, because its length has one.
#[tokio::test]
async fn a_long_scope_is_refused_before_it_is_read() {
    let running = Running::start().await;
    let names = |count: usize| vec!["read"; count].join("+");
    let fits = names(819);
    assert_eq!(fits.len(), 4_094);
    assert_eq!(granted(&ask(&running, app("robot"), &format!("&scope={fits}")).await), "read");
    for count in [820, 2_000, 12_000] {
        let answer = ask(&running, app("robot"), &format!("&scope={}", names(count))).await;
        answer.assert_error(400, "invalid_request", "a parameter is too long");
    }
}

#[tokio::test]
async fn public_clients_are_refused() {
    let running = Running::start().await;
    running.auth.clients().ensure(app("spa")).await.unwrap();
    let answer = running.bare_token("grant_type=client_credentials&client_id=spa").await;
    answer.assert_error(400, "unauthorized_client", "this client may not use this grant type");
    let types = Some(["client_credentials"].into_iter().collect());
    running.auth.clients().ensure(App { grant_types: types, ..app("spa") }).await.unwrap();
    let answer = running.bare_token("grant_type=client_credentials&client_id=spa").await;
    answer.assert_error(400, "unauthorized_client", "this grant type is for clients that authenticate");
    assert_eq!(running.stored_tokens().await, 0);
}

#[tokio::test]
async fn the_grant_types_column_decides() {
    let running = Running::start().await;
    let types = |names: &[&str]| Some(names.iter().copied().collect::<GrantTypes>());
    for allowed in [types(&[]), types(&["refresh_token"]), types(&["client_credential", "urn:test:sms-code"])]
    {
        let answer = ask(&running, App { grant_types: allowed, ..app("robot") }, "").await;
        answer.assert_error(400, "unauthorized_client", "this client may not use this grant type");
    }
    let allowed = types(&["refresh_token", "client_credentials"]);
    let answer = ask(&running, App { grant_types: allowed, ..app("robot") }, "").await;
    assert_eq!(granted(&answer), "read write");
}
