//! The rows, with the columns that this server uses.

use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

type Sql<T> = Result<T, sqlx::Error>;

pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
    pub(crate) scope: String,
}

pub(crate) struct Token {
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) expires_at: i64,
    pub(crate) revoked_at: Option<i64>,
}

/// A token's row as its refresh token finds it.
pub(crate) struct Refreshable {
    pub(crate) grant_id: String,
    pub(crate) client_id: String,
    pub(crate) subject: Option<String>,
    pub(crate) scope: String,
    pub(crate) issued_at: i64,
    pub(crate) revoked_at: Option<i64>,
}

pub(crate) struct Code {
    pub(crate) grant_id: String,
    pub(crate) client_id: String,
    pub(crate) subject: String,
    pub(crate) scope: String,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) consumed_at: Option<i64>,
}

pub(crate) struct NewToken<'a> {
    pub(crate) access_token: [u8; 32],
    pub(crate) refresh_token: Option<[u8; 32]>,
    pub(crate) grant_id: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) scope: &'a str,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
}

impl FromRow<'_, SqliteRow> for Client {
    fn from_row(row: &SqliteRow) -> Sql<Self> {
        Ok(Self { id: row.try_get(0)?, secret: row.try_get(1)?, scope: row.try_get(2)? })
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

impl FromRow<'_, SqliteRow> for Refreshable {
    fn from_row(row: &SqliteRow) -> Sql<Self> {
        Ok(Self {
            grant_id: row.try_get(0)?,
            client_id: row.try_get(1)?,
            subject: row.try_get(2)?,
            scope: row.try_get(3)?,
            issued_at: row.try_get(4)?,
            revoked_at: row.try_get(5)?,
        })
    }
}

impl FromRow<'_, SqliteRow> for Code {
    fn from_row(row: &SqliteRow) -> Sql<Self> {
        Ok(Self {
            grant_id: row.try_get(0)?,
            client_id: row.try_get(1)?,
            subject: row.try_get(2)?,
            scope: row.try_get(3)?,
            redirect_uri: row.try_get(4)?,
            challenge: row.try_get(5)?,
            expires_at: row.try_get(6)?,
            consumed_at: row.try_get(7)?,
        })
    }
}
