include!("../base.rs");

struct Audience;

impl<S: OAuth2Server> Extension<S> for Audience {
    type Reach = AuthorizationRequests;
}

impl<S: OAuth2Server> AuthorizationExtension<S> for Audience {}

#[grant(refresh_token, extensions(Audience))]
struct Extended;

#[grant(authorization_code, refresh_token)]
struct WebSignIn;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(WebSignIn, Extended),
    endpoints(revocation),
    client_auth(client_secret_basic),
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
