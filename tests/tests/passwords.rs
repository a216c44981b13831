//! Passwords in a table of the application's own.

use oauth2_runtime::password::Credentials;
use oauth2_runtime::prelude::{Error, PasswordHash, Secret, SqlStore, Sqlite, Subject};
use oauth2_tests::running::Database;

async fn check_password(db: &SqlStore<Sqlite>, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    let known: Option<(String, PasswordHash)> =
        sqlx::query_as("SELECT id, password FROM person WHERE name = $1")
            .bind(credentials.username())
            .fetch_optional(db.pool())
            .await?;
    credentials.verify(known).await
}

fn typed(name: &str, password: &str) -> Credentials {
    Credentials::new(name.to_owned(), Secret::new(password.to_owned()))
}

async fn people(database: &Database) -> SqlStore<Sqlite> {
    let db = database.store().await;
    database
        .execute("CREATE TABLE person (id TEXT NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL)")
        .await;
    let hash = PasswordHash::generate(&Secret::new("correct horse")).await.unwrap();
    let insert = sqlx::query("INSERT INTO person VALUES ('42', 'ann', $1)").bind(hash);
    insert.execute(&mut database.connect().await).await.unwrap();
    db
}

#[tokio::test]
async fn a_row_of_a_persons_table_is_verified() {
    let database = Database::default();
    let db = people(&database).await;
    for (name, password, subject) in [
        ("ann", "correct horse", Some("42")),
        ("ann", "correct hors", None),
        ("ann", "", None),
        ("bob", "correct horse", None),
    ] {
        let checked = check_password(&db, &typed(name, password)).await.unwrap();
        assert_eq!(checked, subject.map(Subject::from), "{name}");
    }
    let stored = database.texts("SELECT password FROM person").await.concat();
    assert!(stored.starts_with("$argon2id$") && !stored.contains("horse"), "{stored}");
}

/// An error and not a wrong password: the operator has to know.
#[tokio::test]
async fn a_stored_text_that_is_no_hash_is_an_error_without_the_text() {
    let database = Database::default();
    let db = people(&database).await;
    for stored in ["correct horse", "$argon2id$v=19$m=4294967295,t=9,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"]
    {
        database.execute(&format!("UPDATE person SET password = '{stored}'")).await;
        let error = check_password(&db, &typed("ann", "correct horse")).await.unwrap_err().to_string();
        assert!(error.contains("a stored password hash cannot be used"), "{error}");
        assert!(!error.contains("horse") && !error.contains("AAAA"), "{error}");
    }
}

/// Handlers may hold it across an await.
#[test]
fn verifying_can_move_between_threads() {
    fn is_send(_: impl Send) {}
    let credentials = typed("ann", "x");
    is_send(credentials.verify(None::<(String, PasswordHash)>));
    is_send(PasswordHash::generate(credentials.password()));
}
