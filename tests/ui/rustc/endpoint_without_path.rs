include!("../base.rs");

use axum::extract::Request;
use axum::response::Response;
use oauth2_runtime::endpoint::{Endpoint, Mount, Mounted};
use oauth2_runtime::types::ServerMetadata;

enum Status {}

impl Endpoint<Auth> for Status {
    fn describe(_: &Mount<Auth>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<Auth>, _: Request) -> Response {
        Response::default()
    }
}

#[grant(authorization_code, refresh_token)]
struct WebSignIn;

#[grant(refresh_token)]
struct StaySignedIn;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, WebSignIn, StaySignedIn),
    endpoints(Status, revocation),
    client_auth(client_secret_basic),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
