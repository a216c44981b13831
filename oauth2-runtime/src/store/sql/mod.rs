//! The store over any SQL database that has a [`Dialect`].

mod column;
mod columns;
mod commands;
mod dialect;
mod differences;
mod indexes;
mod inspection;
mod model;
mod schema;
mod sign_in;
mod statements;
mod value;

use sqlx::Pool;

use columns::{bind, bind_all, default_of, describe};
use schema::{Index, Table, known_version};
use statements::{Statements, TokenStatements, quoted};

use value::{Value, append, values};

use super::{
    Agreed, Authorization, CodeRedemption, Expired, Finding, Issuance, Redemption, Rotation, Store,
    StoredClient, Superseded, TableColumn, TableSpec,
};
use crate::error::Error;

pub use column::Column;
pub use columns::{ColumnSpec, Visit, Visited};
pub use dialect::{Coverage, Dialect, StoredColumn, StoredIndex};
pub use model::SqlModel;
pub(crate) use model::sql_model;
pub use schema::Schema;

/// A server's models in a SQL database.
///
/// `SqlStore::open("sqlite://auth.db")` is a file, `sqlite::memory:` a database that goes away with the store, for tests.
#[derive(Debug)]
pub struct SqlStore<DB: Dialect> {
    readers: Pool<DB>,
    writer: Pool<DB>,
    /// Whether it stands for a database that is not there yet.
    absent: bool,
}

/// Another handle to the same connections. Derived, it would ask the same of the database's marker type.
impl<DB: Dialect> Clone for SqlStore<DB> {
    fn clone(&self) -> Self {
        Self { readers: self.readers.clone(), writer: self.writer.clone(), absent: self.absent }
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// Opens the database at `url`, which is created if it is a file that does not exist.
    ///
    /// # Errors
    ///
    /// One line with the database, what is wrong and what to check. Credentials in the URL and its parameters are not in it.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let (readers, writer) = DB::open(url).await.map_err(|source| unopened(url, source))?;
        Ok(Self { readers, writer, absent: false })
    }

    /// Opens the database at `url` to look at it before a start, with
    /// [`DeclaredServer::check`](crate::router::DeclaredServer::check). Nothing can be written by way of it, and no file is
    /// created: one that does not exist is looked at as an empty database.
    ///
    /// # Errors
    ///
    /// As [`SqlStore::open`].
    pub async fn open_to_check(url: &str) -> Result<Self, Error> {
        let (pool, exists) = DB::open_to_check(url).await.map_err(|source| unopened(url, source))?;
        Ok(Self { readers: pool.clone(), writer: pool, absent: !exists })
    }

    /// Uses the application's own pool, for reading and writing. `ready()` refuses one whose commits are not durable.
    #[must_use]
    pub fn from_pool(pool: Pool<DB>) -> Self {
        Self { readers: pool.clone(), writer: pool, absent: false }
    }

    /// The connections the store reads with, for the application's own queries. Those that [`SqlStore::open`] makes refuse
    /// to write.
    #[must_use]
    pub const fn pool(&self) -> &Pool<DB> {
        &self.readers
    }
}

fn unopened(url: &str, source: sqlx::Error) -> Error {
    let place = url.rsplit_once('@').map_or(url, |(_, place)| place);
    // Some databases take a password there.
    let place = place.split_once('?').map_or(place, |(place, _)| place);
    let place = place.escape_debug();
    Error::new(format!(
        "cannot open the database `{place}`: check that the address is right and that this process may read and write \
         there"
    ))
    .caused_by(source)
}
