//! The metadata document, and where the endpoints are mounted.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{FromRef, State};
use oauth2_runtime::prelude::*;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::{App, Auth, app, whoami};
use oauth2_tests::running::{Credentials, Database, ISSUER, Running, listen, ready};

const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";
const GRANT: &str = "grant_type=client_credentials";

fn document(issuer: &str) -> String {
    format!(
        "{{\"issuer\":\"{issuer}\",\"token_endpoint\":\"{issuer}/oauth/token\",\
         \"scopes_supported\":[\"read\",\"write\",\"admin\"],\"response_types_supported\":[],\
         \"grant_types_supported\":[\"client_credentials\",\"urn:test:sms-code\",\"refresh_token\"],\
         \"token_endpoint_auth_methods_supported\":[\"none\",\"client_secret_basic\",\"client_secret_post\"]}}"
    )
}

async fn server(database: &Database, issuer: &str) -> (Ready<Auth>, Credentials) {
    let auth = ready(database, &SteppingClock::default(), issuer).await;
    let secret = ClientSecret::generate().unwrap();
    auth.clients().ensure(App { client_secret: Some(secret.hash()), ..app("robot") }).await.unwrap();
    (auth, Credentials { id: "robot".into(), secret: secret.expose().to_owned() })
}

async fn token(address: SocketAddr, target: &str, client: &Credentials) -> Response {
    Request::form(target, GRANT).basic(&client.id, &client.secret).send(address).await
}

#[tokio::test]
async fn the_document_is_exact() {
    let running = Running::start().await;
    let answer = running.send(Request::get(WELL_KNOWN)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, document(ISSUER).as_str()));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(answer.header("pragma"), None);
}

#[tokio::test]
async fn the_document_is_only_read() {
    let running = Running::start().await;
    let head = running.send(Request::new("HEAD", WELL_KNOWN)).await;
    let length = document(ISSUER).len().to_string();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), Some(length.as_str()));
    for method in ["POST", "PUT", "PATCH", "OPTIONS", "DELETE"] {
        let answer = running.send(Request::new(method, WELL_KNOWN)).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}

/// RFC 8414 section 3.1: the well-known part goes before the issuer's path.
#[tokio::test]
async fn an_issuer_with_a_path_moves_every_endpoint() {
    for issuer in ["https://id.example/tenant", "https://id.example/tenant/"] {
        let database = Database::default();
        let (auth, robot) = server(&database, issuer).await;
        let address = listen(auth.router()).await;
        let answer = Request::get(&format!("{WELL_KNOWN}/tenant")).send(address).await;
        let expected = document("https://id.example/tenant");
        assert_eq!((answer.status, answer.body.as_str()), (200, expected.as_str()));
        assert_eq!(token(address, "/tenant/oauth/token", &robot).await.status, 200);
        for elsewhere in [WELL_KNOWN, "/tenant/.well-known/oauth-authorization-server"] {
            assert_eq!(Request::get(elsewhere).send(address).await.status, 404, "{elsewhere}");
        }
        assert_eq!(token(address, "/oauth/token", &robot).await.status, 404);
    }
}

/// An issuer's path is taken literally, whatever the router's syntax makes of it.
#[tokio::test]
async fn an_issuer_may_have_any_path() {
    for path in ["/a%20b", "/:tenant", "/*all", "/a//b", "/a:b@c=d,e+f$g!h~i'(j)"] {
        let database = Database::default();
        let issuer = format!("https://id.example{path}");
        let (auth, robot) = server(&database, &issuer).await;
        let address = listen(auth.router()).await;
        let answer = Request::get(&format!("{WELL_KNOWN}{path}")).send(address).await;
        assert_eq!((answer.status, answer.body), (200, document(&issuer)), "{path}");
        assert_eq!(token(address, &format!("{path}/oauth/token"), &robot).await.status, 200, "{path}");
        assert_eq!(token(address, "/x/oauth/token", &robot).await.status, 404, "{path}");
    }
}

/// S93: the issuer comes from the declaration; what a request says about hosts changes nothing.
#[tokio::test]
async fn headers_about_hosts_change_nothing() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let challenge = running.send(Request::get("/whoami")).await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-prefix", "/evil"),
        ("x-original-url", "/evil"),
        ("forwarded", "host=evil.example;proto=http"),
    ] {
        let answer = running.send(Request::get(WELL_KNOWN).header(name, value)).await;
        assert_eq!(answer.body, document(ISSUER), "{name}");
        assert_eq!(running.send(Request::get("/whoami").header(name, value)).await, challenge, "{name}");
        let request = Request::form("/oauth/token", GRANT).basic("robot", &robot.secret).header(name, value);
        assert_eq!(running.send(request).await.status, 200, "{name}");
    }
    let other = format!("GET {WELL_KNOWN} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
    let answer = oauth2_tests::http::exchange(running.address, other.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, document(ISSUER).as_str()));
    let absolute = Request::get(&format!("http://evil.example{WELL_KNOWN}"));
    assert_eq!(running.send(absolute).await.body, document(ISSUER));
}

/// Every address in the document would be wrong.
#[tokio::test]
async fn a_nested_router_does_not_answer() {
    let database = Database::default();
    let (auth, robot) = server(&database, ISSUER).await;
    let address = listen(Router::new().nest("/auth", auth.router())).await;
    let answer = token(address, "/auth/oauth/token", &robot).await;
    assert_eq!((answer.status, answer.body.as_str()), (404, ""));
    let answer = Request::get(&format!("/auth{WELL_KNOWN}")).send(address).await;
    assert_eq!((answer.status, answer.body.as_str()), (404, ""));
    assert_eq!(database.number("SELECT COUNT(*) FROM app_token").await, 0);
}

#[derive(Clone)]
struct Site {
    auth: Ready<Auth>,
    motto: &'static str,
}

impl FromRef<Site> for Ready<Auth> {
    fn from_ref(site: &Site) -> Self {
        site.auth.clone()
    }
}

#[tokio::test]
async fn the_router_merges_into_an_application_with_its_own_state() {
    let database = Database::default();
    let (auth, robot) = server(&database, ISSUER).await;
    let motto = async |State(site): State<Site>| site.motto;
    let app = Router::new()
        .route("/motto", get(motto))
        .route("/whoami", get(whoami))
        .merge(auth.router())
        .with_state(Site { auth, motto: "semper" });
    let address = listen(app).await;
    assert_eq!(Request::get("/motto").send(address).await.body, "semper");
    let answer = token(address, "/oauth/token", &robot).await.json();
    let access = answer["access_token"].as_str().unwrap();
    assert_eq!(Request::get("/whoami").bearer(access).send(address).await.body, "robot - `read write` api");
}

#[tokio::test]
async fn two_servers_live_in_one_application() {
    let (here, there) = (Database::default(), Database::default());
    let (first, robot) = server(&here, "https://id.example/a").await;
    let (second, other) = server(&there, "https://id.example/b").await;
    let address = listen(Router::new().merge(first.router()).merge(second.router())).await;
    for name in ["a", "b"] {
        let answer = Request::get(&format!("{WELL_KNOWN}/{name}")).send(address).await;
        assert_eq!(answer.body, document(&format!("https://id.example/{name}")));
    }
    assert_eq!(token(address, "/a/oauth/token", &robot).await.status, 200);
    assert_eq!(token(address, "/b/oauth/token", &other).await.status, 200);
    let crossed = token(address, "/b/oauth/token", &robot).await;
    assert_eq!(
        (crossed.status, crossed.header("www-authenticate")),
        (401, Some("Basic realm=\"https://id.example/b\""))
    );
}

#[tokio::test]
async fn the_router_runs_under_plain_axum() {
    let database = Database::default();
    let (auth, robot) = server(&database, ISSUER).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app: Router = auth.router();
    tokio::spawn(async move { axum::serve(listener, app).await });
    assert_eq!(token(address, "/oauth/token", &robot).await.status, 200);
    assert_eq!(Request::get(WELL_KNOWN).send(address).await.body, document(ISSUER));
}
