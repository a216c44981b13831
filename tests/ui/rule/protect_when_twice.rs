include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[protect(Auth, Access::ReadPhotos, when = one, when = other)]
async fn photos(_token: Bearer<Auth>) -> &'static str {
    "photos"
}

fn one(_: &Bearer<Auth>, _: &http::request::Parts) -> bool {
    true
}

fn other(_: &Bearer<Auth>, _: &http::request::Parts) -> bool {
    false
}

fn app(auth: Ready<Auth>) -> Router {
    Router::new().route("/photos", get(photos)).with_state(auth)
}

fn main() {}
