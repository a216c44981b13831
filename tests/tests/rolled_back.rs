//! SQLite undoes a transaction by itself, as it does when the disk is full: 503, and all is well when there is room.

use std::str::FromStr;

use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::Response;
use oauth2_tests::provider::{Auth, Journal, app, whoami};
use oauth2_tests::running::{Database, ISSUER, Running, Tokens, listen};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

const GRANT: &str = "grant_type=client_credentials";

async fn start(db: SqlStore<Sqlite>, database: Database) -> Running {
    let (clock, issuer) = (SteppingClock::default(), ISSUER.to_owned());
    let auth = Auth { db, issuer, journal: Journal::default() };
    let auth = auth.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap();
    let app = axum::Router::new().route("/whoami", axum::routing::get(whoami));
    let app = app.merge(auth.router()).with_state(auth.clone());
    Running { address: listen(app).await, auth, clock, database }
}

/// The application's pool, of one connection.
async fn pool(database: &Database) -> SqlitePool {
    let options = SqliteConnectOptions::from_str(&database.url()).unwrap();
    let options = options.create_if_missing(true).synchronous(SqliteSynchronous::Full);
    SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap()
}

fn assert_unavailable(answer: &Response) {
    answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
}

/// `other` is where the test may write.
async fn assert_recovers(running: Running, other: SqlitePool) {
    let phone_app = running.register(app("phone")).await;
    let tokens = running.sign_in(&phone_app, "5550100").await;
    let full =
        "CREATE TRIGGER full BEFORE INSERT ON app_token BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END";
    sqlx::raw_sql(full).execute(&other).await.unwrap();
    for _ in 0..3 {
        assert_unavailable(&running.refresh(&phone_app, &tokens.refresh).await);
        assert_unavailable(&running.token(&phone_app, GRANT).await);
    }
    sqlx::raw_sql("DROP TRIGGER full").execute(&other).await.unwrap();
    // A single insert needs no transaction, and is not undone by what makes the next one possible.
    let machine = running.token(&phone_app, GRANT).await.json()["access_token"].as_str().unwrap().to_owned();
    let refreshed = Tokens::of(&running.refresh(&phone_app, &tokens.refresh).await);
    assert_eq!(running.whoami(&machine).await.status, 200);
    assert_eq!(running.whoami(&refreshed.access).await.status, 200);
    assert!(running.auth.clients().delete(&"phone".into()).await.unwrap());
    assert_eq!(running.whoami(&machine).await.status, 401);
    assert_eq!(running.whoami(&refreshed.access).await.status, 401);
}

#[tokio::test]
async fn a_store_over_a_file_recovers() {
    let database = Database::default();
    let other = pool(&database).await;
    assert_recovers(start(database.store().await, database).await, other).await;
}

/// Its one connection is the database: another one would find no tables.
#[tokio::test]
async fn a_store_in_memory_recovers() {
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    let only = db.pool().clone();
    assert_recovers(start(db, Database::default()).await, only).await;
}

#[tokio::test]
async fn a_store_over_a_pool_of_the_application_recovers() {
    let database = Database::default();
    let (own, other) = (pool(&database).await, pool(&database).await);
    assert_recovers(start(SqlStore::from_pool(own), database).await, other).await;
}

/// The application's own transaction in a transaction leaves more to undo than there is a way to.
#[tokio::test]
async fn a_connection_that_cannot_be_helped_is_replaced() {
    let database = Database::default();
    let (own, other) = (pool(&database).await, pool(&database).await);
    let running = start(SqlStore::from_pool(own.clone()), database).await;
    let mut outer = own.begin().await.unwrap();
    let mut inner = sqlx::Acquire::begin(&mut outer).await.unwrap();
    sqlx::raw_sql("ROLLBACK").execute(&mut *inner).await.unwrap();
    drop(inner);
    drop(outer);
    assert_recovers(running, other).await;
}
