//! F27: code of the application that panics where it is not the framework's endpoint that runs it. `serve` answers.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use axum::response::Response as AxumResponse;
use axum::routing::get;
use http::request::Parts;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::Requirement;
use oauth2_tests::boom::{BOOM, expect_panics};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::log::Log;
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials as ClientCredentials, Database, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[grant(client_credentials)]
struct Machine;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    endpoints(introspection(layer = from_fn(brittle))),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// Panics when the request says so.
fn visit(parts: &Parts, place: &str) {
    assert!(parts.headers.get("x-boom").is_none_or(|boom| boom != place), "{BOOM} {:?}", parts.headers);
}

async fn brittle(request: AxumRequest, next: Next) -> AxumResponse {
    let (parts, body) = request.into_parts();
    visit(&parts, "layer");
    next.run(AxumRequest::from_parts(parts, body)).await
}

async fn plain(parts: Parts) -> &'static str {
    visit(&parts, "route");
    "here"
}

#[protect(Auth, any, when = agrees)]
async fn protected(_: Bearer<Auth>, parts: Parts) -> &'static str {
    visit(&parts, "protected");
    "here"
}

fn agrees(_: &Bearer<Auth>, parts: &Parts) -> bool {
    visit(parts, "predicate");
    true
}

/// Tokens of another system, none of which it can read.
#[derive(Debug)]
struct Foreign;

impl TokenValidator for Foreign {
    type Scopes = Access;
    type Token = Bearer<Auth>;

    async fn authenticate_token(&self, token: &str) -> Result<Option<Bearer<Auth>>, Error> {
        tokio::task::yield_now().await;
        assert!(token != "boom", "{BOOM} {token}");
        Ok(None)
    }

    fn token_revoked(&self, _: &Bearer<Auth>) -> bool {
        false
    }
}

struct Site {
    address: SocketAddr,
    robot: ClientCredentials,
    token: String,
    _database: Database,
}

impl Site {
    async fn open() -> Self {
        expect_panics();
        let database = Database::default();
        let auth = Auth { db: database.store().await }.ready().await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        let robot = Client { client_secret: Some(secret.hash()), ..Client::new("robot", ScopeSet::all()) };
        auth.clients().ensure(robot).await.unwrap();
        let foreign = ResourceProtector::new(Foreign).realm("foreign").unwrap();
        let app = Router::new()
            .route("/foreign", get(plain))
            .route_layer(foreign.require(Requirement::ANY_TOKEN))
            .route("/plain", get(plain))
            .route("/protected", get(protected))
            .merge(auth.router());
        let address = listen(app.with_state(auth)).await;
        let robot = ClientCredentials { id: "robot".into(), secret: secret.expose().to_owned() };
        let request = Request::form("/oauth/token", "grant_type=client_credentials");
        let answer = request.basic(&robot.id, &robot.secret).send(address).await;
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        Self { address, robot, token, _database: database }
    }

    /// A request that succeeds, except where the header or the token says that it panics.
    fn request(&self, place: &str) -> Request {
        match place {
            "layer" => Request::form("/oauth/introspect", format!("token={}", self.token))
                .basic(&self.robot.id, &self.robot.secret),
            "validator" => Request::get("/foreign").bearer("boom"),
            "route" => Request::get("/plain"),
            _ => Request::get("/protected").bearer(&self.token),
        }
    }
}

/// The exact answer, and so nothing of the panic, of a token or of a secret.
#[track_caller]
fn assert_failed(answer: &Response) {
    answer.assert_error(500, "server_error", "the server failed");
    let names: Vec<_> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "cache-control", "pragma", "content-length", "connection"]);
}

/// In a layer of an endpoint, a route, a protected route, its predicate, and a validator of tokens.
#[tokio::test]
async fn a_panic_of_the_application_is_an_answer() {
    let (log, _guard) = Log::open();
    let site = Site::open().await;
    log.lines();
    for place in ["layer", "route", "protected", "predicate", "validator"] {
        let answer = site.request(place).header("x-boom", place).send(site.address).await;
        assert_failed(&answer);
        let line =
            r#"ERROR oauth2_runtime::error: request failed code="server_error" reason="the server failed""#;
        assert_eq!(log.lines(), [line], "{place}");
        if place != "validator" {
            assert_eq!(site.request(place).send(site.address).await.status, 200, "{place}");
            log.lines();
        }
    }
}

/// What is sent behind it on the same connection is answered as well.
#[tokio::test]
async fn a_panic_does_not_end_its_connection() {
    // The first thread that comes to a line of the log decides whether anybody sees it, for the other test too.
    let (_log, _guard) = Log::open();
    let site = Site::open().await;
    let boom = "GET /plain HTTP/1.1\r\nhost: test\r\nx-boom: route\r\n\r\n";
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(boom.repeat(3).as_bytes()).await.unwrap();
    stream.write_all(&Request::get("/plain").into_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    let lines = answers.lines().filter_map(|line| line.split_once("HTTP/1.1 "));
    let statuses: Vec<_> = lines.map(|(_, status)| status).collect();
    let failed = "500 Internal Server Error";
    assert_eq!(statuses, [failed, failed, failed, "200 OK"], "{answers}");
    assert!(answers.ends_with("\r\n\r\nhere") && !answers.contains(BOOM), "{answers}");
}
