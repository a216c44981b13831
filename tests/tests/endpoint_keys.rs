//! What the keys of the entries in `endpoints(..)` change, and what they do not.

use axum::extract::{Request as AxumRequest, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use oauth2_runtime::client_auth::{ClientAuthMethod, ClientRequest, Unauthenticated};
use oauth2_runtime::endpoint::introspection::IntrospectionEndpoint;
use oauth2_runtime::endpoint::{Chain, ClientEndpoint, Endpoint, Link, Mount, Mounted};
use oauth2_runtime::grant::Dispatch;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::ServerMetadata;
use oauth2_tests::http::Request;
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Database, listen};

/// Clients prove themselves by something that is no secret.
enum Certificate {}

impl<S: OAuth2Server> ClientAuthMethod<S> for Certificate {
    const NAME: &'static str = "tls_client_auth";

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        let subject = request.parts.headers.get("certificate-subject");
        Ok(subject.and_then(|subject| subject.to_str().ok()).map(str::to_owned))
    }

    async fn verify(_: &Ready<S>, _: &S::Client, _: &Unauthenticated<'_>) -> Result<bool, OAuthError> {
        Ok(true)
    }
}

#[grant(extension = "urn:test:approved")]
struct Approved;

impl ExtensionGrant<Keyed> for Approved {
    async fn authorize(self, _: &GrantContext<'_, Keyed>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject("u-1"))
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Approved),
    endpoints(token(client_auth(none))),
    client_auth(none, Certificate),
)]
struct Keyed {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// That a client has no secret does not make it public where some endpoint knows it by a certificate: it must say so.
#[tokio::test]
async fn a_client_with_a_key_is_not_public_at_an_endpoint_of_other_methods() {
    let database = Database::default();
    let auth = Keyed { db: database.store().await }.ready().await.unwrap();
    let address = listen(auth.router()).await;
    let client = |id: &str, method: Option<&str>| Client {
        grant_types: Some(["urn:test:approved"].into_iter().collect()),
        token_endpoint_auth_method: method.map(str::to_owned),
        ..Client::new(id, ScopeSet::all())
    };
    auth.clients().ensure(client("robot", None)).await.unwrap();
    auth.clients().ensure(client("app", Some("none"))).await.unwrap();
    let ask = async |id: &str| {
        let body = format!("grant_type=urn:test:approved&client_id={id}");
        Request::form("/oauth/token", body).send(address).await
    };
    ask("robot").await.assert_error(401, "invalid_client", "client authentication failed");
    assert_eq!(ask("app").await.status, 200);
}

enum WhoAmI {}

impl<S: Dispatch> Endpoint<S> for WhoAmI {
    const PATH: &'static str = "/oauth/whoami";

    fn describe(_: &Mount<S>, _: &mut ServerMetadata, _: String) {}

    async fn call(at: Mounted<S>, request: AxumRequest) -> Response {
        at.answer_client::<Self>(request).await
    }
}

impl<S: Dispatch> ClientEndpoint<S> for WhoAmI {
    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
        Ok(cx.client().client_id().to_string().into_response())
    }
}

struct Partner;

impl<S: Dispatch> Link<S> for Partner {
    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Option<Response>, OAuthError> {
        let known = cx.form().require("token")?.starts_with("partner_");
        Ok(known.then(|| "{\"active\":true}".into_response()))
    }
}

#[grant(client_credentials)]
struct Machine;

enum OldToken {}

impl<S: Dispatch> Endpoint<S> for OldToken {
    const PATH: &'static str = "/oauth/token";

    fn describe(_: &Mount<S>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<S>, _: AxumRequest) -> Response {
        "it has moved".into_response()
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    endpoints(
        WhoAmI(client_auth(client_secret_basic)),
        token(path = "/tokens"),
        OldToken,
        Chain<Partner, IntrospectionEndpoint>,
    ),
    client_auth(client_secret_basic, none),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn whoami(State(auth): State<Ready<Auth>>, request: AxumRequest) -> Response {
    auth.create_endpoint_response::<WhoAmI>(request).await
}

async fn old_token(State(auth): State<Ready<Auth>>, request: AxumRequest) -> Response {
    auth.create_endpoint_response::<OldToken>(request).await
}

/// A server with the public client `public`, whose own endpoints are called by hand too.
async fn site() -> (Database, std::net::SocketAddr) {
    let database = Database::default();
    let auth = Auth { db: database.store().await }.ready().await.unwrap();
    auth.clients().ensure(Client::new("public", ScopeSet::all())).await.unwrap();
    let by_hand = Router::new().route("/hand/whoami", any(whoami)).route("/hand/token", any(old_token));
    (database, listen(by_hand.merge(auth.router()).with_state(auth)).await)
}

#[tokio::test]
async fn an_entry_holds_by_hand_too() {
    let (_database, address) = site().await;
    for target in ["/oauth/whoami", "/hand/whoami"] {
        let answer = Request::form(target, "client_id=public").send(address).await;
        answer.assert_error(401, "invalid_client", "client authentication failed");
    }
}

/// An endpoint is known by its type, whoever else has had its path.
#[tokio::test]
async fn an_endpoint_by_hand_is_that_endpoint() {
    let (_database, address) = site().await;
    for target in ["/oauth/token", "/hand/token"] {
        assert_eq!(Request::form(target, "a=b").send(address).await.body, "it has moved");
    }
}

/// Whom the last of a chain does not answer, the first does not answer either.
#[tokio::test]
async fn a_chain_admits_whom_its_last_admits() {
    let (_database, address) = site().await;
    for token in ["other", "partner_1"] {
        let body = format!("token={token}&client_id=public");
        let answer = Request::form("/oauth/introspect", body).send(address).await;
        answer.assert_error(401, "invalid_client", "introspection is for clients that authenticate");
    }
}

#[grant(authorization_code)]
struct WebSignIn;

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(WebSignIn),
    endpoints(authorization(layer = tower::limit::ConcurrencyLimitLayer::new(1))),
    client_auth(none),
    sign_in = own_pages,
)]
struct OwnPages {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// A limit that would never be there is said at the start.
#[tokio::test]
async fn a_layer_that_nobody_would_apply_is_one_line() {
    let database = Database::default();
    let error = OwnPages { db: database.store().await }.ready().await.unwrap_err();
    let expected = "`authorization(..)` in `endpoints(..)` has `layer`, but with `sign_in = own_pages` its \
                    route is yours: put the layer around the `MethodRouter` of `authorization_page`";
    assert_eq!(error.to_string(), expected);
}

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(Machine),
    endpoints(metadata(client_auth(client_secret_basic))),
    client_auth(client_secret_basic),
)]
struct Keyless {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[tokio::test]
async fn client_authentication_where_no_client_authenticates_is_one_line() {
    let database = Database::default();
    let error = Keyless { db: database.store().await }.ready().await.unwrap_err();
    let expected =
        "`metadata(client_auth(..))` in `endpoints(..)`: no client authenticates there; remove the key";
    assert_eq!(error.to_string(), expected);
}
