include!("../base.rs");

use tower_http::cors::CorsLayer;

#[grant(authorization_code)]
struct WebSignIn;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(WebSignIn),
    endpoints(token(layer = CorsLayer::permissive()), authorization(layer = CorsLayer::permissive())),
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
