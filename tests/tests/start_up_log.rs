//! What a start logs: its warnings. Every test here reads the log, because one that does not would turn the lines off.

use oauth2_runtime::prelude::*;
use oauth2_runtime::start_up::CLIENTS_READ;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::log::Log;
use oauth2_tests::provider::{Auth, Journal, app};
use oauth2_tests::running::{Database, ISSUER, Running, ready};

fn gone(client_id: &str) -> String {
    format!(
        "WARN oauth2_runtime::start_up: the client `{client_id}` has the scope `gone`, which is not declared and grants \
         nothing: remove it from its `scope`"
    )
}

#[tokio::test]
async fn a_scope_that_is_no_longer_declared() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    running.register(app("robot")).await;
    running.register(app("other")).await;
    assert_eq!(log.lines(), Vec::<String>::new());
    ready(&running.database, &running.clock, ISSUER).await;
    assert_eq!(log.lines(), Vec::<String>::new());
    running.database.execute("UPDATE app SET scope = 'read gone'").await;
    ready(&running.database, &running.clock, ISSUER).await;
    assert_eq!(log.lines(), [gone("other"), gone("robot")]);
}

/// A start looks at the first of them, however many there are; a check at all.
#[tokio::test]
async fn a_start_does_not_read_all_clients() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    running.register(app("c")).await;
    let columns = running.database.texts("SELECT name FROM pragma_table_info('app')").await.join(", ");
    let values = columns.replace("client_id", "printf('c%05d', n)");
    let fill = format!(
        "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < {}) \
         INSERT INTO app ({columns}) SELECT {values} FROM n, app; \
         UPDATE app SET scope = 'gone' WHERE client_id = 'c01001'",
        CLIENTS_READ + 1
    );
    running.database.execute(&fill).await;
    assert_eq!(running.database.number("SELECT COUNT(*) FROM app").await, i64::from(CLIENTS_READ) + 1);
    ready(&running.database, &running.clock, ISSUER).await;
    assert_eq!(log.lines(), Vec::<String>::new());
    let found: Vec<_> = running.auth.check().await.iter().map(ToString::to_string).collect();
    assert_eq!(found, [gone("c01001").replace("WARN oauth2_runtime::start_up: ", "")]);
    running.database.execute("UPDATE app SET scope = 'gone' WHERE client_id = 'c01000'").await;
    ready(&running.database, &running.clock, ISSUER).await;
    assert_eq!(log.lines(), [gone("c01000")]);
}

/// What an operator reads then is what keeps it from starting; a check says the rest as well.
#[tokio::test]
async fn a_server_that_does_not_start_logs_nothing() {
    let (log, _guard) = Log::open();
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    let auth = Auth { db, issuer: "nobody".to_owned(), journal: Journal::default() };
    let found = auth.check().await.to_string();
    assert_eq!(
        found.lines().filter(|line| line.starts_with("warning: the database is in memory")).count(),
        1
    );
    let error = auth.ready().await.unwrap_err().to_string();
    assert_eq!(error, "the issuer `nobody` is not usable: it is not an absolute URL (RFC 8414 section 2)");
    assert_eq!(log.lines(), Vec::<String>::new());
}

/// M118. Tables that are created are no news.
#[tokio::test]
async fn a_database_in_memory() {
    let (log, _guard) = Log::open();
    ready(&Database::default(), &SteppingClock::default(), ISSUER).await;
    assert_eq!(log.lines(), Vec::<String>::new());
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    Auth { db, issuer: ISSUER.to_owned(), journal: Journal::default() }.ready().await.unwrap();
    assert_eq!(
        log.lines(),
        [
            "WARN oauth2_runtime::start_up: the database is in memory: its clients, tokens and sessions are gone when the \
             process ends; open a file, such as `sqlite://auth.db`"
        ]
    );
}
