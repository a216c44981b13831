//! A store in one file without a database server: [redb](https://docs.rs/redb), which is ACID and written in Rust.
//!
//! - Every command is one transaction. redb runs one writing transaction at a time, across threads and processes, so what a command
//!   has read is still so when it writes, and of any number of rivals one is first.
//! - A commit is on the disk when the command returns: it waits for `fsync`. A transaction that was cut off, by an error or by the
//!   end of the process, leaves nothing behind.
//! - Several processes on one machine may share the file, and so may several stores in one process. A network file system may not
//!   have the locks this needs.
//! - Every command runs on a thread for blocking work, and is done to its end even if nobody waits for it any more.
//! - Rows are JSON objects. `purge` reads whole tables, and all codes of a client are looked at when it is deleted: meant for
//!   thousands of tokens, not for millions.
//!
//! It keeps every model that implements [`Document`]; the shipped ones do, and [`document!`](crate::document) does it for yours.

mod change;
mod commands;
mod row;
mod tables;

use std::path::Path;
use std::sync::Arc;

use oauth2_runtime::prelude::*;
use redb::{ConcurrencyMode, Database, ReadTransaction, ReadableDatabase};

use change::{Change, is_null};
use tables::{
    CLIENTS, CODES, CODES_OF_CLIENT, CONSENTS, Hash, Index, REFRESH_TOKENS, Rows, SESSIONS,
    SESSIONS_OF_SUBJECT, TOKENS, TOKENS_OF_CLIENT, TOKENS_OF_GRANT, check_tables, find,
};

pub use row::{Column, Corrupt, Document, Row};

/// Whatever a transaction can fail with: it is undone then.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The models of a server in one file. Cloned, it is the same open file.
#[derive(Clone)]
pub struct RedbStore(Arc<Database>);

/// What becomes of a transaction that has not failed.
enum Outcome<T> {
    /// It happens.
    Commit(T),
    /// Nothing happens, and this is the answer.
    Abort(T),
}

impl RedbStore {
    /// Opens the file at `path`, which is created if there is none.
    ///
    /// # Errors
    ///
    /// One line with the file and what to check.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let database =
            Database::builder().set_concurrency_mode(ConcurrencyMode::MultiWriter).create(path).map_err(
                |source| {
                    let path = path.display();
                    Error::new(format!(
                        "cannot open the database `{path}`: check that it is one, and that this process may read and \
                         write there"
                    ))
                    .caused_by(source)
                },
            )?;
        Ok(Self(Arc::new(database)))
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Error> {
        let database = Arc::clone(&self.0);
        blocking(move || work(&database.begin_read()?)).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change) -> Result<Outcome<T>, Failure> + Send + 'static,
    ) -> Result<T, Error> {
        let database = Arc::clone(&self.0);
        blocking(move || {
            let change = Change::new(database.begin_write()?);
            match work(&change)? {
                Outcome::Commit(answer) => change.commit().map(|()| answer),
                Outcome::Abort(answer) => change.abort().map(|()| answer),
            }
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await?;
    done.map_err(|source| Error::new("the database failed").caused_by(source))
}

impl std::fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedbStore")
    }
}
