include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(WebSignIn, StaySignedIn),
    client_auth(client_secret_basic),
    endpoints(revocation),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(authorization_code, access_token_ttl = 5s, refresh_token)]
struct WebSignIn;

#[grant(refresh_token, ttl = 10s, access_token_ttl = 5s)]
struct StaySignedIn;

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
