include!("../base.rs");

struct Audited;

#[grant(authorization_code, refresh_token, extensions = Audited)]
struct WebSignIn;

#[grant(refresh_token)]
struct StaySignedIn;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(WebSignIn, StaySignedIn),
    endpoints(revocation),
    client_auth(none),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
