use std::sync::Arc;

use axum::Router;
use axum::extract::{Request as AxumRequest, State};
use axum::response::{IntoResponse, Response as AxumResponse};
use axum::routing::get;
use http::request::Parts;
use oauth2_runtime::prelude::{
    Bearer, ClientId, Error, OAuthError, ResourceProtector, ScopeSet, Subject, Timestamp, TokenInfo,
    TokenValidator, protect,
};
use oauth2_runtime::protect::StoredTokens;
use oauth2_runtime::types::Requirement;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::{Access, Auth, app};
use oauth2_tests::running::{Running, listen};

/// A key of an older system.
#[derive(Clone)]
struct Key {
    customer: Subject,
    locked: bool,
}

impl TokenInfo for Key {
    type Scopes = Access;

    fn scope(&self) -> ScopeSet<Access> {
        ScopeSet::from_names(&["read"])
    }

    fn subject(&self) -> Option<&Subject> {
        Some(&self.customer)
    }

    fn client_id(&self) -> Option<&ClientId> {
        None
    }

    fn expires_at(&self) -> Timestamp {
        Timestamp::from_unix_seconds(i64::MAX)
    }
}

struct Keys;

impl TokenValidator for Keys {
    type Scopes = Access;
    type Token = Key;

    async fn authenticate_token(&self, token: &str) -> Result<Option<Key>, Error> {
        match token {
            "key_broken" => Err(Error::new("the table of keys is away")),
            _ => Ok(token
                .strip_prefix("key_")
                .map(|name| Key { customer: name.into(), locked: name.ends_with("_locked") })),
        }
    }

    fn check_request(&self, parts: &Parts) -> Result<(), OAuthError> {
        match parts.headers.get("x-device-version") {
            Some(_) => Ok(()),
            None => Err(OAuthError::invalid_request("X-Device-Version is missing")),
        }
    }

    fn token_revoked(&self, token: &Key) -> bool {
        token.locked
    }
}

type Protector<V> = Arc<ResourceProtector<V>>;

async fn who<V: TokenValidator>(State(protector): State<Protector<V>>, request: AxumRequest) -> AxumResponse {
    let (parts, _) = request.into_parts();
    match protector.acquire_token(&parts, Requirement::ANY_TOKEN).await {
        Ok(token) => token.subject().map_or("-", Subject::as_str).to_owned().into_response(),
        Err(challenge) => challenge.into_response(),
    }
}

/// A resource server that asks `validator`.
async fn api<V: TokenValidator>(validator: V) -> std::net::SocketAddr {
    let protector = ResourceProtector::new(validator).realm("photos").unwrap();
    let protector = protector.attribute("resource_metadata", "https://photos.example/about").unwrap();
    listen(Router::new().route("/", get(who::<V>)).with_state(Arc::new(protector))).await
}

async fn ask(address: std::net::SocketAddr, token: &str) -> Response {
    Request::get("/").header("x-device-version", "7").bearer(token).send(address).await
}

fn challenge(answer: &Response) -> (u16, &str) {
    (answer.status, answer.header("www-authenticate").unwrap_or_default())
}

#[protect(Auth, Access::Read)]
async fn read(token: Bearer<Auth>) -> String {
    token.scope().to_string()
}

#[protect(Auth, any)]
async fn front(token: Option<Bearer<Auth>>) -> &'static str {
    if token.is_some() { "welcome back" } else { "welcome" }
}

/// The attribute, optional tokens, and the layer for whole routers.
#[tokio::test]
async fn resource_protector() {
    let running = Running::start().await;
    let admin = Router::new().route("/admin", get(async || "admin"));
    let app_routes = Router::new()
        .route("/read", get(read))
        .route("/", get(front))
        .merge(admin.route_layer(running.auth.require(Access::Write)))
        .with_state(running.auth.clone());
    let address = listen(app_routes).await;
    let client = running.register(app("robot")).await;
    let body = "grant_type=client_credentials&scope=read";
    let token = running.token(&client, body).await.json()["access_token"].as_str().unwrap().to_owned();
    let get = async |path: &str, token: &str| Request::get(path).bearer(token).send(address).await;
    assert_eq!(get("/read", &token).await.body, "read");
    assert_eq!(get("/", &token).await.body, "welcome back");
    assert_eq!(Request::get("/").send(address).await.body, "welcome");
    // Only a missing token is forgiven.
    assert_eq!(get("/", "at_wrong").await.status, 401);
    assert_eq!(get("/admin", &token).await.status, 403);
    let missing = Request::get("/read").send(address).await;
    assert_eq!(challenge(&missing), (401, "Bearer realm=\"https://id.example\", scope=\"read\""));
}

/// `&` is both, `|` is either, and a predicate of one's own decides last.
#[tokio::test]
async fn acquire_token() {
    let running = Running::start().await;
    let client = running.register(app("robot")).await;
    let body = "grant_type=client_credentials&scope=read";
    let token = running.token(&client, body).await.json()["access_token"].as_str().unwrap().to_owned();
    let request = http::Request::get("/").header("authorization", format!("Bearer {token}"));
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let auth = &running.auth;
    assert!(auth.acquire_token(&parts, Access::Read).await.is_ok());
    assert!(auth.acquire_token(&parts, Access::Read | Access::Admin).await.is_ok());
    assert!(auth.acquire_token(&parts, Requirement::ANY_TOKEN).await.is_ok());
    let refused = auth.acquire_token(&parts, Access::Read & Access::Write).await.unwrap_err().into_response();
    let header = refused.headers()["www-authenticate"].to_str().unwrap();
    let expected = "Bearer realm=\"https://id.example\", error=\"insufficient_scope\", \
                    error_description=\"the access token is not good for this\", scope=\"read write\"";
    assert_eq!((refused.status().as_u16(), header), (403, expected));
    let person = |token: &Bearer<Auth>| token.subject().is_some();
    let protector = auth.protector();
    let refused = protector.acquire_token_if(&parts, Access::Read, person).await.unwrap_err();
    assert_eq!(refused.into_response().status(), 403);
}

/// A realm and further attributes; several validators, of which the first that knows the token decides.
#[tokio::test]
async fn bearer_token_validator() {
    let running = Running::start().await;
    let client = running.register(app("robot")).await;
    let token = running.sign_in(&client, "5550100").await.access;
    let address = api(StoredTokens::of(&running.auth).or(Keys)).await;
    assert_eq!(ask(address, &token).await.body, "5550100");
    assert_eq!(ask(address, "key_alice").await.body, "alice");
    let expected = "Bearer realm=\"photos\", error=\"invalid_token\", \
                    error_description=\"the access token is not valid\", \
                    resource_metadata=\"https://photos.example/about\"";
    let unknown = ask(address, "unknown").await;
    assert_eq!(challenge(&unknown), (401, expected));
    // Expired, revoked and unknown are told in the same words.
    running.clock.step(20 * 60);
    let expired = ask(address, &token).await;
    assert_eq!(challenge(&expired), (401, expected));
    assert_eq!(challenge(&ask(address, "key_bob_locked").await), (401, expected));
}

/// Nothing is a token that is not valid; an error is that nobody can say now.
#[tokio::test]
async fn authenticate_token() {
    let address = api(Keys).await;
    assert_eq!(ask(address, "key_alice").await.body, "alice");
    assert_eq!(ask(address, "at_other").await.status, 401);
    let broken = ask(address, "key_broken").await;
    assert_eq!((broken.status, broken.header("retry-after")), (503, Some("2")));
}

/// The meaning of the ancestor's code: what it says refuses. The example of its reference page is the other way round.
#[tokio::test]
async fn request_invalid() {
    let address = api(Keys).await;
    let refused = Request::get("/").bearer("key_alice").send(address).await;
    refused.assert_error(400, "invalid_request", "X-Device-Version is missing");
    assert_eq!(ask(address, "key_alice").await.status, 200);
}

/// The question of an own validator; for the server's own tokens it is a column.
#[tokio::test]
async fn token_revoked() {
    let address = api(Keys).await;
    assert_eq!(ask(address, "key_alice_locked").await.status, 401);
    let running = Running::start().await;
    let client = running.register(app("robot")).await;
    let token = running.sign_in(&client, "5550100").await.access;
    assert_eq!(running.whoami(&token).await.status, 200);
    running.database.execute("UPDATE app_token SET revoked_at = 1").await;
    assert_eq!(running.whoami(&token).await.status, 401);
}
