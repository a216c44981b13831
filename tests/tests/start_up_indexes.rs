//! M145: unique indexes that the commands rely on, and those that only make them fast.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::running::Database;

#[derive(Debug, Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(authorization_code, refresh_token)]
struct SignIn;

#[grant(refresh_token)]
struct Renewal;

async fn nobody<S: Sync>(_: &S, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(SignIn, Renewal),
    allow(no_revocation_endpoint, reason = "no token is issued here"),
    client_auth(none),
    sign_in = password(nobody),
)]
struct Managed {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(SignIn, Renewal),
    allow(no_revocation_endpoint, reason = "no token is issued here"),
    client_auth(none),
    sign_in = password(nobody),
    schema = external,
)]
struct External {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn managed(database: &Database) -> String {
    Managed { db: database.store().await }.check().await.to_string()
}

async fn external(database: &Database) -> String {
    External { db: database.store().await }.check().await.to_string()
}

/// A database with all tables and all indexes.
async fn prepared() -> Database {
    let database = Database::default();
    database.execute(&External::schema_sql()).await;
    assert_eq!((managed(&database).await, external(&database).await), (String::new(), String::new()));
    database
}

/// The unique indexes, the columns they are over, and the end of their statements.
const UNIQUE: [(&str, &str, &str); 6] = [
    ("client_client_id", "client`.`client_id`", "client\" (\"client_id\")"),
    ("token_access_token", "token`.`access_token`", "token\" (\"access_token\")"),
    (
        "token_refresh_token",
        "token`.`refresh_token`",
        "token\" (\"refresh_token\") WHERE \"refresh_token\" IS NOT NULL",
    ),
    ("code_code", "code`.`code`", "code\" (\"code\")"),
    ("session_session", "session`.`session`", "session\" (\"session\")"),
    ("consent_key", "consent` (`subject`, `client_id`)", "consent\" (\"subject\", \"client_id\")"),
];

/// The others.
const SEARCHED: [(&str, &str, &str); 8] = [
    ("token_grant_id", "token`.`grant_id`", "token\" (\"grant_id\")"),
    ("token_client_id", "token`.`client_id`", "token\" (\"client_id\")"),
    ("token_expires_at", "token`.`expires_at`", "token\" (\"expires_at\")"),
    ("code_client_id", "code`.`client_id`", "code\" (\"client_id\")"),
    ("code_expires_at", "code`.`expires_at`", "code\" (\"expires_at\")"),
    ("session_subject", "session`.`subject`", "session\" (\"subject\")"),
    ("session_expires_at", "session`.`expires_at`", "session\" (\"expires_at\")"),
    ("consent_client_id", "consent`.`client_id`", "consent\" (\"client_id\")"),
];

#[tokio::test]
async fn a_missing_unique_index_is_an_error_with_its_statement() {
    for (index, place, over) in UNIQUE {
        let database = prepared().await;
        database.execute(&format!("DROP INDEX oauth2_{index}")).await;
        let statement = format!("CREATE UNIQUE INDEX \"oauth2_{index}\" ON \"oauth2_{over};");
        let line = format!(
            "`oauth2_{place} has no unique index, so that two rows could share a value and either be found: run \
             `{statement}`"
        );
        assert_eq!(external(&database).await, format!("error: {line}\n"));
        let error = External { db: database.store().await }.ready().await.unwrap_err();
        assert_eq!(error.to_string(), line);
        // The statement is the fix.
        database.execute(&statement).await;
        assert_eq!(external(&database).await, "");
        External { db: database.store().await }.ready().await.unwrap();
    }
}

#[tokio::test]
async fn a_missing_index_for_speed_is_a_warning_with_its_statement() {
    for (index, place, over) in SEARCHED {
        let database = prepared().await;
        database.execute(&format!("DROP INDEX oauth2_{index}")).await;
        let statement = format!("CREATE INDEX \"oauth2_{index}\" ON \"oauth2_{over};");
        assert_eq!(
            external(&database).await,
            format!(
                "warning: `oauth2_{place} has no index, so that the whole table is read to find a row by it: run \
                 `{statement}`\n"
            )
        );
        External { db: database.store().await }.ready().await.unwrap();
        database.execute(&statement).await;
        assert_eq!(external(&database).await, "");
    }
}

#[tokio::test]
async fn every_index_is_looked_at() {
    let database = prepared().await;
    let indexes = database.texts("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name").await;
    let mut listed: Vec<_> =
        UNIQUE.iter().chain(&SEARCHED).map(|(index, ..)| format!("oauth2_{index}")).collect();
    listed.sort();
    assert_eq!(indexes, listed);
    for index in indexes {
        database.execute(&format!("DROP INDEX {index}")).await;
    }
    let found = external(&database).await;
    assert_eq!((found.matches("error: ").count(), found.matches("warning: ").count()), (6, 8), "{found}");
}

/// With `schema = managed` the start makes them, and says so before.
#[tokio::test]
async fn a_managed_index_is_made_by_the_start() {
    for (index, ..) in UNIQUE.into_iter().chain(SEARCHED) {
        let database = prepared().await;
        database.execute(&format!("DROP INDEX oauth2_{index}")).await;
        assert_eq!(
            managed(&database).await,
            format!("notice: the index `oauth2_{index}` is missing: the start creates it\n")
        );
        Managed { db: database.store().await }.ready().await.unwrap();
        assert_eq!((managed(&database).await, external(&database).await), (String::new(), String::new()));
    }
}

/// Keys do as well as indexes, and so does a longer index to search by.
#[tokio::test]
async fn other_indexes_that_do_as_well() {
    let database = Database::default();
    let keyed = External::schema_sql()
        .replace("\"code\" BLOB NOT NULL", "\"code\" BLOB NOT NULL PRIMARY KEY")
        .replace(
            "\"granted_at\" INTEGER NOT NULL",
            "\"granted_at\" INTEGER NOT NULL, UNIQUE (client_id, subject)",
        );
    database.execute(&keyed).await;
    for index in ["code_code", "consent_key", "consent_client_id", "token_client_id", "token_expires_at"] {
        database.execute(&format!("DROP INDEX oauth2_{index}")).await;
    }
    database.execute("CREATE INDEX one ON oauth2_token (client_id, subject)").await;
    database.execute("CREATE INDEX two ON oauth2_token (expires_at) WHERE expires_at IS NOT NULL").await;
    assert_eq!((managed(&database).await, external(&database).await), (String::new(), String::new()));
}

#[tokio::test]
async fn other_indexes_that_do_not() {
    let not_unique = "has no unique index, so that two rows could share a value and either be found: run";
    for (made, expected) in [
        (
            "DROP INDEX oauth2_consent_key; CREATE UNIQUE INDEX one ON oauth2_consent (subject, client_id) WHERE scope <> ''",
            format!(
                "error: `oauth2_consent` (`subject`, `client_id`) {not_unique} `CREATE UNIQUE INDEX \
                 \"oauth2_consent_key\" ON \"oauth2_consent\" (\"subject\", \"client_id\");`\n"
            ),
        ),
        (
            "DROP INDEX oauth2_consent_key; CREATE INDEX oauth2_consent_key ON oauth2_consent (subject, client_id)",
            format!(
                "error: `oauth2_consent` (`subject`, `client_id`) {not_unique} `DROP INDEX \"oauth2_consent_key\"; CREATE \
                 UNIQUE INDEX \"oauth2_consent_key\" ON \"oauth2_consent\" (\"subject\", \"client_id\");`\n"
            ),
        ),
        (
            "DROP INDEX oauth2_token_client_id; CREATE INDEX one ON oauth2_token (subject, client_id); CREATE INDEX two ON \
             oauth2_token (client_id) WHERE revoked_at IS NULL; CREATE INDEX three ON oauth2_token (lower(client_id))",
            "warning: `oauth2_token`.`client_id` has no index, so that the whole table is read to find a row by it: run \
             `CREATE INDEX \"oauth2_token_client_id\" ON \"oauth2_token\" (\"client_id\");`\n"
                .to_owned(),
        ),
    ] {
        let database = prepared().await;
        database.execute(made).await;
        assert_eq!(external(&database).await, expected);
    }
}

/// Where the name is taken the start cannot make the index, and `IF NOT EXISTS` would pass over it in silence.
#[tokio::test]
async fn a_managed_index_whose_name_is_taken() {
    let database = prepared().await;
    let replaced = "DROP INDEX oauth2_code_code; CREATE INDEX oauth2_code_code ON oauth2_code (code)";
    database.execute(replaced).await;
    let line = "`oauth2_code`.`code` has no unique index, so that two rows could share a value and either be found: run \
                `DROP INDEX \"oauth2_code_code\"; CREATE UNIQUE INDEX \"oauth2_code_code\" ON \"oauth2_code\" \
                (\"code\");`";
    assert_eq!(managed(&database).await, format!("error: {line}\n"));
    assert_eq!(Managed { db: database.store().await }.ready().await.unwrap_err().to_string(), line);
    // By an index of another table.
    let database = prepared().await;
    let replaced = "DROP INDEX oauth2_code_code; CREATE INDEX oauth2_code_code ON oauth2_token (subject)";
    database.execute(replaced).await;
    let error = Managed { db: database.store().await }.ready().await.unwrap_err().to_string();
    assert_eq!(error, line.replace("DROP INDEX \"oauth2_code_code\"; ", ""));
}

/// Rows that share a value are in the way of the index, managed or not.
#[tokio::test]
async fn rows_that_share_a_value() {
    let database = Database::default();
    let auth = Managed { db: database.store().await }.ready().await.unwrap();
    let app = Client {
        redirect_uris: ["https://a.example/"].into_iter().collect(),
        ..Client::new("app", ScopeSet::all())
    };
    auth.clients().register(app).await.unwrap();
    let double = "DROP INDEX oauth2_client_client_id; INSERT INTO oauth2_client SELECT * FROM oauth2_client";
    database.execute(double).await;
    let line = "`oauth2_client`.`client_id` has no unique index, and rows share a value, so that either may be found: \
                delete all but one of each, then run `CREATE UNIQUE INDEX \"oauth2_client_client_id\" ON \
                \"oauth2_client\" (\"client_id\");`";
    assert_eq!(managed(&database).await, format!("error: {line}\n"));
    assert_eq!(external(&database).await, format!("error: {line}\n"));
    assert_eq!(Managed { db: database.store().await }.ready().await.unwrap_err().to_string(), line);
    database.execute("DELETE FROM oauth2_client WHERE rowid = 2").await;
    Managed { db: database.store().await }.ready().await.unwrap();
    assert_eq!(managed(&database).await, "");
}
