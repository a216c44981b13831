include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    scope: ScopeSet<Access>,
}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = OwnClient, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
