use std::str::FromStr;
use std::time::Duration;

use oauth2_bench::REDIRECT_URI;
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteExecutor, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{SqlitePool, Transaction};

use crate::rows::{Client, Code, NewToken, Refreshable, Token};

type Sql<T> = Result<T, sqlx::Error>;

const TIMEOUT: Duration = Duration::from_secs(2);

/// One connection writes, others read.
pub(crate) struct Database {
    readers: SqlitePool,
    writer: SqlitePool,
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

impl Database {
    pub(crate) async fn open(file: &str) -> Sql<Self> {
        let options = SqliteConnectOptions::from_str(&format!("sqlite://{file}"))?
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(TIMEOUT)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let writer = pool(1).connect_with(options.clone()).await?;
        sqlx::raw_sql(include_str!("schema.sql")).execute(&writer).await?;
        let readers = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8));
        let readers = pool(u32::try_from(readers).unwrap_or(2))
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self { readers, writer })
    }

    pub(crate) async fn seed(&self, client_id: &str, client_secret: &str) -> Sql<()> {
        sqlx::query(
            "INSERT INTO app (client_id, client_secret, redirect_uris, scope, team) \
             VALUES ($1, $2, $3, 'photos:read photos:write', 'night shift')",
        )
        .bind(client_id)
        .bind(client_secret)
        .bind(REDIRECT_URI)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(crate) async fn client(&self, client_id: &str) -> Sql<Option<Client>> {
        sqlx::query_as("SELECT client_id, client_secret, scope FROM app WHERE client_id = $1")
            .bind(client_id)
            .fetch_optional(&self.readers)
            .await
    }

    pub(crate) async fn token(&self, access_token: &[u8; 32]) -> Sql<Option<Token>> {
        sqlx::query_as(
            "SELECT client_id, scope, expires_at, revoked_at FROM app_token WHERE access_token = $1",
        )
        .bind(access_token.as_slice())
        .fetch_optional(&self.readers)
        .await
    }

    pub(crate) async fn refreshable(&self, refresh_token: &[u8; 32]) -> Sql<Option<Refreshable>> {
        sqlx::query_as(
            "SELECT grant_id, client_id, subject, scope, issued_at, revoked_at FROM app_token \
             WHERE refresh_token = $1",
        )
        .bind(refresh_token.as_slice())
        .fetch_optional(&self.readers)
        .await
    }

    pub(crate) async fn code(&self, code: &[u8; 32]) -> Sql<Option<Code>> {
        sqlx::query_as(
            "SELECT grant_id, client_id, subject, scope, redirect_uri, code_challenge, expires_at, \
             consumed_at FROM oauth2_code WHERE code = $1",
        )
        .bind(code.as_slice())
        .fetch_optional(&self.readers)
        .await
    }

    /// Whether the token was stored: it is not when its client is gone.
    pub(crate) async fn issue(&self, token: &NewToken<'_>) -> Sql<bool> {
        insert(&self.writer, token).await
    }

    /// Whether the code was still good, and the token stored.
    pub(crate) async fn redeem(&self, code: &[u8; 32], token: &NewToken<'_>) -> Sql<bool> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let used = sqlx::query(
            "UPDATE oauth2_code SET consumed_at = $1 \
             WHERE consumed_at IS NULL AND code = $2 AND client_id = $3 AND expires_at > $1",
        )
        .bind(token.issued_at)
        .bind(code.as_slice())
        .bind(token.client_id)
        .execute(&mut *transaction)
        .await?;
        replace(transaction, used.rows_affected(), token).await
    }

    /// Whether the refresh token was still good, and its successor stored.
    pub(crate) async fn rotate(
        &self,
        refresh_token: &[u8; 32],
        issued_after: i64,
        token: &NewToken<'_>,
    ) -> Sql<bool> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let used = sqlx::query(
            "UPDATE app_token SET revoked_at = $1 \
             WHERE revoked_at IS NULL AND refresh_token = $2 AND client_id = $3 AND issued_at > $4",
        )
        .bind(token.issued_at)
        .bind(refresh_token.as_slice())
        .bind(token.client_id)
        .bind(issued_after)
        .execute(&mut *transaction)
        .await?;
        replace(transaction, used.rows_affected(), token).await
    }

    pub(crate) async fn revoke(&self, grant_id: &str, at: i64) -> Sql<()> {
        sqlx::query("UPDATE app_token SET revoked_at = $1 WHERE revoked_at IS NULL AND grant_id = $2")
            .bind(at)
            .bind(grant_id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// Stores the token if what it replaces was used up just now.
async fn replace(mut transaction: Transaction<'_, Sqlite>, used: u64, token: &NewToken<'_>) -> Sql<bool> {
    let stored = used > 0 && insert(&mut *transaction, token).await?;
    if stored {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(stored)
}

async fn insert(executor: impl SqliteExecutor<'_>, token: &NewToken<'_>) -> Sql<bool> {
    let inserted = sqlx::query(
        "INSERT INTO app_token (access_token, refresh_token, grant_id, client_id, subject, scope, issued_at, \
         expires_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8 \
         WHERE EXISTS (SELECT 1 FROM app WHERE client_id = $4)",
    )
    .bind(token.access_token.as_slice())
    .bind(token.refresh_token.as_ref().map(<[u8; 32]>::as_slice))
    .bind(token.grant_id)
    .bind(token.client_id)
    .bind(token.subject)
    .bind(token.scope)
    .bind(token.issued_at)
    .bind(token.expires_at)
    .execute(executor)
    .await?;
    Ok(inserted.rows_affected() > 0)
}
