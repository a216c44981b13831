//! Sessions in the application's own database: the store of `tower-sessions`, and its cookie.

use async_trait::async_trait;
use oauth2_runtime::prelude::*;
use sha2::{Digest as _, Sha256};
use sqlx::SqlitePool;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error as StoreError, Result as Stored};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};

use crate::Auth;

/// How long a browser stays signed in.
const TTL: Duration = Duration::hours(12);

/// A row a browser. What the cookie holds is not in it, only its digest: who reads the database is nobody's browser.
#[derive(Debug, Clone)]
pub(crate) struct Sessions(SqlitePool);

pub(crate) async fn prepare(pool: &SqlitePool) -> Result<(), Error> {
    let table = "CREATE TABLE IF NOT EXISTS session (digest BLOB PRIMARY KEY, data TEXT NOT NULL, expires_at INTEGER NOT NULL)";
    sqlx::query(table).execute(pool).await?;
    Ok(())
}

/// The cookie is no script's, goes with no form of another site, and over TLS only; a browser lets no other host of the domain set
/// one with the prefix. A loopback server has no TLS to prove.
pub(crate) fn layer(auth: &Ready<Auth>) -> SessionManagerLayer<Sessions> {
    let secure = auth.issuer().is_secure();
    SessionManagerLayer::new(Sessions(auth.pool.clone()))
        .with_name(if secure { "__Host-session" } else { "session" })
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(TTL))
}

fn digest(id: Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

fn failed(error: sqlx::Error) -> StoreError {
    StoreError::Backend(error.to_string())
}

fn json(record: &Record) -> Stored<String> {
    serde_json::to_string(&record.data).map_err(|error| StoreError::Encode(error.to_string()))
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Stored<()> {
        let expired = sqlx::query("DELETE FROM session WHERE expires_at <= unixepoch()");
        expired.execute(&self.0).await.map_err(failed)?;
        // Two identifiers of 128 random bits are never the same; if they were, this fails.
        sqlx::query("INSERT INTO session (digest, data, expires_at) VALUES ($1, $2, $3)")
            .bind(digest(record.id))
            .bind(json(record)?)
            .bind(record.expiry_date.unix_timestamp())
            .execute(&self.0)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// A session that has ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> Stored<()> {
        sqlx::query("UPDATE session SET data = $2, expires_at = $3 WHERE digest = $1")
            .bind(digest(record.id))
            .bind(json(record)?)
            .bind(record.expiry_date.unix_timestamp())
            .execute(&self.0)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Stored<Option<Record>> {
        let query = "SELECT data, expires_at FROM session WHERE digest = $1 AND expires_at > unixepoch()";
        let row: Option<(String, i64)> =
            sqlx::query_as(query).bind(digest(*id)).fetch_optional(&self.0).await.map_err(failed)?;
        let Some((data, expires_at)) = row else { return Ok(None) };
        let unreadable = |error: &dyn std::error::Error| StoreError::Decode(error.to_string());
        let data = serde_json::from_str(&data).map_err(|error| unreadable(&error))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(expires_at).map_err(|error| unreadable(&error))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Stored<()> {
        let delete = sqlx::query("DELETE FROM session WHERE digest = $1").bind(digest(*id));
        delete.execute(&self.0).await.map_err(failed)?;
        Ok(())
    }
}
