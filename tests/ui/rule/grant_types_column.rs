include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = Small, token = AppToken),
    scopes = Access,
    grants(Robots, Till),
    client_auth(client_secret_basic),
    profile = "rfc6749",
    allow(password_grant, reason = "the tills have no browser"),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[derive(OAuth2Client)]
struct Small {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

#[grant(password)]
struct Till;

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
