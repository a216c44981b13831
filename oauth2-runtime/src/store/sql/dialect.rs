use std::future::Future;

use sqlx::{Decode, Pool, Transaction, Type};

use super::Finding;

type Sql<T> = Result<T, sqlx::Error>;

/// What differs between databases. One file implements it for each; nothing else in the framework knows which
/// database it runs on.
pub trait Dialect: sqlx::Database {
    /// Opens the database at `url`: the connections to read with and the connections to write with.
    fn open(url: &str) -> impl Future<Output = Sql<(Pool<Self>, Pool<Self>)>> + Send;

    /// A connection to the database at `url` that only reads, and whether there is such a database; where it would be
    /// created, the connection is to an empty one.
    fn open_to_check(url: &str) -> impl Future<Output = Sql<(Pool<Self>, bool)>> + Send;

    /// Reads the column at `index` of a row.
    ///
    /// # Errors
    ///
    /// When the value is not of type `T`.
    fn get<'r, T: Decode<'r, Self> + Type<Self>>(row: &'r Self::Row, index: usize) -> Sql<T>;

    /// Reads the text at `index` of a row.
    ///
    /// # Errors
    ///
    /// When it is none.
    fn text_at(row: &Self::Row, index: usize) -> Sql<String>;

    /// Binds a text.
    ///
    /// # Errors
    ///
    /// When the driver cannot encode it.
    fn text(arguments: &mut Self::Arguments, value: &str) -> Sql<()>;

    /// Binds an integer.
    ///
    /// # Errors
    ///
    /// When the driver cannot encode it.
    fn integer(arguments: &mut Self::Arguments, value: i64) -> Sql<()>;

    /// Binds bytes.
    ///
    /// # Errors
    ///
    /// When the driver cannot encode them.
    fn bytes(arguments: &mut Self::Arguments, value: &[u8]) -> Sql<()>;

    /// Runs a prepared query and collects its rows.
    fn rows(
        pool: &Pool<Self>,
        sql: &'static str,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Sql<Vec<Self::Row>>> + Send;

    /// Runs a prepared query that finds at most one row.
    fn row(
        pool: &Pool<Self>,
        sql: &'static str,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Sql<Option<Self::Row>>> + Send;

    /// Runs a prepared statement by itself; how many rows it changed.
    fn execute(
        pool: &Pool<Self>,
        sql: &'static str,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Sql<u64>> + Send;

    /// Begins a transaction that may write.
    fn begin(pool: &Pool<Self>) -> impl Future<Output = Sql<Transaction<'static, Self>>> + Send;

    /// Runs a prepared statement inside a transaction; how many rows it changed.
    fn execute_in(
        transaction: &mut Transaction<'static, Self>,
        sql: &'static str,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Sql<u64>> + Send;

    /// Runs schema statements, which are composed from the models at start-up.
    fn define(
        transaction: &mut Transaction<'static, Self>,
        sql: String,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Sql<()>> + Send;

    /// The columns of `table`; none when there is no such table.
    fn columns(
        connection: &mut Self::Connection,
        table: &str,
    ) -> impl Future<Output = Sql<Vec<StoredColumn>>> + Send;

    /// The indexes of `table`, those of its keys included.
    fn indexes(
        connection: &mut Self::Connection,
        table: &str,
    ) -> impl Future<Output = Sql<Vec<StoredIndex>>> + Send;

    /// Whether a query, which is composed from the models at start-up, finds a row.
    fn any(connection: &mut Self::Connection, sql: String) -> impl Future<Output = Sql<bool>> + Send;

    /// The version of the framework's schema in the database; `None` when it was never prepared.
    fn schema_version(connection: &mut Self::Connection) -> impl Future<Output = Sql<Option<i64>>> + Send;

    /// A literal of the SQL type `name` for rows that exist when a column is added.
    fn zero(name: &str) -> &'static str;

    /// Whether a column that was declared as `declared` keeps values of the SQL type `name` as they are.
    fn keeps(declared: &str, name: &str) -> bool;

    /// What could undo a commit on this pool's connections, each with what to change.
    fn durability(pool: &Pool<Self>) -> impl Future<Output = Sql<Vec<Finding>>> + Send;
}

/// A column as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredColumn {
    /// Its name.
    pub name: String,
    /// Its type, as it was declared.
    pub sql_type: String,
    /// Whether it accepts NULL.
    pub nullable: bool,
    /// Whether no two rows may share a value.
    pub unique: bool,
    /// Whether the database fills it where an insert leaves it out.
    pub default: bool,
}

/// An index as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIndex {
    /// Its name.
    pub name: String,
    /// Its columns in order; one that is an expression is empty.
    pub columns: Vec<String>,
    /// Whether no two of its rows may share its values.
    pub unique: bool,
    /// Whether it is that of the primary key.
    pub primary: bool,
    /// Which rows it has.
    pub coverage: Coverage,
}

/// Which rows an index has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// All of them.
    Everything,
    /// Those with a value in its only column.
    Values,
    /// Some.
    Part,
}
