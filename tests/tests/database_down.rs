//! The database cannot answer: 503, nothing minted, and all is well when it is back.

use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::app;
use oauth2_tests::running::{Credentials, Running, Tokens};

const GRANT: &str = "grant_type=client_credentials";

async fn start() -> (Running, Credentials, Tokens) {
    let running = Running::start().await;
    let phone_app = running.register(app("phone")).await;
    let tokens = running.sign_in(&phone_app, "5550100").await;
    (running, phone_app, tokens)
}

fn assert_unavailable(answer: &Response) {
    answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert_eq!(answer.header("www-authenticate"), None);
}

#[tokio::test]
async fn a_missing_token_table_is_answered_with_503_until_it_is_back() {
    let (running, phone_app, tokens) = start().await;
    running.database.execute("ALTER TABLE app_token RENAME TO gone").await;
    assert_unavailable(&running.token(&phone_app, GRANT).await);
    assert_unavailable(&running.refresh(&phone_app, &tokens.refresh).await);
    assert_unavailable(&running.whoami(&tokens.access).await);
    assert_eq!(running.database.number("SELECT COUNT(*) FROM gone").await, 1);
    running.database.execute("ALTER TABLE gone RENAME TO app_token").await;
    assert_eq!(running.whoami(&tokens.access).await.status, 200);
    assert_eq!(running.token(&phone_app, GRANT).await.status, 200);
    assert_eq!(running.refresh(&phone_app, &tokens.refresh).await.status, 200);
}

/// An unknown client and an unreadable one are different things.
#[tokio::test]
async fn a_missing_client_table_is_answered_with_503() {
    let (running, phone_app, tokens) = start().await;
    running.database.execute("ALTER TABLE app RENAME TO gone").await;
    assert_unavailable(&running.token(&phone_app, GRANT).await);
    assert_eq!(running.stored_tokens().await, 1);
    // Protected resources look at tokens only.
    assert_eq!(running.whoami(&tokens.access).await.status, 200);
    running.database.execute("ALTER TABLE gone RENAME TO app").await;
    assert_eq!(running.token(&phone_app, GRANT).await.status, 200);
}

#[tokio::test]
async fn closed_connections_are_answered_with_503() {
    let (running, phone_app, tokens) = start().await;
    running.auth.db.pool().close().await;
    assert_unavailable(&running.token(&phone_app, GRANT).await);
    assert_unavailable(&running.whoami(&tokens.access).await);
    assert_eq!(running.stored_tokens().await, 1);
    // What needs no database is answered as ever.
    assert_eq!(running.whoami("at_x").await.status, 401);
    let metadata = running.send(Request::get("/.well-known/oauth-authorization-server")).await;
    assert_eq!(metadata.status, 200);
}

/// Another process holds the write lock for longer than a request may wait for it.
#[tokio::test]
async fn a_locked_database_is_answered_with_503_until_it_is_unlocked() {
    let (running, phone_app, tokens) = start().await;
    let mut other = running.database.connect().await;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let (issued, refreshed) =
        tokio::join!(running.token(&phone_app, GRANT), running.refresh(&phone_app, &tokens.refresh));
    assert_unavailable(&issued);
    assert_unavailable(&refreshed);
    // Readers are not held up by a writer.
    assert_eq!(running.whoami(&tokens.access).await.status, 200);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(running.stored_tokens().await, 1);
    assert_eq!(running.refresh(&phone_app, &tokens.refresh).await.status, 200);
    assert_eq!(running.token(&phone_app, GRANT).await.status, 200);
}

/// A row that cannot be read is the operator's affair, and no reason to let anyone in or to say 500.
#[tokio::test]
async fn an_unreadable_row_is_answered_with_503() {
    let (running, phone_app, _) = start().await;
    running.database.execute("UPDATE app SET client_secret = 'in clear'").await;
    assert_unavailable(&running.token(&phone_app, GRANT).await);
    assert_eq!(running.stored_tokens().await, 1);
}

#[tokio::test]
async fn a_refused_insert_is_answered_with_503_and_consumes_nothing() {
    let (running, phone_app, tokens) = start().await;
    running
        .database
        .execute(
            "CREATE TRIGGER full BEFORE INSERT ON app_token BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .await;
    assert_unavailable(&running.token(&phone_app, GRANT).await);
    assert_unavailable(&running.refresh(&phone_app, &tokens.refresh).await);
    running.database.execute("DROP TRIGGER full").await;
    assert_eq!(running.whoami(&tokens.access).await.status, 200);
    assert_eq!(running.refresh(&phone_app, &tokens.refresh).await.status, 200);
}
