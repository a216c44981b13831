include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, WebSignIn),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(authorization_code)]
struct WebSignIn;

fn main() {}
