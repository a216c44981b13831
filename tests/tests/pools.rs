//! Stores over the application's own pool, and in memory.

use std::str::FromStr;

use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::{App, Auth, Journal, app};
use oauth2_tests::running::{Database, ISSUER, listen};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};

async fn pool(database: &Database, synchronous: SqliteSynchronous) -> SqlStore<Sqlite> {
    let options = SqliteConnectOptions::from_str(&database.url()).unwrap();
    let options = options.create_if_missing(true).synchronous(synchronous);
    SqlStore::from_pool(SqlitePoolOptions::new().connect_with(options).await.unwrap())
}

async fn ready(db: SqlStore<Sqlite>) -> Result<Ready<Auth>, Error> {
    Auth { db, issuer: ISSUER.to_owned(), journal: Journal::default() }.ready().await
}

async fn token(auth: &Ready<Auth>) -> Response {
    let secret = ClientSecret::generate().unwrap();
    auth.clients().register(App { client_secret: Some(secret.hash()), ..app("robot") }).await.unwrap();
    let request = Request::form("/oauth/token", "grant_type=client_credentials");
    request.basic("robot", secret.expose()).send(listen(auth.router()).await).await
}

#[tokio::test]
async fn a_pool_of_the_application_serves() {
    let database = Database::default();
    let auth = ready(pool(&database, SqliteSynchronous::Full).await).await.unwrap();
    assert_eq!(token(&auth).await.status, 200);
    assert_eq!(database.number("SELECT COUNT(*) FROM app_token").await, 1);
    assert_eq!(sqlx::query("SELECT 1 FROM app").fetch_all(auth.db.pool()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_pool_that_forgets_commits_is_refused() {
    for (synchronous, number) in [(SqliteSynchronous::Normal, 1), (SqliteSynchronous::Off, 0)] {
        let database = Database::default();
        let error = ready(pool(&database, synchronous).await).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "SQLite runs with `synchronous = {number}`, so a power cut could undo a token that was handed out: set \
                 `PRAGMA synchronous = FULL` on the pool's connections"
            )
        );
    }
}

/// In memory all connections are one.
#[tokio::test]
async fn a_database_in_memory_serves() {
    let auth = ready(SqlStore::open("sqlite::memory:").await.unwrap()).await.unwrap();
    let access = token(&auth).await.json()["access_token"].as_str().unwrap().to_owned();
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.headers.insert("authorization", format!("Bearer {access}").parse().unwrap());
    let bearer = auth.acquire_token(&parts, oauth2_tests::provider::Access::Read).await.unwrap();
    assert_eq!((bearer.client_id.as_str(), bearer.subject()), ("robot", None));
}

/// The store's connections for reading cannot write, whoever uses them.
#[tokio::test]
async fn the_connections_for_reading_only_read() {
    let database = Database::default();
    let auth = ready(database.store().await).await.unwrap();
    let error = sqlx::query("DELETE FROM app").execute(auth.db.pool()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "error returned from database: (code: 8) attempt to write a readonly database"
    );
}
