use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{FromRow, Row, SqlitePool};

type Sql<T> = Result<T, sqlx::Error>;

const TIMEOUT: Duration = Duration::from_secs(2);

/// One connection writes, others read.
pub(crate) struct Database {
    readers: SqlitePool,
    writer: SqlitePool,
}

pub(crate) struct Client {
    pub(crate) client_secret: Option<String>,
    pub(crate) scope: String,
}

pub(crate) struct Token {
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) expires_at: i64,
    pub(crate) revoked_at: Option<i64>,
}

pub(crate) struct NewToken<'a> {
    pub(crate) access_token: &'a [u8; 32],
    pub(crate) grant_id: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
}

impl FromRow<'_, SqliteRow> for Client {
    fn from_row(row: &SqliteRow) -> Sql<Self> {
        Ok(Self { client_secret: row.try_get(0)?, scope: row.try_get(1)? })
    }
}

impl FromRow<'_, SqliteRow> for Token {
    fn from_row(row: &SqliteRow) -> Sql<Self> {
        Ok(Self {
            client_id: row.try_get(0)?,
            scope: row.try_get(1)?,
            expires_at: row.try_get(2)?,
            revoked_at: row.try_get(3)?,
        })
    }
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
             VALUES ($1, $2, '', 'photos:read photos:write', 'night shift')",
        )
        .bind(client_id)
        .bind(client_secret)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    pub(crate) async fn client(&self, client_id: &str) -> Sql<Option<Client>> {
        sqlx::query_as("SELECT client_secret, scope FROM app WHERE client_id = $1")
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

    pub(crate) async fn issue(&self, token: NewToken<'_>) -> Sql<()> {
        sqlx::query(
            "INSERT INTO app_token (access_token, grant_id, client_id, scope, issued_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(token.access_token.as_slice())
        .bind(token.grant_id)
        .bind(token.client_id)
        .bind(token.scope)
        .bind(token.issued_at)
        .bind(token.expires_at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
