use oauth2_tests::http::Request;
use serde_json::json;

use super::shop::Site;

/// What is declared is what is mounted and what the document says.
#[tokio::test]
async fn authorization_server() {
    let site = Site::start().await;
    let metadata = site.send(Request::get("/.well-known/oauth-authorization-server")).await.json();
    let grants = json!(["authorization_code", "refresh_token", "client_credentials"]);
    assert_eq!(
        (&metadata["grant_types_supported"], &metadata["response_types_supported"]),
        (&grants, &json!(["code"]))
    );
    for member in ["token_endpoint", "authorization_endpoint", "revocation_endpoint", "branch_endpoint"] {
        let url = metadata[member].as_str().unwrap();
        let path = url.strip_prefix("http://127.0.0.1").unwrap();
        let answer = site.send(Request::form(path, "")).await;
        assert!([400, 401].contains(&answer.status), "{member}: {answer:?}");
    }
    let unknown = site.till("grant_type=magic").await;
    unknown.assert_error(400, "unsupported_grant_type", "this server has no such grant type");
}

/// An own model with an own column; somebody unknown is answered as somebody with a wrong secret, with 401.
#[tokio::test]
async fn client_model() {
    let site = Site::start().await;
    assert_eq!(
        site.database.texts("SELECT branch FROM shop_client WHERE client_id = 'app'").await,
        ["north"]
    );
    let ask = async |id: &str| {
        let request = Request::form("/oauth/token", "grant_type=client_credentials").basic(id, "wrong");
        let answer = site.send(request).await;
        answer.assert_error(401, "invalid_client", "client authentication failed");
        (answer.header("www-authenticate").map(str::to_owned), answer.body)
    };
    let told = ask("till-1").await;
    assert_eq!(told.0.as_deref(), Some("Basic realm=\"http://127.0.0.1\""));
    assert_eq!(ask("nobody").await, told);
}

/// One row, digests only, nobody's where a client acts for itself; what an answer has more is no column.
#[tokio::test]
async fn token_model() {
    let site = Site::start().await;
    let machine = site.till("grant_type=client_credentials&scope=goods:read").await.json();
    let code = site.code("alice").await;
    let person = site.redeem(&code, "&device=phone").await.json();
    assert_eq!(person["device"], "phone");
    let rows = "SELECT client_id || ' ' || COALESCE(subject, '-') || ' ' || scope || ' ' || origin FROM shop_token \
                ORDER BY client_id";
    let expected = ["app alice goods:read goods:buy shop", "till-1 - goods:read shop"];
    assert_eq!(site.database.texts(rows).await, expected);
    let file = std::fs::read(site.database.path()).unwrap();
    for secret in [&machine["access_token"], &person["access_token"], &person["refresh_token"]] {
        let secret = secret.as_str().unwrap().as_bytes();
        assert!(!file.windows(secret.len()).any(|bytes| bytes == secret));
    }
}

/// A generator for one grant; the others have the shipped one.
#[tokio::test]
async fn generate_token() {
    let site = Site::start().await;
    let machine = site.till("grant_type=client_credentials").await.json();
    let token = machine["access_token"].as_str().unwrap();
    assert!(token.starts_with("client_credentials.north.at_"), "{token}");
    assert_eq!((&machine["expires_in"], &machine["refresh_token"]), (&json!(3600), &json!(null)));
    let person = site.redeem(&site.code("alice").await, "&device=phone").await.json();
    assert!(person["access_token"].as_str().unwrap().starts_with("at_"));
    assert!(person["refresh_token"].as_str().unwrap().starts_with("rt_"));
}

/// The document is derived; additions are its own members.
#[tokio::test]
async fn metadata() {
    let site = Site::start().await;
    let metadata = site.send(Request::get("/.well-known/oauth-authorization-server")).await.json();
    assert_eq!(metadata["service_documentation"], "https://shop.example/docs");
    assert_eq!(metadata["acme_region"], "eu");
    assert_eq!(metadata["revocation_endpoint"], "http://127.0.0.1/revoke");
    assert_eq!(metadata["scopes_supported"], json!(["goods:read", "goods:buy"]));
}

/// An endpoint of one's own, with methods of its own.
#[tokio::test]
async fn register_endpoint() {
    let site = Site::start().await;
    let answer = site.send(Request::form("/branch", "").header("x-device-client", "till-2")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "north"));
    let other = site.send(Request::form("/branch", "").basic("till-1", &site.secret)).await;
    other.assert_error(401, "invalid_client", "client authentication failed");
    assert_eq!(site.send(Request::get("/branch")).await.status, 405);
    // The one that was there before the key `path`.
    assert_eq!(site.send(Request::form("/oauth/revoke", "")).await.status, 404);
}

/// An extension of the code grant, with its data in a typed column.
#[tokio::test]
async fn register_grant() {
    let site = Site::start().await;
    let code = site.code("alice").await;
    let wrong = site.redeem(&code, "&device=laptop").await;
    wrong.assert_error(400, "invalid_grant", "the code was issued to another device");
    assert_eq!(site.redeem(&code, "&device=phone").await.status, 200);
    assert_eq!(site.database.texts("SELECT device FROM shop_code").await, ["phone"]);
    // PKCE is an extension too, the first one.
    let code = site.code("bob").await;
    let body = format!("grant_type=authorization_code&client_id=app&code={code}&device=phone");
    let bare = site.send(Request::form("/oauth/token", body)).await;
    assert_eq!((bare.status, &bare.json()["error"]), (400, &json!("invalid_grant")));
}

/// A person who is not active any more gets nothing for a code that was good.
#[tokio::test]
async fn authenticate_user() {
    let site = Site::start().await;
    let code = site.code("alice").await;
    assert_eq!(site.database.execute("UPDATE shop_code SET subject = 'left'").await, 1);
    let refused = site.redeem(&code, "&device=phone").await;
    refused.assert_error(400, "invalid_grant", "the grant is no longer valid");
}

/// A method of one's own is chosen by what the request presents, and advertised.
#[tokio::test]
async fn client_authentication() {
    let site = Site::start().await;
    let body = "grant_type=client_credentials&scope=goods:read";
    let ask = |id: &'static str| Request::form("/oauth/token", body).header("x-device-client", id);
    let metadata = site.send(Request::get("/.well-known/oauth-authorization-server")).await.json();
    let methods = json!(["none", "client_secret_basic", "device"]);
    assert_eq!(metadata["token_endpoint_auth_methods_supported"], methods);
    // It has no secret, and by default that is the right to this grant.
    let known = site.send(ask("till-2")).await;
    known.assert_error(400, "unauthorized_client", "this client may not use this grant type");
    let wrong = site.send(ask("till-1")).await;
    wrong.assert_error(401, "invalid_client", "client authentication failed");
    let two = site.send(ask("till-2").basic("till-1", &site.secret)).await;
    two.assert_error(400, "invalid_request", "the client authenticates in more than one way");
}
