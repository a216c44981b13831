//! A declared authorization server in one file: scopes, models, grants, a protected route.

use oauth2_runtime::prelude::*;

/// What a client may ask for.
#[derive(Scope)]
enum Access {
    /// See your photos
    #[scope("photos:read")]
    ReadPhotos,
    /// Upload and delete photos
    #[scope("photos:write")]
    WritePhotos,
}

#[derive(OAuth2Client)]
#[oauth2(table = "app")]
struct App {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    redirect_uris: RedirectUris,
    scope: ScopeSet<Access>,
    team: String,
}

#[derive(OAuth2Token)]
#[oauth2(table = "app_token")]
struct AppToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// Machines talk to machines.
#[grant(client_credentials, scopes(Access::ReadPhotos))]
struct Robots;

/// A grant of our own: the struct's fields are the token request's parameters.
#[grant(extension = "urn:example:grant-type:sms-code")]
struct SmsCode {
    phone: String,
    code: Secret<String>,
}

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        if self.code.expose() != "123456" {
            return Err(OAuthError::invalid_grant("the code is wrong"));
        }
        println!("{} signed in", self.phone);
        Ok(Authorized::subject(self.phone))
    }
}

#[oauth2_server(
    issuer = "http://127.0.0.1:8080",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, SmsCode),
    client_auth(none, client_secret_basic),
    signals(token_issued = audit),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn audit(_: &Auth, event: &TokenIssued) {
    println!("{} received a token for `{}`", event.client_id, event.scope);
}

#[protect(Auth, Access::ReadPhotos)]
async fn photos(token: Bearer<Auth>) -> Json<Vec<String>> {
    Json(vec![format!("a photo for {}", token.client_id)])
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let db = SqlStore::open("sqlite://quickstart.db").await?;
    let auth = Auth { db }.ready().await?;
    let secret = ClientSecret::generate()?;
    auth.clients()
        .ensure(App {
            client_id: "robot".into(),
            client_secret: Some(secret.hash()),
            redirect_uris: RedirectUris::default(),
            scope: ScopeSet::all(),
            team: "night shift".into(),
        })
        .await?;
    let token = format!("curl -s -u robot:{} http://127.0.0.1:8080/oauth/token", secret.expose());
    println!("{token} -d grant_type=client_credentials");
    println!("{token} -d grant_type=urn:example:grant-type:sms-code -d phone=5550100 -d code=123456");
    let value = format!("$({token} -d grant_type=client_credentials | cut -d '\"' -f 4)");
    println!("curl -i http://127.0.0.1:8080/photos -H \"Authorization: Bearer {value}\"");
    let app = Router::new().route("/photos", get(photos)).merge(auth.router()).with_state(auth);
    serve(app, "127.0.0.1:8080").await
}
