include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example//evil.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
