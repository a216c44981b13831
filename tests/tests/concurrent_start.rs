//! Several processes start at once over one database, as they do when a new version is rolled out.

use futures_util::future::join_all;
use oauth2_runtime::prelude::*;
use oauth2_tests::provider::{Auth, Journal};
use oauth2_tests::running::{Database, ISSUER};

async fn start(store: SqlStore<Sqlite>) {
    let auth = Auth { db: store, issuer: ISSUER.to_owned(), journal: Journal::default() };
    auth.ready().await.unwrap();
}

/// Opens four stores first, so that what happens at once is `ready()`.
async fn start_four(database: &Database) {
    let stores = join_all((0..4).map(|_| database.store())).await;
    let starts: Vec<_> = stores.into_iter().map(|store| tokio::spawn(start(store))).collect();
    for start in starts {
        start.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn over_an_empty_database() {
    for _ in 0..20 {
        let database = Database::default();
        start_four(&database).await;
        assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_schema").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn over_tables_that_lack_a_column() {
    for _ in 0..20 {
        let database = Database::default();
        start(database.store().await).await;
        database.execute("ALTER TABLE app_token DROP COLUMN origin").await;
        start_four(&database).await;
        let origin = "SELECT COUNT(*) FROM pragma_table_info('app_token') WHERE name = 'origin'";
        assert_eq!(database.number(origin).await, 1);
    }
}
