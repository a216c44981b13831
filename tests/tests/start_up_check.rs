//! `check()`: everything at once, and nothing is changed.

use std::collections::BTreeMap;
use std::str::FromStr;

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_runtime::start_up::{Finding, Findings, Severity};
use oauth2_runtime::time::Clock;
use oauth2_tests::clock::{START, SteppingClock};
use oauth2_tests::running::{Database, Running};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

#[derive(Debug, Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials)]
struct Machine;

#[derive(Debug, OAuth2Client)]
#[oauth2(table = "member")]
struct Member {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
    team: String,
}

#[oauth2_server(scopes = Access, grants(Machine), client_auth(client_secret_basic))]
struct Managed {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: &'static str,
}

#[oauth2_server(
    models(client = Member),
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
    schema = external,
)]
struct External {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: &'static str,
}

const ISSUER: &str = "https://id.example";

async fn managed(database: &Database) -> Managed {
    Managed { db: database.store().await, issuer: ISSUER }
}

/// What is in the folder, without the locks of whoever reads.
fn files(database: &Database) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(database.folder()).unwrap().map(Result::unwrap);
    let read = |entry: std::fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
    };
    entries.map(read).filter(|(name, _)| !name.ends_with("-shm")).collect()
}

#[tokio::test]
async fn a_server_that_is_well_has_no_findings() {
    let running = Running::start().await;
    let found = running.auth.check().await;
    assert!(found.is_empty() && found.allow_start() && found.iter().next().is_none());
    assert_eq!(found.to_string(), "");
}

const ISSUER_LINE: &str = "the issuer `http://id.example` is not usable: `http` is for loopback hosts only; use `https` \
                           (RFC 8414 section 2)";

/// M176, M146, M145 and durability, together: none hides another, in `check()` and in `ready()`.
#[tokio::test]
async fn everything_is_found_at_once() {
    let database = Database::default();
    database.execute(&External::schema_sql().replace("    \"team\" TEXT NOT NULL", "    nobody TEXT")).await;
    database.execute("DROP INDEX oauth2_token_access_token; DROP INDEX oauth2_token_client_id").await;
    let options = SqliteConnectOptions::from_str(&database.url()).unwrap();
    let pool =
        SqlitePoolOptions::new().connect_with(options.synchronous(SqliteSynchronous::Off)).await.unwrap();
    let server = || External { db: SqlStore::from_pool(pool.clone()), issuer: "http://id.example" };
    let errors = [
        ISSUER_LINE,
        "the database's tables differ from the models: `member`.`team` is missing; `schema_sql()` has the statements that \
         create them",
        "`oauth2_token`.`access_token` has no unique index, so that two rows could share a value and either be found: run \
         `CREATE UNIQUE INDEX \"oauth2_token_access_token\" ON \"oauth2_token\" (\"access_token\");`",
        "SQLite runs with `synchronous = 0`, so a power cut could undo a token that was handed out: set `PRAGMA synchronous \
         = FULL` on the pool's connections",
    ];
    let slow = "`oauth2_token`.`client_id` has no index, so that the whole table is read to find a row by it: run `CREATE \
                INDEX \"oauth2_token_client_id\" ON \"oauth2_token\" (\"client_id\");`";
    let found = server().check().await;
    assert!(!found.allow_start());
    let lines: Vec<_> = errors.iter().map(|line| format!("error: {line}\n")).collect();
    assert_eq!(found.to_string(), format!("{}warning: {slow}\n", lines.concat()));
    let severities: Vec<_> = found.into_iter().map(|finding| finding.severity()).collect();
    assert_eq!(severities.iter().filter(|severity| **severity == Severity::Error).count(), 4);
    assert_eq!(
        server().ready().await.unwrap_err().to_string(),
        format!("4 things keep the server from starting:\n- {}", errors.join("\n- "))
    );
}

/// What cannot be asked is one finding, and the others are there.
#[tokio::test]
async fn a_database_that_is_down_hides_nothing_else() {
    let database = Database::default();
    let db = database.store().await;
    db.pool().close().await;
    let found = Managed { db, issuer: "http://id.example" }.check().await.to_string();
    let down = "the database failed (attempted to acquire a connection on a closed pool)";
    assert_eq!(found, format!("error: {ISSUER_LINE}\nerror: {down}\n"));
}

/// An index that the start will create is no reason why rows cannot be read.
#[tokio::test]
async fn a_missing_index_hides_no_error() {
    let database = Database::default();
    let auth = managed(&database).await.ready().await.unwrap();
    auth.clients().register(Client::new("app", ScopeSet::all())).await.unwrap();
    // The table's first page is then one of an index: nothing but its rows is lost.
    let changes = "DROP INDEX oauth2_token_expires_at; PRAGMA writable_schema = ON; \
                   UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'oauth2_token_client_id') \
                   WHERE name = 'oauth2_client'";
    database.execute(changes).await;
    let found = managed(&database).await.check().await;
    assert_eq!(
        found.to_string(),
        "error: the database failed (error returned from database: (code: 11) database disk image is malformed)\nnotice: the \
         index `oauth2_token_expires_at` is missing: the start creates it\n"
    );
    assert!(!found.allow_start());
}

/// A missing table is what the start creates.
#[tokio::test]
async fn what_a_start_would_change_is_a_notice() {
    let database = Database::default();
    let server = managed(&database).await;
    let found = server.check().await;
    assert!(found.allow_start() && !found.is_empty());
    assert_eq!(
        found.to_string(),
        "notice: the table `oauth2_client` is missing: the start creates it\nnotice: the table `oauth2_token` is missing: \
         the start creates it\n"
    );
    server.ready().await.unwrap();
    let changes = "ALTER TABLE oauth2_client DROP COLUMN client_name; DROP INDEX oauth2_token_expires_at";
    database.execute(changes).await;
    let found = managed(&database).await.check().await.to_string();
    assert_eq!(
        found,
        "notice: `oauth2_client`.`client_name` is missing: the start adds it\nnotice: the index `oauth2_token_expires_at` is \
         missing: the start creates it\n"
    );
    managed(&database).await.ready().await.unwrap();
    assert_eq!(managed(&database).await.check().await.to_string(), "");
}

#[tokio::test]
async fn nothing_is_written() {
    let database = Database::default();
    let auth = managed(&database).await.ready().await.unwrap();
    auth.clients().register(Client::new("app", ScopeSet::all())).await.unwrap();
    let changes = "ALTER TABLE oauth2_client DROP COLUMN client_name; DROP INDEX oauth2_token_expires_at; \
                   DROP TABLE oauth2_schema; UPDATE oauth2_client SET scope = 'gone'";
    database.execute(changes).await;
    let before = files(&database);
    assert_eq!(auth.check().await.iter().count(), 2);
    assert!(files(&database) == before);
}

/// Not even the file, and none that only SQLite needs.
#[tokio::test]
async fn a_store_to_check_creates_and_changes_nothing() {
    let database = Database::default();
    let server = |db| Managed { db, issuer: ISSUER };
    let absent = server(SqlStore::open_to_check(&database.url()).await.unwrap());
    assert_eq!(absent.check().await.to_string().matches("notice: the table ").count(), 2);
    assert_eq!(absent.check().await.iter().count(), 2, "and nothing about a database in memory");
    assert!(absent.ready().await.is_err());
    assert_eq!(files(&database), BTreeMap::new());

    let auth = managed(&database).await.ready().await.unwrap();
    let app = Client::new("app", ScopeSet::all());
    auth.clients().register(app).await.unwrap();
    let found = "warning: the client `app` has no secret, which every endpoint asks for: give it one with \
                 `rotate_secret`, or add `none` to `client_auth(..)`\n";
    // Beside a server that runs.
    let beside = server(SqlStore::open_to_check(&database.url()).await.unwrap());
    assert_eq!(beside.check().await.to_string(), found);
    beside.db.pool().close().await;
    assert_eq!(auth.clients().list(None, 9).await.unwrap().len(), 1);
    drop(auth);
    // By itself, over a copy: a file that nobody has open.
    let copy = Database::default();
    database.execute(&format!("VACUUM INTO '{}'", copy.path().display())).await;
    let before = files(&copy);
    let alone = server(SqlStore::open_to_check(&copy.url()).await.unwrap());
    assert_eq!(alone.check().await.to_string(), found);
    let refused = alone.ready().await.unwrap_err().to_string();
    assert!(refused.contains("attempt to write a readonly database"), "{refused}");
    assert!(files(&copy) == before);
    let nowhere = format!("sqlite://{}/no/such.db", copy.folder().display());
    let error = SqlStore::<Sqlite>::open_to_check(&nowhere).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot open the database `{nowhere}`: check that ")), "{error}");
}

/// A pool whose transactions cannot be undone after a crash.
#[tokio::test]
async fn a_journal_that_a_crash_outlives_is_asked_for() {
    for (mode, name) in [(SqliteJournalMode::Off, "off"), (SqliteJournalMode::Memory, "memory")] {
        let database = Database::default();
        let options = SqliteConnectOptions::from_str(&database.url()).unwrap().create_if_missing(true);
        let options = options.journal_mode(mode).synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().connect_with(options).await.unwrap();
        let error = Managed { db: SqlStore::from_pool(pool), issuer: ISSUER }.ready().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "SQLite runs with `journal_mode = {name}`, so a crash could leave half a command and destroy the \
                 database: set `PRAGMA journal_mode = WAL` on the pool's connections"
            )
        );
    }
}

/// A clock that shows `seconds` since 1970.
struct At(i64);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0)
    }
}

/// The machine's clock, or the one that a test brings.
#[tokio::test]
async fn a_clock_that_is_behind_the_newest_token() {
    let running = Running::start().await;
    let robot = running.register(oauth2_tests::provider::app("robot")).await;
    assert_eq!(running.token(&robot, "grant_type=client_credentials").await.status, 200);
    let at = |seconds| running.auth.check_in(Environment::new(At(seconds), SystemRandom));
    assert_eq!(at(START).await.to_string(), "");
    assert_eq!(at(START - 300).await.to_string(), "");
    assert_eq!(
        at(START - 301).await.to_string(),
        "warning: the clock is 301 s behind a token in the database, so that tokens outlive their end by as much: set the \
         clock of this machine\n"
    );
    let behind = Environment::new(At(START - 3_600), SystemRandom);
    let database = &running.database;
    let again = oauth2_tests::provider::Auth {
        db: database.store().await,
        issuer: ISSUER.to_owned(),
        journal: oauth2_tests::provider::Journal::default(),
    };
    again.ready_in(behind).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_was_never_set() {
    let database = Database::default();
    let auth = managed(&database).await.ready_in(Environment::new(SteppingClock::default(), SystemRandom));
    let auth = auth.await.unwrap();
    let at = |seconds| auth.check_in(Environment::new(At(seconds), SystemRandom));
    assert_eq!(at(1_767_225_600).await.to_string(), "");
    for seconds in [1_767_225_599, 0] {
        assert_eq!(
            at(seconds).await.to_string(),
            format!(
                "warning: the clock says {seconds} s after 1970, which is before 2026: set the clock of this machine, or \
                 tokens will be over at once when it is set later\n"
            )
        );
    }
}

/// An application has findings of its own.
#[test]
fn findings_are_a_list() {
    let mut findings = Findings::default();
    findings.push(Finding::notice("third"));
    findings.extend([Finding::warning("second")]);
    findings.push(Error::new("first"));
    assert_eq!(findings.to_string(), "error: first\nwarning: second\nnotice: third\n");
    assert_eq!(findings.into_result().unwrap_err().to_string(), "first");
    let mut findings = Findings::default();
    findings.extend([Finding::warning("kept")]);
    assert_eq!(findings.into_result().unwrap().to_string(), "warning: kept\n");
}
