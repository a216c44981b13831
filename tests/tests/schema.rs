//! The tables: created, extended, compared, and left alone.

use oauth2_runtime::prelude::*;
use oauth2_tests::http::Request;
use oauth2_tests::running::{Database, listen};

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[derive(OAuth2Client)]
#[oauth2(table = "member")]
struct Member {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
    nickname: Option<String>,
    #[oauth2(default = "eu".to_owned())]
    region: String,
    #[oauth2(default = 7)]
    level: i64,
}

#[derive(OAuth2Token)]
#[oauth2(table = "member_token")]
struct MemberToken {
    access_token: Digest<AccessToken>,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

#[derive(OAuth2Client)]
#[oauth2(table = "member")]
struct Strict {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
    team: String,
}

#[grant(client_credentials)]
struct Machine;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = Member, token = MemberToken),
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
)]
struct Managed {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = Member, token = MemberToken),
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
    schema = external,
)]
struct External {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = Strict, token = MemberToken),
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
)]
struct Demanding {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn managed(database: &Database) -> Result<Ready<Managed>, Error> {
    Managed { db: database.store().await }.ready().await
}

async fn external(database: &Database) -> Result<Ready<External>, Error> {
    External { db: database.store().await }.ready().await
}

/// Everything SQLite knows of the tables.
async fn definition(database: &Database) -> Vec<String> {
    database.texts("SELECT name || ': ' || COALESCE(sql, '-') FROM sqlite_master ORDER BY name").await
}

#[tokio::test]
async fn missing_tables_are_created() {
    let database = Database::default();
    managed(&database).await.unwrap();
    assert_eq!(
        definition(&database).await,
        [
            "member: CREATE TABLE \"member\" (\n    \"client_id\" TEXT NOT NULL,\n    \"client_secret\" TEXT,\n    \
             \"scope\" TEXT NOT NULL,\n    \"nickname\" TEXT,\n    \"region\" TEXT NOT NULL,\n    \"level\" INTEGER NOT \
             NULL\n)",
            "member_client_id: CREATE UNIQUE INDEX \"member_client_id\" ON \"member\" (\"client_id\")",
            "member_token: CREATE TABLE \"member_token\" (\n    \"access_token\" BLOB NOT NULL,\n    \"client_id\" TEXT \
             NOT NULL,\n    \"subject\" TEXT,\n    \"scope\" TEXT NOT NULL,\n    \"issued_at\" INTEGER NOT NULL,\n    \
             \"expires_at\" INTEGER NOT NULL,\n    \"revoked_at\" INTEGER\n)",
            "member_token_access_token: CREATE UNIQUE INDEX \"member_token_access_token\" ON \"member_token\" \
             (\"access_token\")",
            "member_token_client_id: CREATE INDEX \"member_token_client_id\" ON \"member_token\" (\"client_id\")",
            "member_token_expires_at: CREATE INDEX \"member_token_expires_at\" ON \"member_token\" (\"expires_at\")",
            "oauth2_schema: CREATE TABLE oauth2_schema (version BIGINT NOT NULL)",
        ]
    );
    assert_eq!(database.number("SELECT version FROM oauth2_schema").await, 1);
}

#[tokio::test]
async fn a_second_start_changes_nothing() {
    let database = Database::default();
    let auth = managed(&database).await.unwrap();
    let member = member("robot");
    auth.clients().ensure(member).await.unwrap();
    let before = definition(&database).await;
    managed(&database).await.unwrap();
    assert_eq!(definition(&database).await, before);
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_schema").await, 1);
    assert_eq!(database.texts("SELECT client_id FROM member").await, ["robot"]);
}

fn member(client_id: &str) -> Member {
    Member {
        client_id: client_id.into(),
        client_secret: None,
        scope: [Access::Read].into_iter().collect(),
        nickname: None,
        region: "us".into(),
        level: 1,
    }
}

const OLD: &str = "CREATE TABLE member (client_id TEXT NOT NULL, client_secret TEXT, scope TEXT NOT NULL, own TEXT); \
                   INSERT INTO member VALUES ('old', NULL, 'read', 'kept'), ('older', NULL, 'write', 'kept');";

#[tokio::test]
async fn missing_columns_are_added_and_filled() {
    let database = Database::default();
    database.execute(OLD).await;
    let auth = managed(&database).await.unwrap();
    let rows = database.texts(
        "SELECT client_id || ' ' || (nickname IS NULL) || ' ' || region || ' ' || level || ' ' || own FROM member \
         ORDER BY client_id",
    );
    assert_eq!(rows.await, ["old 1 eu 7 kept", "older 1 eu 7 kept"]);
    let old = auth.clients().get(&"old".into()).await.unwrap().unwrap();
    assert_eq!((old.nickname, old.region.as_str(), old.level), (None, "eu", 7));
    // A default is for the rows that were there; a new row has its own values.
    auth.clients().register(member("new")).await.unwrap();
    assert_eq!(database.texts("SELECT region || level FROM member WHERE client_id = 'new'").await, ["us1"]);
    managed(&database).await.unwrap();
    assert_eq!(database.number("SELECT level FROM member WHERE client_id = 'new'").await, 1);
}

#[tokio::test]
async fn a_column_without_a_default_is_refused_and_nothing_is_changed() {
    let database = Database::default();
    database.execute(OLD).await;
    let before = definition(&database).await;
    let error = Demanding { db: database.store().await }.ready().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the table `member` has no column `team`: add it with `ALTER TABLE member ADD COLUMN team ..`, make the field \
         an `Option`, or give it a default with `#[oauth2(default = ..)]`"
    );
    assert_eq!(definition(&database).await, before);
}

#[tokio::test]
async fn an_external_schema_is_left_alone_and_missing_tables_are_named() {
    let database = Database::default();
    let error = external(&database).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database's tables differ from the models: the table `member` is missing; the table `member_token` is \
         missing; `schema_sql()` has the statements that create them"
    );
    assert_eq!(definition(&database).await, Vec::<String>::new());
}

/// M145, M146.
#[tokio::test]
async fn every_difference_of_an_external_schema_is_named_at_once() {
    let database = Database::default();
    database
        .execute(
            "CREATE TABLE member (client_id TEXT, client_secret TEXT NOT NULL, scope TEXT NOT NULL, level INTEGER); \
             CREATE TABLE member_token (access_token BLOB NOT NULL, client_id TEXT NOT NULL, subject TEXT, \
             scope TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, own TEXT);",
        )
        .await;
    let before = definition(&database).await;
    let error = external(&database).await.unwrap_err();
    let unique =
        [("member", "client_id"), ("member_token", "access_token")].map(no_unique_index).join("\n- ");
    assert_eq!(
        error.to_string(),
        format!(
            "3 things keep the server from starting:\n- the database's tables differ from the models: \
             `member`.`client_id` accepts NULL and must not; `member`.`client_secret` refuses NULL and must accept it; \
             `member`.`nickname` is missing; `member`.`region` is missing; `member`.`level` accepts NULL and must not; \
             `member_token`.`revoked_at` is missing; `schema_sql()` has the statements that create them\n- {unique}"
        )
    );
    assert_eq!(definition(&database).await, before);
}

#[tokio::test]
async fn the_statements_run_by_hand_satisfy_an_external_schema() {
    let (database, managed_one) = (Database::default(), Database::default());
    database.execute(&External::schema_sql()).await;
    let auth = external(&database).await.unwrap();
    auth.clients().register(member("robot")).await.unwrap();
    // By hand or managed, the tables are the same.
    managed(&managed_one).await.unwrap();
    let mut expected = definition(&managed_one).await;
    expected.retain(|line| !line.starts_with("oauth2_schema"));
    assert_eq!(definition(&database).await, expected);
}

/// The framework names its columns in every insert, so such a column would fail each of them.
#[tokio::test]
async fn a_column_that_only_the_table_has_must_fill_itself() {
    let database = Database::default();
    managed(&database).await.unwrap();
    database.execute("ALTER TABLE member ADD COLUMN note TEXT").await;
    database.execute("ALTER TABLE member ADD COLUMN rank INTEGER NOT NULL DEFAULT 1").await;
    managed(&database).await.unwrap();
    external(&database).await.unwrap();
    database.execute("DROP TABLE member_token").await;
    database
        .execute(&External::schema_sql().replacen(
            "\"client_id\" TEXT NOT NULL,\n    \"subject\"",
            "\"shard\" INTEGER NOT NULL,\n    \"client_id\" TEXT NOT NULL,\n    \"subject\"",
            1,
        ))
        .await;
    for error in [managed(&database).await.unwrap_err(), external(&database).await.unwrap_err()] {
        assert_eq!(
            error.to_string(),
            "the database's tables differ from the models: `member_token`.`shard` is not in the model, refuses NULL and \
             has no default; `schema_sql()` has the statements that create them"
        );
    }
}

/// A primary key is as unique as an index.
#[tokio::test]
async fn a_primary_key_satisfies_an_external_schema() {
    let database = Database::default();
    let keyed = External::schema_sql().replacen(
        "\"client_id\" TEXT NOT NULL",
        "\"client_id\" TEXT NOT NULL PRIMARY KEY",
        1,
    );
    database.execute(&keyed).await;
    database.execute("DROP INDEX member_client_id").await;
    external(&database).await.unwrap();
}

/// The tables as an operator made them: `from` of the framework's own statements is `to` instead.
async fn by_hand(from: &str, to: &str) -> Result<Ready<External>, Error> {
    let own = External::schema_sql();
    assert_eq!(own.matches(from).count(), 1, "{from}");
    let database = Database::default();
    database.execute(&own.replacen(from, to, 1)).await;
    external(&database).await
}

async fn refused_by_hand(from: &str, to: &str) -> String {
    let error = by_hand(from, to).await.unwrap_err().to_string();
    let line = error.strip_prefix("the database's tables differ from the models: ").unwrap();
    line.strip_suffix("; `schema_sql()` has the statements that create them").unwrap().to_owned()
}

/// What is said of a column that has no unique index, with the statement that makes it.
fn no_unique_index((table, column): (&str, &str)) -> String {
    format!(
        "`{table}`.`{column}` has no unique index, so that two rows could share a value and either be found: run \
         `CREATE UNIQUE INDEX \"{table}_{column}\" ON \"{table}\" (\"{column}\");`"
    )
}

const UNIQUE: &str = "CREATE UNIQUE INDEX IF NOT EXISTS \"member_client_id\" ON \"member\" (\"client_id\")";

/// Of two tenants' clients with one identifier, either could be found.
#[tokio::test]
async fn a_part_of_a_key_is_not_unique() {
    let shared =
        "\"level\" INTEGER NOT NULL,\n    tenant TEXT NOT NULL DEFAULT '', PRIMARY KEY (client_id, tenant)";
    let database = Database::default();
    let own = External::schema_sql().replacen("\"level\" INTEGER NOT NULL", shared, 1);
    database.execute(&own).await;
    external(&database).await.unwrap();
    database.execute("DROP INDEX member_client_id").await;
    // Nor is a part of an index.
    for statement in ["SELECT 1", "CREATE UNIQUE INDEX both ON member (tenant, client_id)"] {
        database.execute(statement).await;
        let error = external(&database).await.unwrap_err().to_string();
        assert_eq!(error, no_unique_index(("member", "client_id")));
    }
}

#[tokio::test]
async fn an_index_over_some_rows_is_not_unique() {
    for condition in [
        "level > 0",
        "nickname IS NOT NULL",
        "client_id IS NOT NULL AND level > 0",
        "level > 0 AND client_id IS NOT NULL",
        "client_id IS NULL",
    ] {
        let error = by_hand(UNIQUE, &format!("{UNIQUE} WHERE {condition}")).await.unwrap_err().to_string();
        // Its name is taken, so it goes first.
        let expected = no_unique_index(("member", "client_id"))
            .replace("run `", "run `DROP INDEX \"member_client_id\"; ");
        assert_eq!(error, expected, "{condition}");
    }
    for condition in ["\"client_id\" IS NOT NULL", "client_id  is not\nnull", "([Client_Id] IS NOT NULL)"] {
        by_hand(UNIQUE, &format!("{UNIQUE} WHERE {condition}")).await.unwrap();
    }
}

#[tokio::test]
async fn a_type_that_changes_values_is_refused() {
    for (column, from, to) in [
        ("member_token`.`expires_at", "INTEGER", "TEXT"),
        ("member_token`.`issued_at", "INTEGER", "REAL"),
        ("member_token`.`access_token", "BLOB", "TEXT"),
        ("member_token`.`subject", "TEXT", "BIGINT"),
        ("member`.`region", "TEXT", "STRING"),
        ("member`.`level", "INTEGER", "VARCHAR(20)"),
    ] {
        let name = column.rsplit_once('`').unwrap().1;
        let line = refused_by_hand(&format!("\"{name}\" {from}"), &format!("\"{name}\" {to}")).await;
        assert_eq!(line, format!("`{column}` is of type {to} and must be {from}"));
    }
}

#[tokio::test]
async fn a_type_of_another_name_is_as_good() {
    for (name, from, to) in [
        ("expires_at", "INTEGER", "BIGINT"),
        ("issued_at", "INTEGER", "TIMESTAMP"),
        ("subject", "TEXT", "VARCHAR(64)"),
        ("region", "TEXT", ""),
        ("access_token", "BLOB", "blob(32)"),
    ] {
        by_hand(&format!("\"{name}\" {from}"), &format!("\"{name}\" {to}")).await.unwrap();
    }
}

/// SQLite numbers the rows itself where such a key is nothing but their number.
#[tokio::test]
async fn a_numbered_row_needs_no_number() {
    let nickname = "\"nickname\" TEXT";
    by_hand(nickname, "id INTEGER PRIMARY KEY, \"nickname\" TEXT").await.unwrap();
    assert_eq!(
        refused_by_hand(nickname, "id BIGINT PRIMARY KEY NOT NULL, \"nickname\" TEXT").await,
        "`member`.`id` is not in the model, refuses NULL and has no default"
    );
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let database = Database::default();
    managed(&database).await.unwrap();
    database.execute("INSERT INTO oauth2_schema (version) VALUES (2)").await;
    let error = managed(&database).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database's `oauth2_schema` is at version 2, this program knows up to 1: run the newer program"
    );
}

#[tokio::test]
async fn a_scope_that_is_no_longer_declared_grants_nothing() {
    let database = Database::default();
    let auth = managed(&database).await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    auth.clients().register(Member { client_secret: Some(secret.hash()), ..member("robot") }).await.unwrap();
    database.execute("UPDATE member SET scope = 'read gone'").await;
    let address = listen(managed(&database).await.unwrap().router()).await;
    let ask = async |extra: &str| {
        let request = Request::form("/oauth/token", format!("grant_type=client_credentials{extra}"));
        request.basic("robot", secret.expose()).send(address).await
    };
    assert_eq!(ask("").await.json()["scope"], "read");
    assert_eq!(ask("&scope=gone").await.json()["error"], "invalid_scope");
    assert_eq!(ask("&scope=read+gone").await.json()["error"], "invalid_scope");
    database.execute("UPDATE member SET scope = 'gone'").await;
    assert_eq!(ask("").await.json()["error"], "invalid_scope");
    assert_eq!(database.texts("SELECT scope FROM member_token").await, ["read"]);
}
