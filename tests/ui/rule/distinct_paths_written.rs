include!("../base.rs");

use axum::extract::Request;
use axum::response::Response;
use oauth2_runtime::endpoint::{Endpoint, Mount, Mounted};
use oauth2_runtime::types::ServerMetadata;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    endpoints(Status(path = "/state"), Health(path = "/state")),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

enum Status {}

impl Endpoint<Auth> for Status {
    const PATH: &'static str = "/status";

    fn describe(_: &Mount<Auth>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<Auth>, _: Request) -> Response {
        Response::default()
    }
}

enum Health {}

impl Endpoint<Auth> for Health {
    const PATH: &'static str = "/health";

    fn describe(_: &Mount<Auth>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<Auth>, _: Request) -> Response {
        Response::default()
    }
}

fn main() {}
