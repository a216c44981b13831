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

#[protect(Auth, realm = "photos")]
async fn photos(_token: Bearer<Auth>) -> &'static str {
    "photos"
}

fn app(auth: Ready<Auth>) -> Router {
    Router::new().route("/photos", get(photos)).with_state(auth)
}

fn main() {}
