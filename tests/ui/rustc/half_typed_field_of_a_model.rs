include!("../base.rs");

#[derive(Clone, OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_sec
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

async fn known(auth: Ready<Auth>, id: &ClientId) -> Result<Router, Error> {
    auth.clients().get(id).await?;
    Ok(Router::new().merge(auth.router()).with_state(auth))
}

fn main() {}
