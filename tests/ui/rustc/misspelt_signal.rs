include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
    signals(token_isued = audit),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn audit(_: &Auth, _: &TokenIssued) {}

fn main() {}
