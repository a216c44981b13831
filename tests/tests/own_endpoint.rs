//! Endpoints of the application's own, one of which panics.

use axum::extract::Request as AxumRequest;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use oauth2_runtime::endpoint::{Endpoint, Mount, Mounted};
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::ServerMetadata;
use oauth2_tests::http::Request;
use oauth2_tests::running::{Database, listen};

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials, scopes(Access::Read))]
struct Machine;

#[oauth2_server(
    issuer = "https://id.example/tenant",
    scopes = Access,
    grants(Machine),
    endpoints(Motto, Explosive),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

enum Motto {}

impl Endpoint<Auth> for Motto {
    const PATH: &'static str = "/motto";
    const METHODS: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

    fn describe(_: &Mount<Auth>, metadata: &mut ServerMetadata, url: String) {
        metadata.additional.insert("motto_endpoint", url.into());
    }

    async fn call(at: Mounted<Auth>, request: AxumRequest) -> Response {
        format!("{} {} semper", at.issuer(), request.method()).into_response()
    }
}

enum Explosive {}

impl Endpoint<Auth> for Explosive {
    const PATH: &'static str = "/explode";
    const METHODS: MethodFilter = MethodFilter::GET;

    fn describe(_: &Mount<Auth>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<Auth>, request: AxumRequest) -> Response {
        if request.uri().query() == Some("later") {
            tokio::task::yield_now().await;
        }
        panic!("code of the application");
    }
}

async fn site() -> std::net::SocketAddr {
    let database = Database::default();
    let auth = Auth { db: database.store().await }.ready().await.unwrap();
    listen(auth.router()).await
}

#[tokio::test]
async fn an_own_endpoint_is_mounted_and_described() {
    let address = site().await;
    for method in ["GET", "POST"] {
        let answer = Request::new(method, "/tenant/motto").body("").send(address).await;
        assert_eq!(answer.body, format!("https://id.example/tenant {method} semper"));
    }
    let answer = Request::new("PUT", "/tenant/motto").send(address).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD, POST")));
    let answer = Request::get("/.well-known/oauth-authorization-server/tenant").send(address).await;
    assert_eq!(answer.json()["motto_endpoint"], "https://id.example/tenant/motto");
}

/// F27: a panic is one answer, and the server lives.
#[tokio::test]
async fn a_panic_is_answered_and_the_server_lives() {
    let address = site().await;
    for target in ["/tenant/explode", "/tenant/explode?later"] {
        let answer = Request::get(target).send(address).await;
        answer.assert_error(500, "server_error", "the server failed");
        assert_eq!(Request::get("/tenant/motto").send(address).await.status, 200);
    }
}

/// At one of the paths that are none.
enum At<const PATH: usize> {}

const NO_PATHS: [&str; 4] = ["register", "//evil.test/register", "/\\evil.test/register", "/\t/evil.test"];

impl<const PATH: usize> Endpoint<Misplaced> for At<PATH> {
    const PATH: &'static str = NO_PATHS[PATH];
    const METHODS: MethodFilter = MethodFilter::GET;

    fn describe(_: &Mount<Misplaced>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<Misplaced>, _: AxumRequest) -> Response {
        Response::default()
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    endpoints(At<0>, At<1>, At<2>, At<3>),
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
    let lines = NO_PATHS.map(|path| {
        format!(
            "an endpoint's path `{}` is not a plain path: begin it with one `/` and leave out parameters and queries",
            path.escape_debug()
        )
    });
    let error = error.to_string();
    let found: Vec<_> = error.lines().filter_map(|line| line.strip_prefix("- ")).collect();
    assert_eq!(found, lines);
}

enum Ping {}

impl Endpoint<Twice> for Ping {
    const PATH: &'static str = "/ping";
    const METHODS: MethodFilter = MethodFilter::GET;

    fn describe(_: &Mount<Twice>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<Twice>, request: AxumRequest) -> Response {
        request.uri().path().to_owned().into_response()
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    endpoints(Ping, Ping(path = "/old/ping")),
    client_auth(client_secret_basic),
)]
struct Twice {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// An endpoint of one's own may be at more than one path; that it is listed twice at one is an error.
#[tokio::test]
async fn an_own_endpoint_is_at_each_of_its_paths() {
    let database = Database::default();
    let auth = Twice { db: database.store().await }.ready().await.unwrap();
    let address = listen(auth.router()).await;
    for path in ["/ping", "/old/ping"] {
        let answer = Request::get(path).send(address).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, path));
    }
}
