//! CORS is for the endpoints that scripts ask; the authorization endpoint and its pages have none (RFC 9700 section 2.6),
//! wherever the layer is.

use std::net::SocketAddr;

use axum::routing::MethodRouter;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{WEB_CALLBACK, request};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Database, listen};
use tokio::net::TcpListener;
use tower_http::cors::CorsLayer;

const ORIGIN: &str = "https://elsewhere.example";

/// Leave for everybody to do everything. A function, because the compiler refuses the layer by its name.
fn cors() -> CorsLayer {
    CorsLayer::very_permissive()
}

#[grant(authorization_code)]
struct WebSignIn;

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(WebSignIn),
    endpoints(
        token(layer = CorsLayer::very_permissive()),
        authorization(layer = cors()),
        sign_in(layer = cors()),
        consent(layer = cors()),
    ),
    client_auth(none),
    sign_in = password(nobody),
)]
struct Layered {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(WebSignIn),
    client_auth(none),
    sign_in = password(nobody),
)]
struct Plain {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(WebSignIn),
    client_auth(none),
    sign_in = own_pages,
)]
struct OwnPages {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn nobody<S>(_: &S, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn web() -> Client<Access> {
    Client { redirect_uris: redirect_uris!["https://web.example/cb"], ..Client::new("web", ScopeSet::all()) }
}

/// What an answer says to scripts, in the order of the alphabet.
fn leave(response: &Response) -> Vec<String> {
    let headers = response.headers.iter();
    let leave = headers.filter(|(name, _)| name.to_ascii_lowercase().starts_with("access-control-"));
    let mut leave: Vec<_> = leave.map(|(name, value)| format!("{name}: {value}")).collect();
    leave.sort();
    leave
}

/// What the layer says to the script that asks.
fn everything(origin: &str) -> [String; 2] {
    ["access-control-allow-credentials: true".to_owned(), format!("access-control-allow-origin: {origin}")]
}

/// Serves `app` without what `serve` does.
async fn serve_by_axum(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

async fn asked(address: SocketAddr, request: Request) -> Response {
    request.header("origin", ORIGIN).send(address).await
}

async fn preflight(address: SocketAddr, path: &str) -> Response {
    let request = Request::new("OPTIONS", path).header("access-control-request-method", "POST");
    asked(address, request.header("access-control-request-headers", "x-own")).await
}

fn authorization() -> String {
    format!("/oauth/authorize?{}", request("web", WEB_CALLBACK, ""))
}

fn sign_in() -> String {
    format!("/login?{}", request("web", WEB_CALLBACK, ""))
}

async fn assert_token_has_leave(address: SocketAddr) {
    let refused =
        asked(address, Request::form("/oauth/token", "grant_type=authorization_code&client_id=web")).await;
    assert_eq!((refused.status, leave(&refused).as_slice()), (400, everything(ORIGIN).as_slice()));
    let allowed = preflight(address, "/oauth/token").await;
    assert_eq!(
        (allowed.status, leave(&allowed)),
        (
            200,
            vec![
                "access-control-allow-credentials: true".to_owned(),
                "access-control-allow-headers: x-own".to_owned(),
                "access-control-allow-methods: POST".to_owned(),
                format!("access-control-allow-origin: {ORIGIN}"),
            ]
        )
    );
}

const NONE: [String; 0] = [];

#[tokio::test]
async fn a_layer_of_the_authorization_endpoint_gives_no_leave() {
    let database = Database::default();
    let auth = Layered { db: database.store().await }.ready().await.unwrap();
    auth.clients().ensure(web()).await.unwrap();
    let address = serve_by_axum(auth.router()).await;
    assert_token_has_leave(address).await;
    let sent_on = asked(address, Request::get(&authorization())).await;
    assert_eq!((sent_on.status, sent_on.header("location")), (303, Some(sign_in().as_str())));
    assert_eq!(leave(&sent_on), NONE);
    let page = asked(address, Request::get(&sign_in())).await;
    assert_eq!((page.status, leave(&page).as_slice()), (200, NONE.as_slice()));
    for path in ["/oauth/authorize", "/login", "/consent"] {
        let answer = preflight(address, path).await;
        assert_eq!((answer.status, leave(&answer).as_slice()), (200, NONE.as_slice()), "{path}");
        let wrong_method = asked(address, Request::new("PUT", path)).await;
        assert_eq!((wrong_method.status, leave(&wrong_method).as_slice()), (405, NONE.as_slice()), "{path}");
    }
}

/// The layer of a route of the application's own is inside of what we put around it.
#[tokio::test]
async fn an_own_page_gives_no_leave() {
    let database = Database::default();
    let auth = OwnPages { db: database.store().await }.ready().await.unwrap();
    let page: MethodRouter<Ready<OwnPages>> = get(async || "sign in here").layer(cors());
    let beside = Router::new().route("/beside", get(async || "for everybody")).layer(cors());
    let app = auth.authorization_page(page).merge(beside).merge(auth.router());
    let address = serve_by_axum(app.with_state(auth)).await;
    let page = asked(address, Request::get(&authorization())).await;
    assert_eq!(
        (page.status, page.body.as_str(), leave(&page).as_slice()),
        (200, "sign in here", NONE.as_slice())
    );
    assert_eq!(leave(&preflight(address, "/oauth/authorize").await), NONE);
    let beside = asked(address, Request::get("/beside")).await;
    assert_eq!((beside.status, leave(&beside).as_slice()), (200, everything(ORIGIN).as_slice()));
}

/// A layer around everything answers preflights by itself; the answers themselves have passed through `serve`.
#[tokio::test]
async fn a_layer_around_everything_gives_no_leave_either() {
    let database = Database::default();
    let auth = Plain { db: database.store().await }.ready().await.unwrap();
    auth.clients().ensure(web()).await.unwrap();
    let app: Router = auth.router();
    let address = listen(app.layer(cors())).await;
    assert_token_has_leave(address).await;
    let metadata = asked(address, Request::get("/.well-known/oauth-authorization-server")).await;
    assert_eq!((metadata.status, leave(&metadata).as_slice()), (200, everything(ORIGIN).as_slice()));
    let sent_on = asked(address, Request::get(&authorization())).await;
    assert_eq!((sent_on.status, sent_on.header("location")), (303, Some(sign_in().as_str())));
    assert_eq!(leave(&sent_on), NONE);
    let page = asked(address, Request::get(&sign_in())).await;
    assert_eq!((page.status, leave(&page).as_slice()), (200, NONE.as_slice()));
}
