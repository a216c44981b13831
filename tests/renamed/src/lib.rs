//! A server in a crate that knows the runtime by another name. That it compiles is the test.

#![forbid(unsafe_code)]
#![deny(warnings)]

use renamed::prelude::*;

/// What a client may ask for.
#[derive(Scope)]
#[oauth2(crate = ::renamed)]
pub enum Access {
    /// Read
    #[scope("read")]
    Read,
}

/// A client.
#[derive(OAuth2Client)]
#[oauth2(crate = ::renamed)]
pub struct App {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    redirect_uris: RedirectUris,
    scope: ScopeSet<Access>,
}

/// A token.
#[derive(OAuth2Token)]
#[oauth2(table = "app_token", crate = ::renamed)]
pub struct AppToken {
    access_token: Digest<AccessToken>,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// A code.
#[derive(OAuth2Code)]
#[oauth2(crate = ::renamed)]
pub struct AppCode {
    code: Digest<AuthorizationCode>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Subject,
    scope: ScopeSet<Access>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
}

/// Where people are sent back to.
pub fn callbacks() -> RedirectUris {
    redirect_uris!["https://app.example/cb"]
}

/// People.
#[grant(authorization_code, code_ttl = 30s, crate = ::renamed)]
pub struct WebSignIn;

/// Machines.
#[grant(client_credentials, crate = ::renamed)]
pub struct Robots;

/// The server.
#[oauth2_server(
    issuer = env("ISSUER"),
    models(client = App, token = AppToken, code = AppCode),
    scopes = Access,
    grants(Robots, WebSignIn),
    client_auth(client_secret_basic),
    sign_in = password(check),
    purge = off,
    metadata(op_tos_uri = "https://id.example/terms", extra(acme_region = "eu")),
    crate = ::renamed,
)]
pub struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check(_: &Auth, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    Ok((credentials.username() == "alice").then(|| "u-alice".into()))
}

/// A protected handler.
#[protect(Auth, Access::Read, crate = ::renamed)]
pub async fn read(token: Bearer<Auth>) -> String {
    token.client_id.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_follow_from_the_models() {
        let sql = Auth::schema_sql();
        assert!(sql.contains("CREATE TABLE IF NOT EXISTS \"app\""), "{sql}");
        assert!(sql.contains("CREATE TABLE IF NOT EXISTS \"app_code\""), "{sql}");
        assert!(!sql.contains("refresh_token") && !sql.contains("oauth2_code"), "{sql}");
    }
}
