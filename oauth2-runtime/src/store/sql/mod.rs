//! The store over any SQL database that has a [`Dialect`].

mod column;
mod columns;
mod dialect;
mod schema;
mod statements;

use sqlx::{Pool, Transaction};

use columns::{bind, default_of, describe};
use statements::quoted;

use super::{Redemption, Rotation, Store};
use crate::error::Error;
use crate::model::{OAuth2Client, OAuth2Token};
use crate::types::{AccessToken, ClientId, Digest, GrantId, RefreshToken, Timestamp};

pub use column::Column;
pub use columns::{ColumnSpec, Visit, Visited};
pub use dialect::{Dialect, StoredColumn};
pub use schema::Schema;
pub use statements::{ClientStatements, TokenStatements};

/// A model's columns in the database `DB`: emitted by the derives, once for all databases.
pub trait SqlModel<DB: Dialect>: Sized + Send + Sync + 'static {
    /// The table's name.
    const TABLE: &'static str;
    /// [`ClientStatements`] or [`TokenStatements`].
    type Statements: 'static;

    /// The model's statements, composed at first use.
    fn statements() -> &'static Self::Statements;

    /// Reads a row that has the model's columns in their order.
    ///
    /// # Errors
    ///
    /// When a stored value is not of its field's type.
    fn decode(row: &DB::Row) -> Result<Self, sqlx::Error>;

    /// Visits every column in the order of the fields.
    ///
    /// # Errors
    ///
    /// When a value cannot be encoded.
    fn columns<V: Visit<DB, Self>>(visit: &mut V) -> Result<(), sqlx::Error>;
}

/// Clients and tokens in a SQL database.
#[derive(Debug, Clone)]
pub struct SqlStore<DB: Dialect> {
    readers: Pool<DB>,
    writer: Pool<DB>,
}

impl<DB: Dialect> SqlStore<DB> {
    /// Opens the database at `url`, which is created if it is a file that does not exist.
    ///
    /// # Errors
    ///
    /// One line with the database, what is wrong and what to check. Credentials in the URL are not in it.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let (readers, writer) = DB::open(url).await.map_err(|source| {
            let place = url.rsplit_once('@').map_or(url, |(_, place)| place);
            Error::new(format!(
                "cannot open the database `{place}`: check that the address is right and that this process may \
                 read and write there"
            ))
            .caused_by(source)
        })?;
        Ok(Self { readers, writer })
    }

    /// Uses the application's own pool, for reading and writing.
    #[must_use]
    pub fn from_pool(pool: Pool<DB>) -> Self {
        Self { readers: pool.clone(), writer: pool }
    }

    /// The connections the store reads with, for the application's own queries.
    #[must_use]
    pub const fn pool(&self) -> &Pool<DB> {
        &self.readers
    }

    async fn find<M: SqlModel<DB>>(
        &self,
        sql: &'static str,
        arguments: DB::Arguments,
    ) -> Result<Option<M>, Error> {
        let row = DB::row(&self.readers, sql, arguments).await?;
        Ok(row.map(|row| M::decode(&row)).transpose()?)
    }
}

impl<DB, C, T> Store<C, T> for SqlStore<DB>
where
    DB: Dialect,
    C: OAuth2Client + SqlModel<DB, Statements = ClientStatements>,
    T: OAuth2Token + SqlModel<DB, Statements = TokenStatements>,
{
    async fn prepare(&self, schema: Schema) -> Result<(), Error> {
        schema::prepare::<DB, C, T>(&self.writer, schema).await
    }

    fn schema_sql() -> String {
        schema::definition::<DB, C, T>().join("\n")
    }

    async fn client_scopes(&self) -> Result<Vec<String>, Error> {
        Ok(DB::texts(&self.readers, &C::statements().scopes).await?)
    }

    async fn client(&self, client_id: &str) -> Result<Option<C>, Error> {
        let mut arguments = DB::Arguments::default();
        DB::text(&mut arguments, client_id)?;
        self.find(&C::statements().select, arguments).await
    }

    async fn clients(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<C>, Error> {
        let mut arguments = DB::Arguments::default();
        DB::text(&mut arguments, after.map_or("", ClientId::as_str))?;
        DB::integer(&mut arguments, limit.into())?;
        let rows = DB::rows(&self.readers, &C::statements().page, arguments).await?;
        Ok(rows.iter().map(C::decode).collect::<Result<_, _>>()?)
    }

    async fn insert_client(&self, client: &C) -> Result<bool, Error> {
        let arguments = bind::<DB, C>(client)?;
        match DB::execute(&self.writer, &C::statements().insert, arguments).await {
            Ok(_) => Ok(true),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn replace_client(&self, client: &C) -> Result<bool, Error> {
        let mut arguments = bind::<DB, C>(client)?;
        DB::text(&mut arguments, client.client_id().as_str())?;
        Ok(DB::execute(&self.writer, &C::statements().replace, arguments).await? > 0)
    }

    async fn delete_client(&self, client_id: &ClientId, at: Timestamp) -> Result<bool, Error> {
        let mut transaction = DB::begin(&self.writer).await?;
        let mut arguments = DB::Arguments::default();
        DB::text(&mut arguments, client_id.as_str())?;
        let deleted = DB::execute_in(&mut transaction, &C::statements().delete, arguments).await?;
        let mut arguments = DB::Arguments::default();
        DB::integer(&mut arguments, at.unix_seconds())?;
        DB::text(&mut arguments, client_id.as_str())?;
        DB::execute_in(&mut transaction, &T::statements().revoke_client, arguments).await?;
        transaction.commit().await?;
        Ok(deleted > 0)
    }

    async fn issue(&self, rows: &[T]) -> Result<(), Error> {
        if let [row] = rows {
            DB::execute(&self.writer, &T::statements().insert, bind::<DB, T>(row)?).await?;
            return Ok(());
        }
        let mut transaction = DB::begin(&self.writer).await?;
        insert_all::<DB, T>(&mut transaction, rows).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn access_token(&self, digest: &Digest<AccessToken>) -> Result<Option<T>, Error> {
        let mut arguments = DB::Arguments::default();
        DB::bytes(&mut arguments, digest.as_bytes())?;
        self.find(&T::statements().by_access_token, arguments).await
    }

    async fn refresh_token(&self, digest: &Digest<RefreshToken>) -> Result<Option<T>, Error> {
        let mut arguments = DB::Arguments::default();
        DB::bytes(&mut arguments, digest.as_bytes())?;
        self.find(&T::statements().by_refresh_token, arguments).await
    }

    async fn rotate(&self, rotation: Rotation<'_, T>) -> Result<Redemption, Error> {
        let mut transaction = DB::begin(&self.writer).await?;
        let mut arguments = DB::Arguments::default();
        DB::integer(&mut arguments, rotation.at.unix_seconds())?;
        DB::bytes(&mut arguments, rotation.refresh_token.as_bytes())?;
        DB::text(&mut arguments, rotation.client_id.as_str())?;
        DB::integer(&mut arguments, rotation.issued_after.unix_seconds())?;
        let consumed =
            DB::execute_in(&mut transaction, &T::statements().consume_refresh_token, arguments).await?;
        if consumed == 0 {
            transaction.rollback().await?;
            let row: Option<T> = Store::<C, T>::refresh_token(self, &rotation.refresh_token).await?;
            return Ok(row.map_or(Redemption::Absent, |row| not_consumed(&row)));
        }
        insert_all::<DB, T>(&mut transaction, rotation.successors).await?;
        transaction.commit().await?;
        Ok(Redemption::Consumed)
    }

    async fn revoke_grant(&self, grant_id: &GrantId, at: Timestamp) -> Result<u64, Error> {
        let mut arguments = DB::Arguments::default();
        DB::integer(&mut arguments, at.unix_seconds())?;
        DB::text(&mut arguments, grant_id.as_str())?;
        Ok(DB::execute(&self.writer, &T::statements().revoke_grant, arguments).await?)
    }
}

async fn insert_all<DB, T>(transaction: &mut Transaction<'static, DB>, rows: &[T]) -> Result<(), Error>
where
    DB: Dialect,
    T: OAuth2Token + SqlModel<DB, Statements = TokenStatements>,
{
    for row in rows {
        DB::execute_in(transaction, &T::statements().insert, bind::<DB, T>(row)?).await?;
    }
    Ok(())
}

fn not_consumed<T: OAuth2Token>(row: &T) -> Redemption {
    let fields = row.fields();
    match fields.revoked_at {
        Some(at) => Redemption::AlreadyConsumed {
            at,
            client_id: fields.client_id.clone(),
            grant_id: fields.grant_id.cloned(),
        },
        None => Redemption::Absent,
    }
}
