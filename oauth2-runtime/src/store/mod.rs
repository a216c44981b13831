//! Storage as whole, atomic commands.
//!
//! A store never hands out a row to check and write back later: each method is one command that either happened
//! or did not, with the condition that makes it safe inside the command itself. Single use is decided by the
//! database, so it holds across threads, processes and machines.

mod sql;

#[cfg(feature = "sqlite")]
mod sqlite;

use std::future::Future;

pub use sql::{Column, ColumnSpec, Dialect, Schema, SqlModel, SqlStore, StoredColumn, Visit, Visited};
#[cfg(feature = "sqlite")]
pub use sqlx::Sqlite;

use crate::error::Error;
use crate::model::{OAuth2Client, OAuth2Token};
use crate::types::{AccessToken, ClientId, Digest, GrantId, RefreshToken, SecretHash, Timestamp};

/// What became of a single-use artefact that was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redemption {
    /// It was live and belonged to the client; it is used up now and its successor is stored.
    Consumed,
    /// It was used or revoked before.
    AlreadyConsumed {
        /// When that was.
        at: Timestamp,
        /// The client it belongs to, which need not be the one presenting it.
        client_id: ClientId,
        /// The authorization it came from.
        grant_id: Option<GrantId>,
    },
    /// There is no such artefact for this client, or it has expired, or the client is gone.
    Absent,
}

/// Use a refresh token and store what it is exchanged for (RFC 6749 section 6).
#[derive(Debug)]
pub struct Rotation<'a, T> {
    /// The presented refresh token.
    pub refresh_token: Digest<RefreshToken>,
    /// The client presenting it.
    pub client_id: &'a ClientId,
    /// Now.
    pub at: Timestamp,
    /// Refresh tokens issued at or before this moment have expired.
    pub issued_after: Timestamp,
    /// The rows to insert in the same transaction.
    pub successors: &'a [T],
}

/// Store an issued token.
#[derive(Debug)]
pub struct Issuance<'a, T> {
    /// Its rows, of one client; all are inserted or none.
    pub rows: &'a [T],
    /// The refresh token it is issued for, when that one stays in use: it must still be live.
    pub kept: Option<Digest<RefreshToken>>,
}

/// Where clients and tokens are kept. [`SqlStore`] is one; write your own for another database.
///
/// Every error means the database could not answer; the request is then answered with 503 and nothing was
/// changed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot store `{C}` and `{T}`",
    label = "not a store for this server's models",
    note = "use `SqlStore<Sqlite>`, or implement `Store<{C}, {T}>`"
)]
pub trait Store<C: OAuth2Client, T: OAuth2Token>: Send + Sync + 'static {
    /// Creates or checks the tables and checks that what is committed stays committed. Run once, by `ready()`.
    fn prepare(&self, schema: Schema) -> impl Future<Output = Result<(), Error>> + Send;

    /// The statements that create the tables.
    fn schema_sql() -> String;

    /// The distinct texts in the clients' `scope` column, so that `ready()` can name those no longer declared.
    fn client_scopes(&self) -> impl Future<Output = Result<Vec<String>, Error>> + Send;

    /// The client with this identifier.
    fn client(&self, client_id: &str) -> impl Future<Output = Result<Option<C>, Error>> + Send;

    /// At most `limit` clients in order of their identifiers, from the first one after `after`.
    fn clients(
        &self,
        after: Option<&ClientId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<C>, Error>> + Send;

    /// Inserts a client; `false` when its identifier is taken.
    fn insert_client(&self, client: &C) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Replaces the client with the same identifier, its secret only if `secret`; `false` when there is none.
    fn replace_client(&self, client: &C, secret: bool) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Replaces a client's secret if it is still `current`; `false` when it is not, or the client is gone.
    fn set_client_secret(
        &self,
        client_id: &ClientId,
        current: Option<&SecretHash>,
        next: &SecretHash,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Deletes a client and, in the same transaction, revokes its tokens; how many of them were live, or `None` when there
    /// is no such client.
    fn delete_client(
        &self,
        client_id: &ClientId,
        at: Timestamp,
    ) -> impl Future<Output = Result<Option<u64>, Error>> + Send;

    /// Inserts an issued token; `false`, and nothing is inserted, when its client does not exist any more or the refresh
    /// token it depends on is not live any more.
    fn issue(&self, issuance: Issuance<'_, T>) -> impl Future<Output = Result<bool, Error>> + Send;

    /// The row of an access token, whatever its state.
    fn access_token(
        &self,
        digest: &Digest<AccessToken>,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send;

    /// The row of a refresh token, whatever its state.
    fn refresh_token(
        &self,
        digest: &Digest<RefreshToken>,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send;

    /// Uses a refresh token up and inserts its successors, all or nothing. Of any number of concurrent
    /// callers with the same token one gets [`Redemption::Consumed`].
    fn rotate(&self, rotation: Rotation<'_, T>) -> impl Future<Output = Result<Redemption, Error>> + Send;

    /// Revokes every live token of an authorization; how many there were.
    fn revoke_grant(
        &self,
        grant_id: &GrantId,
        at: Timestamp,
    ) -> impl Future<Output = Result<u64, Error>> + Send;
}
