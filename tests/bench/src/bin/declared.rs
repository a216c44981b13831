//! The server under test: declared with the macros, three grants, one protected route.

use std::io::{Error as IoError, ErrorKind};

use oauth2_bench::REDIRECT_URI;
use oauth2_runtime::http::serve_until;
use oauth2_runtime::prelude::*;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

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

#[grant(client_credentials, scopes(Access::ReadPhotos))]
struct Robots;

#[grant(authorization_code, refresh_token)]
struct People;

#[grant(refresh_token)]
struct Renewal;

#[oauth2_server(
    issuer = "http://127.0.0.1:8080",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, People, Renewal),
    client_auth(client_secret_basic),
    sign_in = password(nobody),
    allow(no_revocation_endpoint, reason = "it is not measured"),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// The codes of the load are rows that it inserts: nobody signs in here.
async fn nobody(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

#[protect(Auth, Access::ReadPhotos)]
async fn photos(token: Bearer<Auth>) -> Json<Vec<String>> {
    Json(vec![format!("a photo for {}", token.client_id)])
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let file = std::env::args()
        .nth(1)
        .ok_or_else(|| IoError::new(ErrorKind::InvalidInput, "usage: declared DATABASE_FILE"))?;
    let auth = Auth { db: SqlStore::open(&format!("sqlite://{file}")).await? }.ready().await?;
    let secret = ClientSecret::generate()?;
    auth.clients()
        .ensure(App {
            client_id: "robot".into(),
            client_secret: Some(secret.hash()),
            redirect_uris: [REDIRECT_URI].into_iter().collect(),
            scope: [Access::ReadPhotos, Access::WritePhotos].into_iter().collect(),
            team: "night shift".into(),
        })
        .await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("client robot");
    println!("secret {}", secret.expose());
    println!("listening on {}", listener.local_addr()?);
    let app = Router::new().route("/photos", get(photos)).merge(auth.router()).with_state(auth);
    serve_until(app, listener, abandoned()).await
}

/// Ends when whoever started this program closed its end of the pipe, so that no server outlives its load.
async fn abandoned() {
    let _ = tokio::io::stdin().read(&mut [0]).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twin_has_the_same_tables() {
        assert_eq!(Auth::schema_sql().trim(), include_str!("twin/schema.sql").trim());
    }
}
