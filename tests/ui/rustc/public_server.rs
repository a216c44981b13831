include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = OwnClient, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
)]
pub struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
