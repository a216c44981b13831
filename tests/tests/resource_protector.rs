//! Resource protectors: what the ancestor's `ResourceProtector` and `BearerTokenValidator` had, each under its name there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Extension, Request as AxumRequest};
use axum::response::{IntoResponse, Response as AxumResponse};
use axum::routing::get;
use http::request::Parts;
use oauth2_runtime::prelude::*;
use oauth2_runtime::protect::{Challenge, Either, StoredTokens};
use oauth2_runtime::time::Clock;
use oauth2_runtime::types::Requirement;
use oauth2_tests::clock::{START, SteppingClock};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::{Access, Auth, SMS_CODE, app};
use oauth2_tests::running::{Database, Running, listen, ready};

const NOT_VALID: &str = "the access token is not valid";
const NOT_ENOUGH: &str = "the access token is not good for this";

type Protector = ResourceProtector<StoredTokens<Auth>>;

async fn token(running: &Running, scope: &str) -> String {
    let robot = running.register(app("robot")).await;
    let body = format!("grant_type={SMS_CODE}&phone=1&code=itself&scope={scope}");
    running.token(&robot, &body).await.json()["access_token"].as_str().unwrap().to_owned()
}

/// Serves one route that `check` decides about, and says what came of it.
async fn decided_by<F, Fut, T>(check: F) -> SocketAddr
where
    F: Fn(Parts) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Challenge>> + Send + 'static,
    T: std::fmt::Debug + Send + 'static,
{
    let handler = async move |request: AxumRequest| -> AxumResponse {
        match check(request.into_parts().0).await {
            Ok(token) => format!("{token:?}").into_response(),
            Err(challenge) => challenge.into_response(),
        }
    };
    listen(Router::new().route("/", get(handler))).await
}

async fn ask(address: SocketAddr, token: &str) -> Response {
    Request::get("/").bearer(token).send(address).await
}

#[track_caller]
fn assert_challenge(answer: &Response, status: u16, code: &str, description: &str, challenge: &str) {
    answer.assert_error(status, code, description);
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}

fn with_error(realm: &str, code: &str, description: &str, more: &str) -> String {
    format!("Bearer realm=\"{realm}\", error=\"{code}\", error_description=\"{description}\"{more}")
}

#[tokio::test]
async fn acquire_token_with_operator_and() {
    let running = Running::start().await;
    let protector = running.auth.protector();
    let address = decided_by(move |parts| {
        let protector = protector.clone();
        async move { protector.acquire_token(&parts, Requirement::from(Access::Read) & Access::Write).await }
    });
    let address = address.await;
    for (scope, status) in [("read", 403), ("write", 403), ("read+write", 200), ("read+write+admin", 200)] {
        let answer = ask(address, &token(&running, scope).await).await;
        assert_eq!(answer.status, status, "{scope}");
        if status == 403 {
            let header =
                with_error("https://id.example", "insufficient_scope", NOT_ENOUGH, ", scope=\"read write\"");
            assert_challenge(&answer, 403, "insufficient_scope", NOT_ENOUGH, &header);
        }
    }
}

#[tokio::test]
async fn acquire_token_with_operator_or() {
    let running = Running::start().await;
    let protector = running.auth.protector();
    let address = decided_by(move |parts| {
        let protector = protector.clone();
        async move { protector.acquire_token(&parts, Requirement::from(Access::Write) | Access::Admin).await }
    });
    let address = address.await;
    for (scope, status) in [("read", 403), ("write", 200), ("admin", 200), ("read+admin", 200)] {
        assert_eq!(ask(address, &token(&running, scope).await).await.status, status, "{scope}");
    }
}

/// The ancestor's operator may be a function of the token's scopes.
#[tokio::test]
async fn acquire_token_with_a_function() {
    let running = Running::start().await;
    let protector = running.auth.protector();
    let address = decided_by(move |parts| {
        let protector = protector.clone();
        async move {
            let exactly_one = |token: &Bearer<Auth>| token.scope().names().count() == 1;
            protector.acquire_token_if(&parts, Requirement::ANY_TOKEN, exactly_one).await
        }
    });
    let address = address.await;
    for (scope, status) in [("read", 200), ("admin", 200), ("read+admin", 403)] {
        let token = token(&running, scope).await;
        running.auth.journal.forget();
        let answer = ask(address, &token).await;
        assert_eq!(answer.status, status, "{scope}");
        // A refusal is told to nobody.
        let told = if status == 200 { vec!["token_authenticated robot -"] } else { vec![] };
        assert_eq!(running.auth.journal.signals(), told);
    }
}

#[tokio::test]
async fn optional_forgives_only_a_missing_token() {
    let running = Running::start().await;
    let protector = running.auth.protector();
    let address = decided_by(move |parts| {
        let protector = protector.clone();
        async move { protector.acquire_optional_token(&parts, Access::Read).await }
    });
    let address = address.await;
    for request in [Request::get("/"), Request::get("/").basic("robot", "x")] {
        let answer = request.send(address).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "None"));
    }
    assert_eq!(ask(address, &token(&running, "read").await).await.status, 200);
    assert_eq!(ask(address, &token(&running, "write").await).await.status, 403);
    assert_eq!(ask(address, "at_x").await.status, 401);
    let malformed = Request::get("/").header("authorization", "Bearer").send(address).await;
    assert_eq!(malformed.status, 400);
}

/// Where a protector is told its realm and its attributes, every challenge has them, and nothing else changes.
#[tokio::test]
async fn bearer_token_validator_realm_and_extra_attributes() {
    let running = Running::start().await;
    let protector = running.auth.protector().realm("my \"photos\"").unwrap();
    let protector = protector.attribute("resource_metadata", "https://rs.example/a\\b").unwrap();
    let routes = Router::new().route("/", get(whose)).route_layer(protector.require(Access::Read));
    let address = listen(routes).await;
    let attribute = ", resource_metadata=\"https://rs.example/a\\\\b\"";
    let answer = Request::get("/").send(address).await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
    let header = format!("Bearer realm=\"my \\\"photos\\\"\", scope=\"read\"{attribute}");
    assert_eq!(answer.header("www-authenticate"), Some(header.as_str()));
    let (realm, more) = ("my \\\"photos\\\"", format!(", scope=\"read\"{attribute}"));
    let header = with_error(realm, "invalid_token", NOT_VALID, &more);
    assert_challenge(&ask(address, "at_x").await, 401, "invalid_token", NOT_VALID, &header);
    let header = with_error(realm, "insufficient_scope", NOT_ENOUGH, &more);
    let answer = ask(address, &token(&running, "write").await).await;
    assert_challenge(&answer, 403, "insufficient_scope", NOT_ENOUGH, &header);
    assert_eq!(ask(address, &token(&running, "read").await).await.body, "robot");
}

async fn whose(Extension(token): Extension<Bearer<Auth>>) -> String {
    token.client_id.to_string()
}

#[tokio::test]
async fn realms_and_attributes_that_no_header_can_carry_are_refused() {
    let running = Running::start().await;
    let protector = || running.auth.protector();
    for realm in ["", "a\r\nset-cookie: x", "caf\u{e9}", "\u{7f}"] {
        let error = protector().realm(realm).unwrap_err().to_string();
        let realm = realm.escape_debug();
        assert_eq!(error, format!("the realm `{realm}` is not usable: it must be printable ASCII"));
    }
    for (name, value, reason) in [
        ("realm", "x", "the realm is set with `realm(..)`"),
        ("Scope", "x", "the challenge itself says this (RFC 6750 section 3)"),
        ("error", "x", "the challenge itself says this (RFC 6750 section 3)"),
        ("a b", "x", "its name must be letters, digits and `!#$%&'*+-.^_|~` (RFC 9110 section 5.6.2)"),
        ("x", "a\r\nb", "its value must be printable ASCII"),
    ] {
        let error = protector().attribute(name, value).unwrap_err().to_string();
        assert_eq!(error, format!("the challenge attribute `{name}` is not usable: {reason}"));
    }
    let twice = protector().attribute("x", "1").unwrap().attribute("X", "2").unwrap_err().to_string();
    assert_eq!(twice, "the challenge attribute `X` is not usable: it is there twice (RFC 9110 section 11.2)");
}

#[protect(Auth, Access::Write, realm = "albums \"of\" mine")]
async fn albums(token: Bearer<Auth>) -> String {
    token.client_id.to_string()
}

#[protect(Auth, any)]
async fn plain(token: Bearer<Auth>) -> String {
    token.client_id.to_string()
}

/// One router, several realms, one acceptance.
#[tokio::test]
async fn several_protectors_stand_side_by_side_and_behind_each_other() {
    let running = Running::start().await;
    let photos = running.auth.protector().realm("photos").unwrap();
    let routes = Router::new()
        .route("/albums", get(albums))
        .route("/plain", get(plain))
        .route_layer(photos.require(Access::Read))
        .route("/alone", get(albums));
    let address = listen(routes.with_state(running.auth.clone())).await;
    let get = |path: &'static str, token: String| async move {
        Request::get(path).bearer(&token).send(address).await
    };
    let read = token(&running, "read").await;
    let more = ", scope=\"write\"";
    let header = with_error("albums \\\"of\\\" mine", "insufficient_scope", NOT_ENOUGH, more);
    let answer = get("/albums", read.clone()).await;
    assert_challenge(&answer, 403, "insufficient_scope", NOT_ENOUGH, &header);
    let header = with_error("photos", "invalid_token", NOT_VALID, ", scope=\"read\"");
    assert_challenge(&get("/albums", "x".into()).await, 401, "invalid_token", NOT_VALID, &header);
    let header = with_error("albums \\\"of\\\" mine", "invalid_token", NOT_VALID, more);
    assert_challenge(&get("/alone", "x".into()).await, 401, "invalid_token", NOT_VALID, &header);
    let both = token(&running, "read+write").await;
    running.auth.journal.forget();
    assert_eq!(get("/albums", both).await.body, "robot");
    assert_eq!(running.auth.journal.signals(), ["token_authenticated robot -"]);
    assert_eq!(get("/plain", read).await.body, "robot");
}

/// Two servers of one declaration are two: a layer of the one does not speak for a handler of the other.
#[tokio::test]
async fn another_servers_layer_vouches_for_nothing() {
    let running = Running::start().await;
    let (database, clock) = (Database::default(), SteppingClock::default());
    let other = ready(&database, &clock, "https://other.example").await;
    let routes = Router::new().route("/", get(plain)).route_layer(running.auth.require(Access::Read));
    let address = listen(routes.with_state(other)).await;
    let answer = ask(address, &token(&running, "read").await).await;
    let header = with_error("https://other.example", "invalid_token", NOT_VALID, "");
    assert_challenge(&answer, 401, "invalid_token", NOT_VALID, &header);
}

/// A key of another system, for a person: `key_<subject>`, or `dead_<subject>` for one that is locked.
#[derive(Debug, Clone)]
struct Key {
    subject: Subject,
    scope: ScopeSet<Access>,
    expires_at: Timestamp,
    locked: bool,
}

impl TokenInfo for Key {
    type Scopes = Access;

    fn scope(&self) -> ScopeSet<Access> {
        self.scope
    }

    fn subject(&self) -> Option<&Subject> {
        Some(&self.subject)
    }

    fn client_id(&self) -> Option<&ClientId> {
        None
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Knows the keys, counts how often it is asked, and does as it is told by the request.
#[derive(Clone, Default)]
struct Keys {
    clock: SteppingClock,
    asked: Arc<AtomicUsize>,
    told: Arc<AtomicUsize>,
}

impl TokenValidator for Keys {
    type Scopes = Access;
    type Token = Key;

    async fn authenticate_token(&self, token: &str) -> Result<Option<Key>, Error> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let key = |subject: &str, locked| {
            let scope = ScopeSet::from_names(&["read"]);
            let expires_at = Timestamp::from_unix_seconds(START + 60);
            Some(Key { subject: subject.into(), scope, expires_at, locked })
        };
        match token.split_once('_') {
            Some(("key", subject)) => Ok(key(subject, false)),
            Some(("dead", subject)) => Ok(key(subject, true)),
            Some(("lost", _)) => Err(Error::new("the key register is closed")),
            _ => Ok(None),
        }
    }

    fn check_request(&self, parts: &Parts) -> Result<(), OAuthError> {
        match parts.headers.get("x-tenant") {
            Some(_) => Ok(()),
            None => Err(OAuthError::invalid_request("name a \"tenant\" \\ in `X-Tenant`\r\nx: y")),
        }
    }

    fn token_revoked(&self, token: &Key) -> bool {
        token.locked
    }

    async fn token_authenticated(&self, _: &Key) {
        self.told.fetch_add(1, Ordering::SeqCst);
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn serve_keys(keys: &Keys) -> SocketAddr {
    async fn whose(Extension(key): Extension<Key>) -> String {
        key.subject.to_string()
    }
    let protector = ResourceProtector::new(keys.clone()).realm("keys").unwrap();
    let routes = Router::new()
        .route("/", get(whose).route_layer(protector.require(Access::Read)))
        .route("/write", get(whose).route_layer(protector.require(Access::Write)));
    listen(routes).await
}

async fn present(address: SocketAddr, path: &str, token: &str) -> Response {
    Request::get(path).bearer(token).header("x-tenant", "1").send(address).await
}

/// A resource server without an authorization server, and tokens of its own format.
#[tokio::test]
async fn authenticate_token_for_a_format_of_ones_own() {
    let keys = Keys::default();
    let address = serve_keys(&keys).await;
    let answer = present(address, "/", "key_alice").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "alice"));
    let more = ", scope=\"read\"";
    let header = with_error("keys", "invalid_token", NOT_VALID, more);
    for unknown in ["x", "at_x"] {
        let answer = present(address, "/", unknown).await;
        assert_challenge(&answer, 401, "invalid_token", NOT_VALID, &header);
    }
    let answer = present(address, "/write", "key_alice").await;
    let header = with_error("keys", "insufficient_scope", NOT_ENOUGH, ", scope=\"write\"");
    assert_challenge(&answer, 403, "insufficient_scope", NOT_ENOUGH, &header);
    let answer = present(address, "/", "lost_alice").await;
    answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
    assert_eq!((answer.header("retry-after"), answer.header("www-authenticate")), (Some("2"), None));
    assert_eq!((keys.asked.load(Ordering::SeqCst), keys.told.load(Ordering::SeqCst)), (5, 1));
}

/// The ancestor's `request_invalid`: an error refuses, before the token is looked up, and whatever the token is.
#[tokio::test]
async fn request_invalid_is_check_request() {
    let keys = Keys::default();
    let address = serve_keys(&keys).await;
    for token in ["key_alice", "dead_alice", "x"] {
        let answer = ask(address, token).await;
        assert_eq!(answer.status, 400);
        let body = answer.json();
        assert_eq!(body["error"], "invalid_request");
        assert_eq!(body["error_description"], "name a \"tenant\" \\ in `X-Tenant`\r\nx: y");
        // The header has only what RFC 6750 section 3 lets it have.
        let description = "name a 'tenant' ? in `X-Tenant`??x: y";
        let header = with_error("keys", "invalid_request", description, ", scope=\"read\"");
        assert_eq!(answer.header("www-authenticate"), Some(header.as_str()));
    }
    // Without a token there is nothing to check.
    assert_eq!(Request::get("/").send(address).await.status, 401);
    assert_eq!(keys.asked.load(Ordering::SeqCst), 0);
    assert_eq!(present(address, "/", "key_alice").await.status, 200);
}

#[tokio::test]
async fn token_revoked_and_expired_tokens_look_like_unknown_ones() {
    let keys = Keys::default();
    let address = serve_keys(&keys).await;
    let unknown = present(address, "/write", "x").await;
    assert_eq!(unknown.status, 401);
    assert_eq!(present(address, "/write", "dead_alice").await, unknown);
    keys.clock.step(59);
    assert_eq!(present(address, "/", "key_alice").await.status, 200);
    keys.clock.step(1);
    // The scope is not asked about any more either.
    assert_eq!(present(address, "/write", "key_alice").await, unknown);
    assert_eq!(keys.told.load(Ordering::SeqCst), 1);
}

/// Own tokens first, then keys: the first that knows a token decides.
#[tokio::test]
async fn validators_are_asked_in_order() {
    let running = Running::start().await;
    let keys = Keys { clock: running.clock.clone(), ..Keys::default() };
    let either = ResourceProtector::new(StoredTokens::of(&running.auth).or(keys.clone()));
    let address = decided_by(move |parts| {
        let either = either.clone();
        async move {
            Ok(match either.acquire_token(&parts, Access::Read).await? {
                Either::First(token) => format!("app {}", token.client_id),
                Either::Second(key) => format!("key {}", key.subject),
            })
        }
    });
    let address = address.await;
    let own = token(&running, "read").await;
    assert_eq!(present(address, "/", &own).await.body, "\"app robot\"");
    assert_eq!(keys.asked.load(Ordering::SeqCst), 0);
    assert_eq!(present(address, "/", "key_alice").await.body, "\"key alice\"");
    assert_eq!(keys.asked.load(Ordering::SeqCst), 1);
    // The realm is that of the first, and the request is checked by both.
    let header = with_error("https://id.example", "invalid_token", NOT_VALID, ", scope=\"read\"");
    for bad in ["dead_alice", "x"] {
        let answer = present(address, "/", bad).await;
        assert_challenge(&answer, 401, "invalid_token", NOT_VALID, &header);
    }
    assert_eq!(ask(address, &own).await.status, 400);
    // A token that the first knows and refuses is not offered to the second, and neither is one it cannot look up.
    let asked = keys.asked.load(Ordering::SeqCst);
    running.database.execute("UPDATE app_token SET revoked_at = 1800000000").await;
    assert_eq!(present(address, "/", &own).await.status, 401);
    running.database.execute("ALTER TABLE app_token RENAME TO gone").await;
    assert_eq!(present(address, "/", &own).await.status, 503);
    assert_eq!(keys.asked.load(Ordering::SeqCst), asked);
}

/// What the handle gives is what the protector gives.
#[tokio::test]
async fn the_handles_own_methods_are_those_of_its_protector() {
    let running = Running::start().await;
    let (auth, protector): (_, Protector) = (running.auth.clone(), running.auth.protector());
    let by_handle = decided_by(move |parts| {
        let auth = auth.clone();
        async move { auth.acquire_token(&parts, Access::Read).await }
    });
    let by_protector = decided_by(move |parts| {
        let protector = protector.clone();
        async move { protector.acquire_token(&parts, Access::Read).await }
    });
    let (by_handle, by_protector) = (by_handle.await, by_protector.await);
    for token in [&token(&running, "read").await, &token(&running, "write").await, "at_x"] {
        assert_eq!(ask(by_handle, token).await, ask(by_protector, token).await);
    }
}
