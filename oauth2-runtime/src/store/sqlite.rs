//! SQLite: one connection writes, others read, and a commit is on the disk when it is answered.

use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Arguments, AssertSqlSafe, Connection, Decode, Pool, Row, SqlSafeStr, Transaction, Type};
use tokio::time::Instant;

use super::{Dialect, StoredColumn};

type Sql<T> = Result<T, sqlx::Error>;
type Options = sqlx::pool::PoolOptions<Sqlite>;

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a request waits for a connection before it is answered with 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

fn options(url: &str) -> Sql<SqliteConnectOptions> {
    Ok(SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT))
}

fn pool(connections: u32) -> Options {
    Options::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        // A connection is a file handle in this process: there is no network that could have lost it.
        .test_before_acquire(false)
}

/// A database in memory lives and dies with its one connection.
async fn open_in_memory(options: SqliteConnectOptions) -> Sql<(Pool<Sqlite>, Pool<Sqlite>)> {
    let only = pool(1).min_connections(1).connect_with(options).await?;
    Ok((only.clone(), only))
}

/// Opens the connection that writes. Turning a new file to WAL takes a lock that SQLite does not wait for, and another
/// process may be opening the same file.
async fn open_writer(options: &SqliteConnectOptions) -> Sql<Pool<Sqlite>> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match pool(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            opened => return opened,
        }
    }
}

/// Whether the error is `SQLITE_BUSY`, whose lower byte is 5 in all its extended forms.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// SQLite itself undoes a transaction when the disk is full or fails. The driver's own `ROLLBACK` then finds nothing
/// to undo and fails, and the driver counts a transaction that is not there: no other could ever begin on the
/// connection. Giving it one to roll back makes the count right; a new connection instead would lose a database in
/// memory, so that is for what cannot be helped.
async fn unstick(pool: &Pool<Sqlite>, mut stuck: PoolConnection<Sqlite>) -> Sql<PoolConnection<Sqlite>> {
    // By itself, because a request that is given up between the two would leave the transaction open to others.
    let unstuck = tokio::spawn(async move {
        // Refused when the transaction is there after all, which is rolled back just as well.
        let _ = sqlx::raw_sql("BEGIN").execute(&mut *stuck).await;
        // The driver refuses a second transaction, and rolls back what it has refused.
        drop(stuck.begin_with("BEGIN").await);
        let _ = stuck.ping().await;
        stuck
    });
    let connection = unstuck.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
    if !connection.is_in_transaction() {
        return Ok(connection);
    }
    let _ = connection.close().await;
    pool.acquire().await
}

impl Dialect for Sqlite {
    async fn open(url: &str) -> Sql<(Pool<Self>, Pool<Self>)> {
        let options = options(url)?;
        if url.contains(":memory:") || url.contains("mode=memory") {
            return open_in_memory(options).await;
        }
        let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let writer = open_writer(&options).await?;
        let readers = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8));
        let readers = pool(u32::try_from(readers).unwrap_or(2))
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok((readers, writer))
    }

    fn get<'r, T: Decode<'r, Self> + Type<Self>>(row: &'r SqliteRow, index: usize) -> Sql<T> {
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

    async fn texts(pool: &Pool<Self>, sql: &'static str) -> Sql<Vec<String>> {
        sqlx::query(sql).fetch_all(pool).await?.iter().map(|row| row.try_get(0)).collect()
    }

    async fn execute(pool: &Pool<Self>, sql: &'static str, arguments: SqliteArguments) -> Sql<u64> {
        Ok(sqlx::query_with(sql, arguments).execute(pool).await?.rows_affected())
    }

    /// Takes the write lock at once, so that a transaction never fails half way because another one wrote.
    async fn begin(pool: &Pool<Self>) -> Sql<Transaction<'static, Self>> {
        let mut connection = pool.acquire().await?;
        // An atomic load: the pool hands a connection out only once its worker has caught up.
        if connection.is_in_transaction() {
            connection = unstick(pool, connection).await?;
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
        let unique = "SELECT i.name FROM pragma_index_list($1) AS l, pragma_index_info(l.name) AS i WHERE l.\"unique\" = 1 \
                      AND (SELECT COUNT(*) FROM pragma_index_info(l.name)) = 1";
        let unique: Vec<String> = sqlx::query(unique)
            .bind(table)
            .fetch_all(&mut *connection)
            .await?
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Sql<_>>()?;
        let columns = "SELECT name, \"notnull\", pk, dflt_value IS NOT NULL FROM pragma_table_info($1)";
        let column = |row: &SqliteRow| {
            let (name, refuses_null, key): (String, i64, i64) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(StoredColumn {
                nullable: refuses_null == 0 && key == 0,
                unique: key == 1 || unique.contains(&name),
                default: row.try_get::<i64, _>(3)? != 0,
                name,
            })
        };
        sqlx::query(columns).bind(table).fetch_all(connection).await?.iter().map(column).collect()
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

    async fn durability(pool: &Pool<Self>) -> Sql<Result<(), String>> {
        let row = sqlx::query("PRAGMA synchronous").fetch_one(pool).await?;
        let synchronous: i64 = row.try_get(0)?;
        Ok(if synchronous >= 2 {
            Ok(())
        } else {
            Err(format!(
                "SQLite runs with `synchronous = {synchronous}`, so a power cut could undo a token that was handed out: \
                 set `PRAGMA synchronous = FULL` on the pool's connections"
            ))
        })
    }
}
