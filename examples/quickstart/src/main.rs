//! A declared authorization server in one file: scopes, models, grants, people who sign in, a protected route.

use std::collections::BTreeMap;

use oauth2_runtime::prelude::*;

/// What a client may ask for. People read the comments when they are asked to agree.
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

/// People sign in with a browser and allow an application to act for them ..
#[grant(authorization_code, code_ttl = 60s, refresh_token)]
struct WebSignIn;

/// .. until it has not been used for a month.
#[grant(refresh_token, ttl = 30d)]
struct StaySignedIn;

/// Machines talk to machines.
#[grant(client_credentials, scopes(Access::ReadPhotos))]
struct Robots;

/// A grant of our own: the struct's fields are the token request's parameters.
#[grant(extension = "urn:example:sms-code")]
struct SmsCode {
    phone: String,
    code: Secret<String>,
}

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        if self.code.expose() != "123456" {
            return Err(OAuthError::invalid_grant("the code is wrong"));
        }
        Ok(Authorized::subject(self.phone))
    }
}

#[oauth2_server(
    issuer = "http://127.0.0.1:8080",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(WebSignIn, StaySignedIn, Robots, SmsCode),
    endpoints(revocation, introspection),
    client_auth(none, client_secret_basic),
    sign_in = password(check_password),
    signals(token_issued = audit),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    alice: PasswordHash,
}

/// Here you ask your own table of people.
async fn check_password(auth: &Auth, typed: &Credentials) -> Result<Option<Subject>, Error> {
    let known = (typed.username() == "alice").then_some(("alice", &auth.alice));
    typed.verify(known).await
}

async fn audit(_: &Auth, event: &TokenIssued) {
    let client = &event.client_id;
    println!("{client} received a token for `{}`", event.scope);
}

/// A person's token shows their photos, a machine's everybody's.
#[protect(Auth, Access::ReadPhotos)]
async fn photos(token: Bearer<Auth>) -> Json<BTreeMap<String, [&'static str; 2]>> {
    let owner = token.subject().map_or("everybody", Subject::as_str);
    let photos = ["The sea at six", "An old door"];
    Json(BTreeMap::from([(owner.into(), photos)]))
}

/// A row of our own model. A client without a secret is public: it has PKCE instead.
fn app(client_id: &str, client_secret: Option<SecretHash>, redirect_uris: RedirectUris) -> App {
    App {
        client_id: client_id.into(),
        client_secret,
        redirect_uris,
        scope: ScopeSet::all(),
        team: "night shift".into(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let db = SqlStore::open("sqlite://quickstart.db").await?;
    let alice = PasswordHash::generate(&Secret::new("wonderland")).await?;
    let auth = Auth { db, alice }.ready().await?;
    let secret = ClientSecret::generate()?;
    let robot = app("robot", Some(secret.hash()), RedirectUris::default());
    auth.clients().ensure(robot).await?;
    let album = app("photo-album", None, redirect_uris!["http://127.0.0.1:8081/callback"]);
    auth.clients().ensure(album).await?;
    let secret = secret.expose();
    let token = format!("curl -s -u robot:{secret} http://127.0.0.1:8080/oauth/token");
    println!("{token} -d grant_type=client_credentials");
    println!("{token} -d grant_type=urn:example:sms-code -d phone=5550100 -d code=123456");
    let value = format!("$({token} -d grant_type=client_credentials | cut -d '\"' -f 4)");
    println!("curl -i http://127.0.0.1:8080/photos -H \"Authorization: Bearer {value}\"");
    println!("cargo run -p demo-client   # in another terminal; then open http://127.0.0.1:8081");
    println!("The user name is alice, the password is wonderland.");
    let app = Router::new().route("/photos", get(photos)).merge(auth.router()).with_state(auth);
    serve(app, "127.0.0.1:8080").await
}
