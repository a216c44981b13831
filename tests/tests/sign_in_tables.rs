//! The tables for people: there when a grant needs them, and only then.

use oauth2_runtime::prelude::*;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::portal::{self, Portal};
use oauth2_tests::running::Database;

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials)]
struct Machine;

#[grant(authorization_code)]
struct WebSignIn;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
    sign_in = password(nobody_knows),
)]
struct Quiet {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine, WebSignIn),
    client_auth(client_secret_basic),
    sign_in = password(nobody),
)]
struct Lively {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn nobody_knows(_: &Quiet, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

async fn nobody(_: &Lively, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

/// Everything SQLite knows of the tables but the framework's version.
async fn definition(database: &Database) -> Vec<String> {
    let sql = "SELECT name || ': ' || COALESCE(sql, '-') FROM sqlite_master WHERE name <> 'oauth2_schema' ORDER BY name";
    database.texts(sql).await
}

/// The statements of a server on which people sign in, besides those for clients and tokens.
const FOR_PEOPLE: &str = r#"CREATE TABLE IF NOT EXISTS "portal_code" (
    "code" BLOB NOT NULL,
    "grant_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "redirect_uri" TEXT,
    "code_challenge" TEXT,
    "expires_at" INTEGER NOT NULL,
    "consumed_at" INTEGER,
    "origin" TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS "portal_code_code" ON "portal_code" ("code");
CREATE INDEX IF NOT EXISTS "portal_code_client_id" ON "portal_code" ("client_id");
CREATE INDEX IF NOT EXISTS "portal_code_expires_at" ON "portal_code" ("expires_at");
CREATE TABLE IF NOT EXISTS "oauth2_session" (
    "session" BLOB NOT NULL,
    "subject" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "signed_in_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS "oauth2_session_session" ON "oauth2_session" ("session");
CREATE INDEX IF NOT EXISTS "oauth2_session_subject" ON "oauth2_session" ("subject");
CREATE INDEX IF NOT EXISTS "oauth2_session_expires_at" ON "oauth2_session" ("expires_at");
CREATE TABLE IF NOT EXISTS "oauth2_consent" (
    "subject" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "granted_at" INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS "oauth2_consent_client_id" ON "oauth2_consent" ("client_id");
CREATE UNIQUE INDEX IF NOT EXISTS "oauth2_consent_key" ON "oauth2_consent" ("subject", "client_id");"#;

/// A code model of one's own is in its own table; sessions and consents are the framework's.
#[tokio::test]
async fn people_need_tables_of_their_own() {
    let sql = Portal::schema_sql();
    let (others, for_people) = sql.split_at(sql.find("CREATE TABLE IF NOT EXISTS \"portal_code\"").unwrap());
    assert_eq!(for_people, FOR_PEOPLE);
    let tables = others.lines().filter_map(|line| line.strip_prefix("CREATE TABLE IF NOT EXISTS "));
    assert_eq!(tables.collect::<Vec<_>>(), ["\"oauth2_client\" (", "\"oauth2_token\" ("]);
    let (managed_one, by_hand) = (Database::default(), Database::default());
    portal::ready(&managed_one, &SteppingClock::default(), "https://id.example").await;
    by_hand.execute(&sql).await;
    assert_eq!(definition(&by_hand).await, definition(&managed_one).await);
}

/// The tables follow from the grants, and not from what else is declared.
#[tokio::test]
async fn nobody_signs_in_without_a_grant_for_it() {
    let database = Database::default();
    Quiet { db: database.store().await }.ready().await.unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    assert_eq!(database.texts(tables).await, ["oauth2_client", "oauth2_schema", "oauth2_token"]);
    assert_eq!(Quiet::schema_sql().matches("CREATE TABLE").count(), 2);
    assert!(!Quiet::schema_sql().contains("_code"), "{}", Quiet::schema_sql());
}

/// A server that gets the grant later gets the tables then.
#[tokio::test]
async fn tables_for_people_are_added_later() {
    let database = Database::default();
    Quiet { db: database.store().await }.ready().await.unwrap();
    Lively { db: database.store().await }.ready().await.unwrap();
    let tables =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'oauth2_schema' ORDER BY name";
    assert_eq!(
        database.texts(tables).await,
        ["oauth2_client", "oauth2_code", "oauth2_consent", "oauth2_session", "oauth2_token"]
    );
}
