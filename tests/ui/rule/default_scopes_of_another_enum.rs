include!("../base.rs");

#[derive(Scope)]
enum Other {
    #[scope("admin")]
    Admin,
}

#[grant(client_credentials, default_scopes(Other::Admin))]
struct Quick;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Quick),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
