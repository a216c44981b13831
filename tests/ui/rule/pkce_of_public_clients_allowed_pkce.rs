include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, WebSignIn),
    client_auth(none, client_secret_basic),
    allow(pkce, reason = "a scanner with a secret is older than RFC 7636"),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(authorization_code, pkce = false)]
struct WebSignIn;

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
