//! Rows that nobody can need again are deleted: by a task that `ready()` starts, unless the server says `purge = off`, or
//! by hand.

use std::time::Duration;

use crate::error::Error;
use crate::grant::Dispatch;
use crate::server::Ready;
use crate::store::{Expired, Store};

/// How long the task waits between two rounds.
pub const INTERVAL: Duration = Duration::from_mins(10);
/// How many rows of a table are deleted at once, so that requests do not wait for long.
pub const BATCH: u32 = 500;
/// How long a used code is remembered after its end, so that one that comes back ends what it was exchanged for.
pub const CODE_MEMORY: Duration = Duration::from_hours(24);

/// How long requests go first between two batches.
const PAUSE: Duration = Duration::from_millis(50);

impl<S: Dispatch> Ready<S> {
    /// Deletes at most [`BATCH`] rows of each table that nobody can need again; how many there were. Tokens and sessions that
    /// are over, refresh tokens that have expired, used or not, and codes [`CODE_MEMORY`] after their end.
    ///
    /// A server goes by the lifetimes that it declares. Where several share tables, only the one whose refresh tokens live
    /// longest may do this, and the others have `purge = off`: to a server with shorter lifetimes, or without a refresh grant,
    /// live refresh tokens of another one have expired.
    ///
    /// In a SQL database a call that deletes fewer than [`BATCH`] tokens has looked at every row whose access token is over,
    /// those of live refresh tokens included, and nobody else could write meanwhile: half a million of them in SQLite take
    /// some 85 ms of a core.
    ///
    /// ```no_run
    /// use oauth2_runtime::purge::BATCH;
    /// # use oauth2_runtime::grant::Dispatch;
    /// # use oauth2_runtime::prelude::*;
    ///
    /// # async fn all<S: Dispatch>(auth: &Ready<S>) -> Result<(), Error> {
    /// while auth.purge().await? >= BATCH.into() {}
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn purge(&self) -> Result<u64, Error> {
        let now = self.now();
        let longest = S::GRANTS.iter().filter_map(|grant| grant.refresh_token_ttl).max();
        let expired = Expired {
            ended_by: now,
            issued_by: now.before(longest.unwrap_or_default()),
            codes_ended_by: now.before(CODE_MEMORY),
            limit: BATCH,
        };
        self.store().purge(expired).await
    }

    /// Starts the task. It ends when the last other handle to the server is dropped.
    pub(crate) fn keep_purged(&self) {
        let server = self.downgrade();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(INTERVAL).await;
                loop {
                    let Some(server) = server.upgrade() else { return };
                    match server.purge().await {
                        Ok(deleted) if deleted >= BATCH.into() => {}
                        Ok(_) => break,
                        Err(error) => {
                            tracing::warn!(%error, "cannot delete expired rows");
                            break;
                        }
                    }
                    drop(server);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        });
    }
}
