//! What clients, tokens and endpoints may not do to each other.

use axum::Router;
use axum::extract::Request as AxumRequest;
use axum::response::Response;
use axum::routing::{MethodFilter, get};
use futures_util::future::BoxFuture;
use oauth2_runtime::client_auth::{ClientAuthMethod, Unauthenticated};
use oauth2_runtime::endpoint::Endpoint;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::ServerMetadata;
use oauth2_tests::http::Request;
use oauth2_tests::provider::{self, Access, app};
use oauth2_tests::running::{Database, Running, listen};

/// A client proves itself by a header that only a proxy can set.
enum Certificate {}

impl<S: OAuth2Server> ClientAuthMethod<S> for Certificate {
    const NAME: &'static str = "tls_client_auth";

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        let subject = request.parts.headers.get("certificate-subject");
        Ok(subject.and_then(|subject| subject.to_str().ok()).map(str::to_owned))
    }

    fn verify<'a>(
        _: &'a Ready<S>,
        _: &'a S::Client,
        _: &'a Unauthenticated<'a>,
    ) -> BoxFuture<'a, Result<bool, OAuthError>> {
        Box::pin(std::future::ready(Ok(true)))
    }
}

/// A person has approved reading, whatever the client asks for.
#[grant(extension = "urn:test:approved")]
struct Approved;

impl ExtensionGrant<Auth> for Approved {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject("u-1").limited_to([Access::Read].into_iter().collect()))
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Approved),
    client_auth(none, Certificate),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

struct Site {
    auth: Ready<Auth>,
    _database: Database,
    address: std::net::SocketAddr,
}

async fn site() -> Site {
    let database = Database::default();
    let auth = Auth { db: database.store().await }.ready().await.unwrap();
    let address = listen(auth.router()).await;
    Site { auth, _database: database, address }
}

fn client(method: Option<&str>) -> Client<Access> {
    Client {
        grant_types: Some(["urn:test:approved"].into_iter().collect()),
        token_endpoint_auth_method: method.map(str::to_owned),
        ..Client::new("robot", ScopeSet::all())
    }
}

/// RFC 8705 section 2: the request names the client too. Without its certificate that alone must not pass for a public
/// client, though the client has no secret.
#[tokio::test]
async fn a_client_without_a_secret_need_not_be_public() {
    let site = site().await;
    let body = "grant_type=urn:test:approved&client_id=robot";
    site.auth.clients().ensure(client(None)).await.unwrap();
    let proven = Request::form("/oauth/token", body).header("certificate-subject", "robot");
    assert_eq!(proven.send(site.address).await.status, 200);
    let bare = Request::form("/oauth/token", body).send(site.address).await;
    bare.assert_error(401, "invalid_client", "client authentication failed");
    site.auth.clients().ensure(client(Some("none"))).await.unwrap();
    assert_eq!(Request::form("/oauth/token", body).send(site.address).await.status, 200);
}

#[tokio::test]
async fn a_grant_gives_no_more_than_was_approved() {
    let site = site().await;
    site.auth.clients().ensure(client(Some("none"))).await.unwrap();
    let ask = async |scope: &str| {
        let body = format!("grant_type=urn:test:approved&client_id=robot{scope}");
        Request::form("/oauth/token", body).send(site.address).await
    };
    assert_eq!(ask("").await.json()["scope"], "read");
    assert_eq!(ask("&scope=read+write").await.json()["scope"], "read");
    ask("&scope=write").await.assert_error(
        400,
        "invalid_scope",
        "there is no scope that this client may be granted",
    );
}

/// A client that was read before a rotation and written back after it does not revive the old secret.
#[tokio::test]
async fn replacing_a_client_keeps_its_secret() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let clients = running.auth.clients();
    let mut seen = clients.get(&"robot".into()).await.unwrap().unwrap();
    let next = clients.rotate_secret(&"robot".into(), std::time::Duration::ZERO).await.unwrap();
    seen.team = "day shift".into();
    assert!(clients.replace(seen).await.unwrap());
    let stored = clients.get(&"robot".into()).await.unwrap().unwrap();
    assert_eq!(stored.team, "day shift");
    let now = Timestamp::from_unix_seconds(1_900_000_000);
    assert!(stored.client_secret.unwrap().verify(next.expose(), now));
    assert_eq!(running.token(&robot, "grant_type=client_credentials").await.status, 401);
}

/// Lists are stored with spaces between their items, so a space in one would make two of it.
#[tokio::test]
async fn a_space_does_not_add_a_right() {
    let running = Running::start().await;
    for sly in [
        provider::App { grant_types: Some(["x client_credentials"].into_iter().collect()), ..app("robot") },
        provider::App {
            redirect_uris: ["https://a.test/cb https://evil.test"].into_iter().collect(),
            ..app("robot")
        },
        provider::App { redirect_uris: [""].into_iter().collect(), ..app("robot") },
    ] {
        assert_eq!(
            running.auth.clients().register(sly).await.unwrap_err().to_string(),
            "the client `robot` has a redirect URI or a grant type that is empty or contains white space"
        );
    }
}

/// Deleting a client ends its tokens, and that is told as well.
#[tokio::test]
async fn a_deleted_client_is_told() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    running.sign_in(&robot, "1").await;
    running.auth.journal.forget();
    assert!(running.auth.clients().delete(&"robot".into()).await.unwrap());
    assert_eq!(running.auth.journal.signals(), ["token_revoked robot 1"]);
}

#[protect(provider::Auth, any)]
async fn inside(token: Bearer<provider::Auth>) -> String {
    token.client_id.to_string()
}

#[protect(provider::Auth, any, when = never)]
async fn refused(token: Bearer<provider::Auth>) -> String {
    token.client_id.to_string()
}

fn never(_: &Bearer<provider::Auth>, _: &http::request::Parts) -> bool {
    false
}

/// One request is one acceptance, however many protections it passes, and a refusal is none.
#[tokio::test]
async fn an_accepted_token_is_told_once() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let tokens = running.sign_in(&robot, "1").await;
    let inner = Router::new().route("/inside", get(inside)).route_layer(running.auth.require(Access::Read));
    let address = listen(inner.route("/refused", get(refused)).with_state(running.auth.clone())).await;
    running.auth.journal.forget();
    assert_eq!(Request::get("/inside").bearer(&tokens.access).send(address).await.body, "robot");
    assert_eq!(running.auth.journal.signals(), ["token_authenticated robot 1"]);
    assert_eq!(Request::get("/refused").bearer(&tokens.access).send(address).await.status, 403);
    assert_eq!(running.auth.journal.signals(), Vec::<String>::new());
}

enum Relative {}

impl Endpoint<Misplaced> for Relative {
    const PATH: &'static str = "register";
    const METHODS: MethodFilter = MethodFilter::GET;

    fn describe(_: &mut ServerMetadata, _: String) {}

    async fn call(_: Ready<Misplaced>, _: AxumRequest) -> Response {
        Response::default()
    }
}

#[grant(client_credentials)]
struct Machine;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    endpoints(Relative),
    client_auth(client_secret_basic),
)]
struct Misplaced {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_mounted_is_one_line() {
    let database = Database::default();
    let error = Misplaced { db: database.store().await }.ready().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "an endpoint's path `register` is not a plain path: begin it with `/` and leave out parameters and queries"
    );
}
