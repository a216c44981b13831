include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
    subjects = state,
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn state(_: &Auth, _: &Subject) -> bool {
    true
}

fn main() {}
