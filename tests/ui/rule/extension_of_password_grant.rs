include!("../base.rs");

struct Audience;

impl<S: OAuth2Server> Extension<S> for Audience {
    type Reach = AuthorizationRequests;
}

impl<S: OAuth2Server> AuthorizationExtension<S> for Audience {}

#[grant(password, extensions(Audience))]
struct Extended;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Extended),
    client_auth(client_secret_basic),
    sign_in = password(check),
    profile = "rfc6749",
    allow(password_grant, reason = "the till cannot open a browser"),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
