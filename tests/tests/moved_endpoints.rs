//! What the keys of the entries in `endpoints(..)` do: paths, layers, client authentication; and chains.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::Request as AxumRequest;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use oauth2_runtime::client_auth::ClientRequest;
use oauth2_runtime::endpoint::introspection::IntrospectionEndpoint;
use oauth2_runtime::endpoint::{Chain, ClientEndpoint, Endpoint, Link, Mount, Mounted};
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::ServerMetadata;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{WEB_CALLBACK, parameters, redemption, request, value};
use oauth2_tests::running::{Database, listen};
use serde_json::json;
use tokio::sync::Semaphore;
use tower::limit::ConcurrencyLimitLayer;

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials, scopes(Access::Read))]
struct Machine;

#[grant(authorization_code)]
struct People;

/// A server of which nothing is where it usually is.
#[oauth2_server(
    issuer = "https://id.example/tenant",
    scopes = Access,
    grants(People, Machine),
    endpoints(
        authorization(path = "/start"),
        sign_in(path = "/who"),
        consent(path = "/agree"),
        token(path = "/tokens"),
        metadata(path = "/.well-known/openid-configuration"),
        revocation(path = "/revoke", layer = map_response(stamp)),
        introspection(client_auth(client_secret_basic)),
        Patient(path = "/one-by-one", layer = ConcurrencyLimitLayer::new(1)),
        Eager,
    ),
    client_auth(client_secret_basic, client_secret_post),
    sign_in = password(anybody),
)]
struct Moved {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    /// Requests that have reached [`Patient`].
    inside: Arc<AtomicUsize>,
    /// Lets them go on.
    gate: Arc<Semaphore>,
}

async fn anybody(_: &Moved, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(Some(credentials.username().into()))
}

async fn stamp(mut response: Response) -> Response {
    response.headers_mut().insert("layered", http::HeaderValue::from_static("yes"));
    response
}

/// Answers when it is let.
enum Patient {}

impl Endpoint<Moved> for Patient {
    const PATH: &'static str = "/patient";
    const METHODS: MethodFilter = MethodFilter::GET;

    fn describe(_: &Mount<Moved>, metadata: &mut ServerMetadata, url: String) {
        metadata.additional.insert("patient_endpoint", url.into());
    }

    async fn call(at: Mounted<Moved>, _: AxumRequest) -> Response {
        at.inside.fetch_add(1, Ordering::SeqCst);
        at.gate.acquire().await.unwrap().forget();
        "at last".into_response()
    }
}

enum Eager {}

impl Endpoint<Moved> for Eager {
    const PATH: &'static str = "/eager";
    const METHODS: MethodFilter = MethodFilter::GET;

    fn describe(_: &Mount<Moved>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<Moved>, _: AxumRequest) -> Response {
        "at once".into_response()
    }
}

struct MovedSite {
    address: SocketAddr,
    secret: String,
    inside: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
    _database: Database,
}

impl MovedSite {
    async fn start() -> Self {
        let (database, inside, gate) = (Database::default(), Arc::default(), Arc::new(Semaphore::new(0)));
        let moved =
            Moved { db: database.store().await, inside: Arc::clone(&inside), gate: Arc::clone(&gate) };
        let moved = moved.ready().await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        let web = Client {
            client_secret: Some(secret.hash()),
            redirect_uris: [WEB_CALLBACK].into_iter().collect(),
            ..Client::new("web", ScopeSet::all())
        };
        moved.clients().ensure(web).await.unwrap();
        let secret = secret.expose().to_owned();
        Self { address: listen(moved.router()).await, secret, inside, gate, _database: database }
    }

    /// A form of the client, with its secret in the header.
    fn basic(&self, path: &str, body: &str) -> Request {
        Request::form(path, body).basic("web", &self.secret)
    }

    /// The same with its secret in the form.
    fn post(&self, path: &str, body: &str) -> Request {
        Request::form(path, format!("{body}&client_id=web&client_secret={}", self.secret))
    }
}

/// `path = ..` of built-in endpoints and of one's own: served there and nowhere else, and advertised there.
#[tokio::test]
async fn a_moved_endpoint_is_where_it_is_advertised() {
    let site = MovedSite::start().await;
    let document = Request::get("/.well-known/openid-configuration/tenant").send(site.address).await.json();
    for (member, url) in [
        ("authorization_endpoint", "https://id.example/tenant/start"),
        ("token_endpoint", "https://id.example/tenant/tokens"),
        ("revocation_endpoint", "https://id.example/tenant/revoke"),
        ("introspection_endpoint", "https://id.example/tenant/oauth/introspect"),
        ("patient_endpoint", "https://id.example/tenant/one-by-one"),
    ] {
        assert_eq!(document[member], url, "{member}");
    }
    for (method, old) in [
        ("GET", "/.well-known/oauth-authorization-server/tenant"),
        ("GET", "/tenant/oauth/authorize"),
        ("GET", "/tenant/login"),
        ("GET", "/tenant/consent"),
        ("POST", "/tenant/oauth/token"),
        ("POST", "/tenant/oauth/revoke"),
        ("GET", "/tenant/patient"),
    ] {
        let answer = Request::new(method, old).body("").send(site.address).await;
        assert_eq!(answer.status, 404, "{old}");
    }
}

/// The pages lead to each other at their new paths, from the authorization request to the token and its end.
#[tokio::test]
async fn moved_pages_link_to_each_other() {
    let site = MovedSite::start().await;
    let mut browser = Browser::new(site.address);
    let asked = request("web", WEB_CALLBACK, "&scope=read&state=7");
    let at_page = |answer: &oauth2_tests::http::Response, page: &str| {
        assert_eq!(answer.status, 303, "{answer:?}");
        let to = answer.header("location").unwrap().to_owned();
        assert!(to.starts_with(&format!("/tenant/{page}?")), "{to}");
        to
    };
    let login = at_page(&browser.get(&format!("/tenant/start?{asked}")).await, "who");
    let page = browser.get(&login).await;
    let start = at_page(&browser.sign_in(&page, &login, "alice", "any").await, "start");
    let agree = at_page(&browser.get(&start).await, "agree");
    let page = browser.get(&agree).await;
    assert!(page.body.contains("href=\"/tenant/who?"), "somebody else signs in there: {}", page.body);
    let answer = browser.decide(&page, &agree, "allow").await;
    let answer = parameters(answer.header("location").unwrap());
    assert_eq!(value(&answer, "iss"), "https://id.example/tenant");

    let body = redemption(&value(&answer, "code"));
    let token = site.basic("/tenant/tokens", &body).send(site.address).await;
    assert_eq!(token.status, 200, "{token:?}");
    let token = format!("token={}", token.json()["access_token"].as_str().unwrap());
    let introspect = async || site.basic("/tenant/oauth/introspect", &token).send(site.address).await.json();
    assert_eq!(introspect().await["sub"], "alice");
    assert_eq!(site.basic("/tenant/revoke", &token).send(site.address).await.status, 200);
    assert_eq!(introspect().await, json!({ "active": false }));
}

/// `layer = ..` is around one endpoint: of two requests to the limited one the second waits, and the others do not.
#[tokio::test]
async fn a_layer_limits_one_endpoint_and_no_other() {
    let site = MovedSite::start().await;
    let address = site.address;
    let limited = || tokio::spawn(Request::get("/tenant/one-by-one").send(address));
    let (first, second) = (limited(), limited());
    while site.inside.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..50 {
        assert_eq!(Request::get("/tenant/eager").send(address).await.body, "at once");
    }
    assert_eq!(site.inside.load(Ordering::SeqCst), 1);
    site.gate.add_permits(2);
    for answer in [first.await.unwrap(), second.await.unwrap()] {
        assert_eq!((answer.status, answer.body.as_str()), (200, "at last"));
    }
    assert_eq!(site.inside.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_layer_is_around_a_built_in_endpoint_too() {
    let site = MovedSite::start().await;
    let revoked = site.basic("/tenant/revoke", "token=at_unknown").send(site.address).await;
    assert_eq!((revoked.status, revoked.header("layered")), (200, Some("yes")), "{revoked:?}");
    let token = site.basic("/tenant/tokens", "grant_type=client_credentials").send(site.address).await;
    assert_eq!((token.status, token.header("layered")), (200, None), "{token:?}");
}

/// `client_auth(..)` of one endpoint: what it does not have is refused there, and accepted and advertised elsewhere.
#[tokio::test]
async fn an_endpoint_has_client_authentication_methods_of_its_own() {
    let site = MovedSite::start().await;
    let refused = site.post("/tenant/oauth/introspect", "token=at_unknown").send(site.address).await;
    refused.assert_error(401, "invalid_client", "client authentication failed");
    let known = site.basic("/tenant/oauth/introspect", "token=at_unknown").send(site.address).await;
    assert_eq!((known.status, known.json()), (200, json!({ "active": false })));
    assert_eq!(site.post("/tenant/revoke", "token=at_unknown").send(site.address).await.status, 200);
    let token = site.post("/tenant/tokens", "grant_type=client_credentials").send(site.address).await;
    assert_eq!(token.status, 200, "{token:?}");

    let document = Request::get("/.well-known/openid-configuration/tenant").send(site.address).await.json();
    let methods = |endpoint: &str| document[format!("{endpoint}_endpoint_auth_methods_supported")].clone();
    assert_eq!(methods("introspection"), json!(["client_secret_basic"]));
    assert_eq!(methods("revocation"), json!(["client_secret_basic", "client_secret_post"]));
    assert_eq!(methods("token"), json!(["client_secret_basic", "client_secret_post"]));
}

/// A server that looks at tokens of two partners before its own.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    endpoints(Chain<Partner<1>, Chain<Partner<2>, Told<IntrospectionEndpoint>>>(path = "/look")),
    client_auth(client_secret_basic),
    signals(client_authenticated = authenticated),
)]
struct Chained {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    journal: Arc<Mutex<Vec<String>>>,
}

async fn authenticated(chained: &Chained, event: &ClientAuthenticated) {
    chained.note(format!("client {}", event.client_id));
}

impl Chained {
    fn note(&self, what: String) {
        self.journal.lock().unwrap().push(what);
    }
}

/// Knows the token `partner-N`, and refuses `stolen-N`.
struct Partner<const N: u8>;

impl<const N: u8> Link<Chained> for Partner<N> {
    async fn answer(cx: &ClientRequest<'_, Chained>) -> Result<Option<Response>, OAuthError> {
        cx.server().note(format!("partner {N}"));
        let token = cx.form().require("token")?;
        if token == format!("stolen-{N}") {
            return Err(OAuthError::invalid_request("this token was stolen"));
        }
        let known = token == format!("partner-{N}");
        Ok(known.then(|| format!("a token of partner {N}").into_response()))
    }
}

/// The last one, as it is, but not in silence.
struct Told<E>(E);

impl<E: Endpoint<Chained>> Endpoint<Chained> for Told<E> {
    const PATH: &'static str = E::PATH;

    fn describe(at: &Mount<Chained>, metadata: &mut ServerMetadata, url: String) {
        E::describe(at, metadata, url);
    }

    async fn call(at: Mounted<Chained>, request: AxumRequest) -> Response {
        E::call(at, request).await
    }
}

impl<E: ClientEndpoint<Chained>> ClientEndpoint<Chained> for Told<E> {
    fn check(form: &oauth2_runtime::form::Form) -> Result<(), OAuthError> {
        E::check(form)
    }

    async fn answer(cx: &ClientRequest<'_, Chained>) -> Result<Response, OAuthError> {
        cx.server().note("last".to_owned());
        E::answer(cx).await
    }
}

/// Each is asked in its turn until one answers or refuses; the client authenticates once, before all of them.
#[tokio::test]
async fn a_chain_asks_in_order() {
    let database = Database::default();
    let journal = Arc::new(Mutex::new(Vec::new()));
    let chained = Chained { db: database.store().await, journal: Arc::clone(&journal) };
    let chained = chained.ready().await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let robot = Client { client_secret: Some(secret.hash()), ..Client::new("robot", ScopeSet::all()) };
    chained.clients().ensure(robot).await.unwrap();
    let address = listen(chained.router()).await;
    let ask = async |body: &str| {
        let answer = Request::form("/look", body).basic("robot", secret.expose()).send(address).await;
        (answer, std::mem::take(&mut *journal.lock().unwrap()))
    };

    let (answer, asked) = ask("token=partner-1").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "a token of partner 1"));
    assert_eq!(asked, ["client robot", "partner 1"]);
    let (answer, asked) = ask("token=partner-2").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "a token of partner 2"));
    assert_eq!(asked, ["client robot", "partner 1", "partner 2"]);
    let (answer, asked) = ask("token=at_unknown").await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "active": false })));
    assert_eq!(asked, ["client robot", "partner 1", "partner 2", "last"]);
    let (answer, asked) = ask("token=stolen-1").await;
    answer.assert_error(400, "invalid_request", "this token was stolen");
    assert_eq!(asked, ["client robot", "partner 1"]);
    // The check of the last one comes first: a form that it would not read costs no client a look.
    let (answer, asked) = ask("other=1").await;
    answer.assert_error(400, "invalid_request", "`token` is missing");
    assert_eq!(asked, Vec::<String>::new());

    let stranger = Request::form("/look", "token=partner-1").send(address).await;
    stranger.assert_error(401, "invalid_client", "client authentication failed");
    assert_eq!(*journal.lock().unwrap(), Vec::<String>::new());
    let document = Request::get("/.well-known/oauth-authorization-server").send(address).await.json();
    assert_eq!(document["introspection_endpoint"], "https://id.example/look");
    assert_eq!(Request::form("/oauth/introspect", "token=a").send(address).await.status, 404);
}
