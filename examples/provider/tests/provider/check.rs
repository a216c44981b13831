//! `--check`: what a start would find, as a process.

use std::collections::BTreeSet;

use oauth2_tests::running::Database;
use serde_json::json;

use crate::process::Process;
use crate::site::{Site, write_seed};

/// The exit code and what is printed. Nothing is logged.
fn check(database: &Database, flags: &[&str]) -> (i32, String) {
    let flags = [&["--check", "--bind", "127.0.0.1:0", "--database", "sqlite://test.db"], flags].concat();
    let ended = Process::start(database.folder(), &flags, &[]).end();
    assert_eq!(ended.log, "", "{flags:?}");
    (ended.code.unwrap(), ended.lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect())
}

fn files(database: &Database) -> BTreeSet<String> {
    let entries = std::fs::read_dir(database.folder()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

const SERVERS: [&[&str]; 2] = [&["--server", "modern"], &["--server", "classic"]];

#[tokio::test]
async fn a_server_that_is_well_has_nothing_to_say_also_while_it_runs() {
    let site = Site::start();
    let port = site.address.port();
    for server in SERVERS {
        let taken = format!("127.0.0.1:{port}");
        let flags = [server, &["--seed", "seed.json", "--bind", &taken]].concat();
        assert_eq!(check(&site.database, &flags), (0, String::new()));
    }
    site.tokens("profile").await;
}

/// What the start would create is said, and not created.
#[test]
fn a_database_that_is_not_there_yet() {
    for server in SERVERS {
        let database = Database::default();
        let tables = ["client", "token", "code", "session", "consent"];
        let lines = tables
            .map(|table| format!("notice: the table `oauth2_{table}` is missing: the start creates it\n"));
        let flags = [server, &["--audit", "audit.log"]].concat();
        assert_eq!(check(&database, &flags), (0, lines.concat()));
        assert_eq!(files(&database), BTreeSet::new());
    }
}

/// Warnings do not change the code.
#[tokio::test]
async fn clients_that_contradict_the_server() {
    let (_, database) = Site::start().stop();
    database
        .execute(
            "UPDATE oauth2_client SET scope = 'photos:read gone' WHERE client_id = 'native'; \
             UPDATE oauth2_client SET grant_types = 'password' WHERE client_id = 'robot'",
        )
        .await;
    let gone = "warning: the client `native` has the scope `gone`, which is not declared and grants nothing: remove it from \
                its `scope`\n";
    let password = "warning: the client `robot` has the grant type `password`, which no grant of the server answers: remove \
                    it from its `grant_types`, or add the grant\n";
    assert_eq!(check(&database, SERVERS[0]), (0, format!("{password}{gone}")));
    assert_eq!(check(&database, SERVERS[1]), (0, gone.to_owned()));
}

/// Everything that keeps it from starting, at once, and what does not.
#[tokio::test]
async fn a_server_that_would_not_start() {
    let (_, database) = Site::start().stop();
    database.execute("ALTER TABLE oauth2_token RENAME COLUMN revoked_at TO ended_at").await;
    database.execute("ALTER TABLE oauth2_token ADD COLUMN own TEXT NOT NULL DEFAULT ''").await;
    database.execute("INSERT INTO oauth2_schema (version) VALUES (2)").await;
    let client =
        json!({ "client_id": "x", "redirect_uris": ["https://x.example/cb?iss=1"], "scope": "profile" });
    write_seed(&database, &json!({ "clients": [client] }));
    let flags = ["--issuer", "http://id.example", "--seed", "seed.json", "--audit", "missing/audit"];
    let expected = [
        "the client `x` cannot have the redirect URI `https://x.example/cb?iss=1`: a redirect URI has no `iss` parameter: \
         the server adds its own (RFC 9207 section 2)",
        "cannot write the audit file `missing/audit` (No such file or directory (os error 2))",
        "the issuer `http://id.example` is not usable: `http` is for loopback hosts only; use `https` (RFC 8414 section 2)",
        "the database's `oauth2_schema` is at version 2, this program knows up to 1: run the newer program",
    ];
    let expected: String = expected.iter().flat_map(|line| ["error: ", line, "\n"]).collect();
    for server in SERVERS {
        assert_eq!(check(&database, &[server, &flags].concat()), (1, expected.clone()));
    }
    let refused =
        "error: 0.0.0.0:0 is not a loopback address: say with --issuer https://HOST who the server is\n";
    let (code, found) = check(&Database::default(), &["--bind", "0.0.0.0:0"]);
    assert_eq!((code, found.lines().next().map(|line| format!("{line}\n"))), (1, Some(refused.to_owned())));
}

#[test]
fn a_database_that_cannot_be_opened() {
    let database = Database::default();
    std::fs::write(database.path(), "not a database, but long enough for the header of one".repeat(20))
        .unwrap();
    let (code, found) = check(&database, &["--issuer", "https://id.example"]);
    assert!(
        found.starts_with("error: the database failed (") || found.starts_with("error: cannot open"),
        "{found}"
    );
    assert_eq!((code, found.lines().count()), (1, 1), "{found}");
}

/// M118.
#[test]
fn a_database_in_memory() {
    let (code, found) = check(&Database::default(), &["--database", "sqlite::memory:"]);
    let memory = "warning: the database is in memory: its clients, tokens and sessions are gone when the process ends; open \
                  a file, such as `sqlite://auth.db`\n";
    assert_eq!((code, found.starts_with(memory), found.lines().count()), (0, true, 6), "{found}");
}
