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
    db: SqlStore<
}

async fn known(auth: Ready<Auth>, id: &ClientId) -> Result<Router, Error> {
    auth.clients().get(id).await?;
    Ok(Router::new().merge(auth.router()).with_state(auth))
}

fn main() {}
