//! Storage as whole, atomic commands.
//!
//! A store never hands out a row to check and write back later: each method is one command that either happened
//! or did not, with the condition that makes it safe inside the command itself. Single use is decided by the
//! database, so it holds across threads, processes and machines.

mod command;
mod sql;
mod table;

#[cfg(feature = "sqlite")]
mod sqlite;

use std::future::Future;

pub use command::{
    Agreed, Authorization, CodeRedemption, Expired, Issuance, Redemption, Rotation, StoredClient, Superseded,
};
pub(crate) use sql::sql_model;
pub use sql::{
    Column, ColumnSpec, Coverage, Dialect, Schema, SqlModel, SqlStore, StoredColumn, StoredIndex, Visit,
    Visited,
};
#[cfg(feature = "sqlite")]
pub use sqlx::Sqlite;
pub use table::{TableColumn, TableSpec};

use crate::error::Error;
use crate::finding::Finding;
use crate::model::{Consent, Models, Session};
use crate::types::{
    AccessToken, AuthorizationCode, ClientId, Digest, GrantId, RefreshToken, SecretHash, SessionId, Subject,
    Timestamp,
};

/// Where a server's models are kept. [`SqlStore`] is one; write your own for another database.
///
/// Every error means the database could not answer; the request is then answered with 503 and nothing was
/// changed. No two rows have the same client identifier, code, access token, refresh token or session: to insert one that is
/// there already is an error, except for [`insert_client`](Store::insert_client).
///
/// The feature `testing` brings a suite that checks a store of your own against all that is said here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot store the models of `{M}`",
    label = "not a store for this server's models",
    note = "use `SqlStore<Sqlite>`, or implement `Store<{M}>`"
)]
pub trait Store<M: Models>: Send + Sync + 'static {
    /// What there is to say before the start, all at once, each with its fix: what [`prepare`](Store::prepare) would refuse,
    /// what will be slow or gets lost, and what it would change. Changes nothing. Run by `ready()` before anything else, and by
    /// `check()`. A store without an answer of its own has nothing to say.
    fn check(&self, schema: Schema) -> impl Future<Output = Result<Vec<Finding>, Error>> + Send {
        let _ = schema;
        std::future::ready(Ok(Vec::new()))
    }

    /// Creates or checks the tables and checks that what is committed stays committed. Run once, by `ready()`.
    fn prepare(&self, schema: Schema) -> impl Future<Output = Result<(), Error>> + Send;

    /// The statements that create the tables.
    fn schema_sql() -> String;

    /// Its tables, for the manifest; empty when they are nobody's affair.
    #[must_use]
    fn tables() -> Vec<TableSpec> {
        Vec::new()
    }

    /// As [`clients`](Store::clients), but a row that cannot be read is among them: `ready()` looks for rows that contradict
    /// the declaration.
    fn stored_clients(
        &self,
        after: Option<&ClientId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<StoredClient<M::Client>>, Error>> + Send;

    /// When the newest token was issued, or one that is not much older; `None` when there is none, or it would take long to
    /// tell. A clock that is behind shows by it.
    fn newest_token(&self) -> impl Future<Output = Result<Option<Timestamp>, Error>> + Send {
        std::future::ready(Ok(None))
    }

    /// The client with this identifier.
    fn client(&self, client_id: &str) -> impl Future<Output = Result<Option<M::Client>, Error>> + Send;

    /// At most `limit` clients in order of their identifiers, from the first one after `after`.
    fn clients(
        &self,
        after: Option<&ClientId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<M::Client>, Error>> + Send;

    /// Inserts a client; `false` when its identifier is taken.
    fn insert_client(&self, client: &M::Client) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Replaces the client with the same identifier, its secret only if `secret`; `false` when there is none.
    fn replace_client(
        &self,
        client: &M::Client,
        secret: bool,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Replaces a client's secret if it is still `current`; `false` when it is not, or the client is gone.
    fn set_client_secret(
        &self,
        client_id: &ClientId,
        current: Option<&SecretHash>,
        next: &SecretHash,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Deletes a client and, in the same transaction, its codes and what people agreed to for it, and revokes its tokens;
    /// how many of them were live, or `None` when there is no such client.
    fn delete_client(
        &self,
        client_id: &ClientId,
        at: Timestamp,
    ) -> impl Future<Output = Result<Option<u64>, Error>> + Send;

    /// Inserts an issued token, and replaces the consent it comes with, all or nothing; `false`, and nothing is stored, when its
    /// client does not exist any more, the refresh token it depends on is not live any more, or the consent it rests on is gone.
    fn issue(&self, issuance: Issuance<'_, M::Token>) -> impl Future<Output = Result<bool, Error>> + Send;

    /// The row of an access token, whatever its state.
    fn access_token(
        &self,
        digest: &Digest<AccessToken>,
    ) -> impl Future<Output = Result<Option<M::Token>, Error>> + Send;

    /// The row of a refresh token, whatever its state.
    fn refresh_token(
        &self,
        digest: &Digest<RefreshToken>,
    ) -> impl Future<Output = Result<Option<M::Token>, Error>> + Send;

    /// Uses a refresh token up and inserts its successors, all or nothing. Of any number of concurrent
    /// callers with the same token one gets [`Redemption::Consumed`].
    fn rotate(
        &self,
        rotation: Rotation<'_, M::Token>,
    ) -> impl Future<Output = Result<Redemption, Error>> + Send;

    /// Ends an access token of this client, and not the refresh token in its row; `false` when there is none that is live.
    fn end_access_token(
        &self,
        digest: &Digest<AccessToken>,
        client_id: &ClientId,
        at: Timestamp,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Revokes every live token of an authorization; how many there were.
    fn revoke_grant(
        &self,
        grant_id: &GrantId,
        at: Timestamp,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// Revokes every live token of an authorization if the successor of a used refresh token was used as well: whoever
    /// sends the old one again then had received the new one. How many there were.
    fn revoke_superseded(
        &self,
        superseded: Superseded<'_>,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// Inserts a code and replaces the consent, all or nothing; `false`, and nothing is stored, when the client does not
    /// exist any more, or the consent that the code rests on.
    fn authorize(
        &self,
        authorization: Authorization<'_, M>,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// The row of an authorization code, whatever its state.
    fn code(
        &self,
        digest: &Digest<AuthorizationCode>,
    ) -> impl Future<Output = Result<Option<M::Code>, Error>> + Send;

    /// Uses a code up and inserts its tokens, all or nothing. Of any number of concurrent callers with the same code one
    /// gets [`Redemption::Consumed`].
    fn redeem_code(
        &self,
        redemption: CodeRedemption<'_, M::Token>,
    ) -> impl Future<Output = Result<Redemption, Error>> + Send;

    /// What a person has agreed to for a client.
    fn consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
    ) -> impl Future<Output = Result<Option<Consent<M::Scopes>>, Error>> + Send;

    /// Forgets what a person has agreed to for a client and, in the same transaction, ends the codes and tokens the client
    /// has for them; how many live tokens there were.
    fn withdraw_consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
        at: Timestamp,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// The session with this identifier, whatever its state.
    fn session(
        &self,
        digest: &Digest<SessionId>,
    ) -> impl Future<Output = Result<Option<Session>, Error>> + Send;

    /// Inserts a session and deletes the one the same browser had before, all or nothing.
    fn start_session(
        &self,
        session: &Session,
        previous: Option<&Digest<SessionId>>,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Deletes every session of a person; how many there were.
    fn end_sessions(&self, subject: &Subject) -> impl Future<Output = Result<u64, Error>> + Send;

    /// Deletes rows that nobody can ever need again, at most so many of each table; how many were deleted.
    fn purge(&self, expired: Expired) -> impl Future<Output = Result<u64, Error>> + Send;
}
