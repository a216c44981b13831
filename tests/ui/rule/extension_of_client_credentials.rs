include!("../base.rs");

struct Audience;

impl<S: OAuth2Server> Extension<S> for Audience {
    type Reach = AuthorizationRequests;
}

impl<S: OAuth2Server> AuthorizationExtension<S> for Audience {}

#[grant(client_credentials, extensions(Audience))]
struct Extended;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Extended),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
