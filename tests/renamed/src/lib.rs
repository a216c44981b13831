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

/// Machines.
#[grant(client_credentials, crate = ::renamed)]
pub struct Robots;

/// The server.
#[oauth2_server(
    issuer = env("ISSUER"),
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
    crate = ::renamed,
)]
pub struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
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
        assert!(!sql.contains("refresh_token"), "{sql}");
    }
}
