//! F13: the sockets of ten thousand token requests are closed after any number of bytes.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use oauth2_runtime::prelude::*;
use oauth2_runtime::time::Clock;
use oauth2_tests::portal::RunningPortal;
use oauth2_tests::running::Database;
use oauth2_tests::storm::{
    assert_nothing_half, codes, redemptions, refresh_tokens, refreshes, token_request,
};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// So many codes and so many refresh tokens at each of two stores.
const EACH: usize = 2_500;

/// Sends so many bytes and closes the socket.
async fn send_part(address: SocketAddr, part: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(part).await.unwrap();
}

/// A generator that is the same in every run (Knuth's MMIX).
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

/// The connections of such a store read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_cut_off_leave_nothing_half() {
    cut_off(RunningPortal::start().await).await;
}

/// The one connection of this store writes, too, so that a transaction that was left behind would hold it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_cut_off_give_back_the_connection_that_writes() {
    let database = Database::default();
    let options = SqliteConnectOptions::from_str(&database.url()).unwrap().create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let running = RunningPortal::start_over(SqlStore::from_pool(pool.clone()), database).await;
    cut_off(running).await;
    assert_eq!((pool.size(), pool.num_idle()), (1, 1));
    let mut connection = pool.acquire().await.unwrap();
    assert!(!connection.is_in_transaction());
    sqlx::query("SELECT 1").execute(&mut *connection).await.unwrap();
}

async fn cut_off(running: RunningPortal) {
    let (db, now, web) = (&running.portal.db, running.clock.now(), &running.web);
    let mut bodies = redemptions(&codes(db, 0..EACH, now).await);
    bodies.extend(refreshes(&refresh_tokens(db, 0..EACH, now).await));
    let mut state = 1;
    let parts = bodies.iter().map(|body| {
        let mut bytes = token_request(web, body).into_bytes();
        // Every third is sent whole, so that what is lost is the answer.
        let whole = random(&mut state).is_multiple_of(3);
        let length = if whole { bytes.len() } else { random(&mut state) % bytes.len() };
        bytes.truncate(length);
        (whole, bytes)
    });
    let parts: Vec<_> = parts.collect();
    let sends = stream::iter(&parts).map(|(_, part)| send_part(running.address, part));
    let () = sends.buffer_unordered(16).collect().await;
    // At any moment, so also while the server is still at it.
    assert_nothing_half(&running.database).await;
    let again = bodies.iter().zip(&parts).map(async |(body, (whole, _))| {
        let answer = running.token(web, body).await;
        assert!(answer.status == 200 || *whole && answer.status == 400, "{answer:?}");
        answer.status
    });
    let answers: Vec<_> = stream::iter(again).buffer_unordered(8).collect().await;
    assert_nothing_half(&running.database).await;
    let refused = answers.iter().filter(|status| **status == 400).count();
    let whole = parts.iter().filter(|(whole, _)| *whole).count();
    assert!((1..=whole).contains(&refused), "{refused} of {whole} whole requests were answered to nobody");
    assert_eq!(
        running.database.number("SELECT COUNT(*) FROM portal_code WHERE consumed_at IS NULL").await,
        0
    );
    assert_eq!(
        running.database.number("SELECT COUNT(*) FROM oauth2_token").await,
        i64::try_from(3 * EACH).unwrap()
    );
    assert_eq!(
        running.database.number("SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL").await,
        i64::try_from(2 * EACH).unwrap()
    );
    let pool = db.pool();
    let idle = async {
        while pool.num_idle() != usize::try_from(pool.size()).unwrap() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(5), idle).await.expect("every connection is back");
}
