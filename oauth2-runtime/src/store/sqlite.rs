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

/// A unique index over one column.
struct UniqueIndex {
    column: String,
    /// Whether it stands for the primary key.
    is_key: bool,
    /// The statement that made it, when it leaves rows out.
    partial: Option<String>,
}

impl UniqueIndex {
    /// An index that leaves out more than NULL says nothing about the rows it leaves out.
    fn makes_unique(&self, column: &str) -> bool {
        self.column == column && self.partial.as_ref().is_none_or(|sql| leaves_out_only_null(sql, column))
    }
}

/// Whether what follows the list of columns is `WHERE column IS NOT NULL`.
fn leaves_out_only_null(sql: &str, column: &str) -> bool {
    let sql = sql.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let condition = sql.split_once(')').and_then(|(_, rest)| rest.trim_start().strip_prefix("where"));
    let bare = |text: &str| text.trim_matches(['(', ')', '"', '`', '[', ']', ' ']).to_owned();
    let named = condition.map(bare).and_then(|condition| condition.strip_suffix("is not null").map(bare));
    named.is_some_and(|named| named == column.to_ascii_lowercase())
}

async fn indexes(connection: &mut SqliteConnection, table: &str) -> Sql<Vec<UniqueIndex>> {
    let sql = "SELECT i.name, l.origin = 'pk', CASE WHEN l.partial THEN COALESCE(s.sql, '') END \
               FROM pragma_index_list($1) AS l JOIN pragma_index_info(l.name) AS i \
               LEFT JOIN sqlite_master AS s ON s.type = 'index' AND s.name = l.name \
               WHERE l.\"unique\" AND i.name IS NOT NULL AND (SELECT COUNT(*) FROM pragma_index_info(l.name)) = 1";
    let index = |row: &SqliteRow| {
        Ok(UniqueIndex { column: row.try_get(0)?, is_key: row.try_get(1)?, partial: row.try_get(2)? })
    };
    sqlx::query(sql).bind(table).fetch_all(connection).await?.iter().map(index).collect()
}

/// What SQLite makes of the values of a column, by its rules for the declared type
/// (<https://www.sqlite.org/datatype3.html>, section 3.1).
#[derive(PartialEq, Eq)]
enum Affinity {
    /// Two of SQLite's own that differ only in casts.
    IntegerOrNumeric,
    Text,
    Blob,
    Real,
}

impl Affinity {
    fn of(declared: &str) -> Self {
        // The first that fits, in SQLite's order: `CHARINT` is an integer.
        let rules = [
            ("INT", Self::IntegerOrNumeric),
            ("CHAR", Self::Text),
            ("CLOB", Self::Text),
            ("TEXT", Self::Text),
            ("BLOB", Self::Blob),
            ("REAL", Self::Real),
            ("FLOA", Self::Real),
            ("DOUB", Self::Real),
        ];
        let declared = declared.to_ascii_uppercase();
        let rule = rules.into_iter().find(|(part, _)| declared.contains(part));
        rule.map_or(Self::IntegerOrNumeric, |(_, affinity)| affinity)
    }
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
        let indexes = indexes(connection, table).await?;
        let sql = "SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL, COUNT(*) FILTER (WHERE pk > 0) OVER () \
                   FROM pragma_table_info($1)";
        let column = |row: &SqliteRow| {
            let (name, sql_type): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let (refuses_null, key): (bool, bool) = (row.try_get(2)?, row.try_get::<i64, _>(3)? > 0);
            let only_key = key && row.try_get::<i64, _>(5)? == 1;
            // Without an index of its own such a key is the row's number, which SQLite gives.
            let numbered = only_key && !indexes.iter().any(|index| index.is_key);
            Ok(StoredColumn {
                nullable: !refuses_null && !key,
                unique: only_key || indexes.iter().any(|index| index.makes_unique(&name)),
                default: row.try_get(4)? || numbered,
                name,
                sql_type,
            })
        };
        sqlx::query(sql).bind(table).fetch_all(connection).await?.iter().map(column).collect()
    }

    /// SQLite turns what it is given into the column's affinity where it can: a `TEXT` column makes `'1'` of 1, and any
    /// number makes 7 of `'007'`. A column without a type changes nothing.
    fn keeps(declared: &str, name: &str) -> bool {
        let (stored, wanted) = (Affinity::of(declared), Affinity::of(name));
        // `INTEGER` and `NUMERIC` keep whole numbers alike, and the driver writes dates as text.
        let date = stored == Affinity::Text && matches!(name, "DATE" | "TIME" | "DATETIME");
        declared.is_empty() || stored == wanted || date
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
