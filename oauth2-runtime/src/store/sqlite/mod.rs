//! SQLite: one connection writes, others read, and a commit is on the disk when it is answered.

mod catalogue;
mod durability;
mod pool;

use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Connection, Decode, Pool, Row, SqlSafeStr, Transaction, Type};

use super::{Coverage, Dialect, Finding, StoredColumn, StoredIndex};

type Sql<T> = Result<T, sqlx::Error>;

impl Dialect for Sqlite {
    async fn open(url: &str) -> Sql<(Pool<Self>, Pool<Self>)> {
        pool::open(url).await
    }

    async fn open_to_check(url: &str) -> Sql<(Pool<Self>, bool)> {
        pool::open_to_check(url).await
    }

    fn get<'r, T: Decode<'r, Self> + Type<Self>>(row: &'r SqliteRow, index: usize) -> Sql<T> {
        row.try_get(index)
    }

    fn text_at(row: &SqliteRow, index: usize) -> Sql<String> {
        row.try_get(index)
    }

    fn text(arguments: &mut SqliteArguments, value: &str) -> Sql<()> {
        Arguments::add(arguments, value).map_err(sqlx::Error::Encode)
    }

    fn integer(arguments: &mut SqliteArguments, value: i64) -> Sql<()> {
        Arguments::add(arguments, value).map_err(sqlx::Error::Encode)
    }

    fn bytes(arguments: &mut SqliteArguments, value: &[u8]) -> Sql<()> {
        Arguments::add(arguments, value).map_err(sqlx::Error::Encode)
    }

    async fn rows(pool: &Pool<Self>, sql: &'static str, arguments: SqliteArguments) -> Sql<Vec<SqliteRow>> {
        sqlx::query_with(sql, arguments).fetch_all(pool).await
    }

    async fn row(pool: &Pool<Self>, sql: &'static str, arguments: SqliteArguments) -> Sql<Option<SqliteRow>> {
        sqlx::query_with(sql, arguments).fetch_optional(pool).await
    }

    async fn execute(pool: &Pool<Self>, sql: &'static str, arguments: SqliteArguments) -> Sql<u64> {
        Ok(sqlx::query_with(sql, arguments).execute(pool).await?.rows_affected())
    }

    /// Takes the write lock at once, so that a transaction never fails half way because another one wrote.
    async fn begin(pool: &Pool<Self>) -> Sql<Transaction<'static, Self>> {
        let mut connection = pool.acquire().await?;
        // An atomic load: the pool hands a connection out only once its worker has caught up.
        if connection.is_in_transaction() {
            connection = pool::unstick(pool, connection).await?;
        }
        Transaction::begin(connection, Some("BEGIN IMMEDIATE".into_sql_str())).await
    }

    async fn execute_in(
        transaction: &mut Transaction<'static, Self>,
        sql: &'static str,
        arguments: SqliteArguments,
    ) -> Sql<u64> {
        Ok(sqlx::query_with(sql, arguments).execute(&mut **transaction).await?.rows_affected())
    }

    async fn define(
        transaction: &mut Transaction<'static, Self>,
        sql: String,
        arguments: SqliteArguments,
    ) -> Sql<()> {
        sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut **transaction).await?;
        Ok(())
    }

    async fn columns(connection: &mut SqliteConnection, table: &str) -> Sql<Vec<StoredColumn>> {
        catalogue::columns(connection, table).await
    }

    async fn indexes(connection: &mut SqliteConnection, table: &str) -> Sql<Vec<StoredIndex>> {
        catalogue::indexes(connection, table).await
    }

    fn keeps(declared: &str, name: &str) -> bool {
        catalogue::keeps(declared, name)
    }

    async fn any(connection: &mut SqliteConnection, sql: String) -> Sql<bool> {
        Ok(sqlx::query(AssertSqlSafe(sql)).fetch_optional(connection).await?.is_some())
    }

    async fn schema_version(connection: &mut SqliteConnection) -> Sql<Option<i64>> {
        if Self::columns(connection, "oauth2_schema").await?.is_empty() {
            return Ok(None);
        }
        let row = sqlx::query("SELECT MAX(version) FROM oauth2_schema").fetch_one(connection).await?;
        row.try_get(0)
    }

    fn zero(name: &str) -> &'static str {
        match name {
            "TEXT" => "''",
            "BLOB" => "x''",
            _ => "0",
        }
    }

    async fn durability(pool: &Pool<Self>) -> Sql<Vec<Finding>> {
        durability::durability(pool).await
    }
}
