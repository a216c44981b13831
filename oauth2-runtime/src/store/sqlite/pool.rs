//! Connections: one that writes, others that read, and what is done about one that is stuck.

use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Pool};
use tokio::time::Instant;

use super::Sql;

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

/// The connections to read with and the one to write with.
pub(super) async fn open(url: &str) -> Sql<(Pool<Sqlite>, Pool<Sqlite>)> {
    let options = options(url)?;
    if is_in_memory(url) {
        return open_in_memory(options).await;
    }
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let writer = open_writer(&options).await?;
    let readers = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8));
    let readers =
        pool(u32::try_from(readers).unwrap_or(2)).connect_with(options.pragma("query_only", "on")).await?;
    Ok((readers, writer))
}

/// A connection that only reads, and whether there is a database at `url`; to an empty one in its place if there is none.
pub(super) async fn open_to_check(url: &str) -> Sql<(Pool<Sqlite>, bool)> {
    let options = options(url)?.pragma("query_only", "on");
    if is_in_memory(url) {
        return Ok((open_in_memory(options).await?.0, true));
    }
    let file = options.get_filename();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if file.exists() || folder.is_some_and(|folder| !folder.exists()) {
        let options = options.create_if_missing(false).synchronous(SqliteSynchronous::Full);
        return Ok((pool(1).connect_with(options).await?, true));
    }
    let nothing = SqliteConnectOptions::new().in_memory(true).pragma("query_only", "on");
    Ok((open_in_memory(nothing).await?.0, false))
}

fn is_in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
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
pub(super) async fn unstick(
    pool: &Pool<Sqlite>,
    mut stuck: PoolConnection<Sqlite>,
) -> Sql<PoolConnection<Sqlite>> {
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
