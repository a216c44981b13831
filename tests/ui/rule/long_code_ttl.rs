#![deny(deprecated)]
include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(WebSignIn),
    client_auth(client_secret_basic),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(authorization_code, code_ttl = 11m)]
struct WebSignIn;

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
