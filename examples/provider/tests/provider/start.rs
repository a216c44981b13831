//! Flags, variables, the line that says it is ready, and everything that keeps it from starting.

use std::net::TcpListener;

use oauth2_tests::http::Request;
use oauth2_tests::running::Database;
use serde_json::json;

use crate::process::{Process, refused};
use crate::site::{Site, write_seed};

const METADATA: &str = "/.well-known/oauth-authorization-server";

/// A seed with one machine, `robot:secret`.
fn seed_one(database: &Database) {
    let robot = json!({ "client_id": "robot", "client_secret": "secret", "scope": "photos:read" });
    write_seed(database, &json!({ "clients": [robot] }));
}

#[tokio::test]
async fn without_flags_but_a_port_it_is_its_own_issuer_and_says_so_once() {
    let database = Database::default();
    let mut process = Process::start(database.folder(), &["--bind", "127.0.0.1:0"], &[]);
    let address = process.address();
    assert_ne!(address.port(), 0);
    let metadata = Request::get(METADATA).send(address).await.json();
    assert_eq!(metadata["issuer"], format!("http://{address}"));
    assert_eq!(metadata["token_endpoint"], format!("http://{address}/oauth/token"));
    process.signal("TERM");
    let ended = process.end();
    assert_eq!((ended.code, ended.lines), (Some(0), Vec::new()), "{}", ended.log);
    assert!(ended.log.contains("INFO") && !ended.log.contains('\u{1b}'), "{}", ended.log);
    assert!(!ended.log.contains("seed"), "there is none: {}", ended.log);
    assert!(database.folder().join("provider.db").exists());
}

#[tokio::test]
async fn a_host_name_is_kept_in_the_issuer() {
    let database = Database::default();
    let flags = ["--bind", "localhost:0", "--database", "sqlite::memory:"];
    let mut process = Process::start(database.folder(), &flags, &[]);
    let address = process.address();
    let metadata = Request::get(METADATA).send(address).await.json();
    assert_eq!(metadata["issuer"], format!("http://localhost:{}", address.port()));
}

/// Where the machine has IPv6.
#[tokio::test]
async fn an_ipv6_address_is_kept_in_the_issuer() {
    if TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let database = Database::default();
    let flags = ["--bind", "[::1]:0", "--database", "sqlite::memory:"];
    let mut process = Process::start(database.folder(), &flags, &[]);
    let address = process.address();
    assert_eq!(address.ip().to_string(), "::1");
    let metadata = Request::get(METADATA).send(address).await.json();
    assert_eq!(metadata["issuer"], format!("http://[::1]:{}", address.port()));
}

/// What all six options do: the values are those of the two tests below.
async fn assert_options_took_effect(database: &Database, process: &mut Process) {
    let address = process.address();
    assert_eq!(address.ip().to_string(), "127.0.0.1");
    let metadata = Request::get(&format!("{METADATA}/tenant")).send(address).await.json();
    assert_eq!(metadata["issuer"], "https://id.example/tenant");
    let request = Request::form("/tenant/oauth/token", "grant_type=client_credentials");
    assert_eq!(request.basic("robot", "secret").send(address).await.status, 200);
    assert!(database.folder().join("other.db").exists() && !database.folder().join("provider.db").exists());
    let audit = std::fs::read_to_string(database.folder().join("audit.log")).unwrap();
    assert_eq!(audit.lines().count(), 2, "{audit}");
}

#[tokio::test]
async fn every_flag_takes_its_value_after_a_space_or_an_equals_sign() {
    let spaced = [
        "--bind",
        "127.0.0.1:0",
        "--issuer",
        "https://id.example/tenant",
        "--database",
        "sqlite://other.db",
        "--seed",
        "seed.json",
        "--audit",
        "audit.log",
        "--server",
        "modern",
    ];
    let joined: Vec<_> = spaced.chunks(2).map(|pair| pair.join("=")).collect();
    let joined: Vec<_> = joined.iter().map(String::as_str).collect();
    for flags in [&spaced[..], &joined] {
        let database = Database::default();
        seed_one(&database);
        let mut process = Process::start(database.folder(), flags, &[]);
        assert_options_took_effect(&database, &mut process).await;
    }
}

const VARIABLES: [(&str, &str); 6] = [
    ("PROVIDER_BIND", "127.0.0.1:0"),
    ("PROVIDER_ISSUER", "https://id.example/tenant"),
    ("DATABASE_URL", "sqlite://other.db"),
    ("PROVIDER_SEED", "seed.json"),
    ("PROVIDER_AUDIT", "audit.log"),
    ("PROVIDER_SERVER", "modern"),
];

#[tokio::test]
async fn every_flag_has_a_variable() {
    let database = Database::default();
    seed_one(&database);
    let mut process = Process::start(database.folder(), &[], &VARIABLES);
    assert_options_took_effect(&database, &mut process).await;
}

#[tokio::test]
async fn a_flag_wins_over_its_variable() {
    let database = Database::default();
    seed_one(&database);
    let wrong = VARIABLES.map(|(name, _)| (name, "nonsense"));
    let flags = [
        "--bind=127.0.0.1:0",
        "--issuer=https://id.example/tenant",
        "--database=sqlite://other.db",
        "--seed=seed.json",
        "--audit=audit.log",
        "--server=modern",
    ];
    let mut process = Process::start(database.folder(), &flags, &wrong);
    assert_options_took_effect(&database, &mut process).await;
}

#[tokio::test]
async fn an_empty_variable_is_as_none() {
    let database = Database::default();
    let mut variables = VARIABLES.map(|(name, _)| (name, ""));
    variables[0].1 = "127.0.0.1:0";
    let mut process = Process::start(database.folder(), &[], &variables);
    let address = process.address();
    let metadata = Request::get(METADATA).send(address).await.json();
    assert_eq!(metadata["issuer"], format!("http://{address}"));
}

#[test]
fn help_lists_every_flag_with_its_variable_and_its_default() {
    let database = Database::default();
    let ended = Process::start(database.folder(), &["--help"], &[]).end();
    assert_eq!((ended.code, ended.log.as_str()), (Some(0), ""));
    let help = ended.lines.join("\n");
    let defaults = ["127.0.0.1:9000", "http://<bind>", "sqlite://provider.db", "", "", "modern"];
    let flags = ["--bind", "--issuer", "--database", "--seed", "--audit", "--server"];
    for ((flag, (variable, _)), default) in flags.into_iter().zip(VARIABLES).zip(defaults) {
        let line =
            help.lines().find(|line| line.contains(&format!("{flag} "))).unwrap_or_else(|| panic!("{help}"));
        assert!(line.contains(variable) && line.contains(default), "{line}");
    }
}

#[test]
fn a_wrong_command_line_is_one_line() {
    let folder = Database::default();
    let folder = folder.folder();
    for (flags, line) in [
        (&["--nonsense"][..], "invalid option '--nonsense': see --help"),
        (&["-x"], "invalid option '-x': see --help"),
        (&["9000"], "unexpected argument \"9000\": see --help"),
        (&["--bind"], "missing argument for option '--bind': see --help"),
        (&["--bind", "--issuer", "x"], "missing argument for option '--bind': see --help"),
        (&["--seed="], "missing argument for option '--seed': see --help"),
        (&["--server", "other"], "there is no server `other`: use --server modern or --server classic"),
        (&["--server", "Classic"], "there is no server `Classic`: use --server modern or --server classic"),
        (&["--database", "postgres://u:p@h/d"], "PostgreSQL is not built yet: use --database sqlite://FILE"),
        (&["--database", "postgresql:///d"], "PostgreSQL is not built yet: use --database sqlite://FILE"),
        (
            &["--database", "mysql://u:p@h/d"],
            "the database is not of a known kind: use --database sqlite://FILE or sqlite::memory:",
        ),
    ] {
        assert_eq!(refused(folder, flags, &[]), line, "{flags:?}");
    }
    for (variable, value, line) in [
        ("PROVIDER_SERVER", "old", "there is no server `old`: use --server modern or --server classic"),
        ("DATABASE_URL", "postgres://h/d", "PostgreSQL is not built yet: use --database sqlite://FILE"),
    ] {
        assert_eq!(refused(folder, &[], &[(variable, value)]), line);
    }
}

#[test]
fn an_address_it_cannot_have_is_one_line() {
    let folder = Database::default();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    for address in [&taken.local_addr().unwrap().to_string(), "127.0.0.1", "127.0.0.1:http", "192.0.2.1:0"] {
        let line = refused(folder.folder(), &["--bind", address], &[]);
        let start = format!("cannot listen on {address}: choose another address with --bind (");
        assert!(line.starts_with(&start), "{line}");
    }
}

#[test]
fn an_issuer_that_is_none_is_one_line() {
    let folder = Database::default();
    let memory = ["--bind", "127.0.0.1:0", "--database", "sqlite::memory:"];
    let issuer = |issuer| refused(folder.folder(), &[&memory[..], &["--issuer", issuer]].concat(), &[]);
    let reason = "`http` is for loopback hosts only; use `https` (RFC 8414 section 2)";
    assert_eq!(
        issuer("http://id.example"),
        format!("the issuer `http://id.example` is not usable: {reason}")
    );
    assert!(
        issuer("id.example").starts_with("the issuer `id.example` is not usable: it is not an absolute URL")
    );
    // Where everybody can connect, nobody knows it by a loopback host.
    assert_eq!(
        refused(folder.folder(), &["--bind", "0.0.0.0:0", "--database", "sqlite::memory:"], &[]),
        "0.0.0.0:0 is not a loopback address: say with --issuer https://HOST who the server is"
    );
}

#[test]
fn a_database_or_an_audit_file_it_cannot_have_is_one_line() {
    let folder = Database::default();
    let bind = ["--bind", "127.0.0.1:0"];
    let line = refused(folder.folder(), &[&bind[..], &["--database", "sqlite://missing/x.db"]].concat(), &[]);
    assert!(line.starts_with("cannot open the database `sqlite://missing/x.db`: check that "), "{line}");
    std::fs::write(folder.path(), "not a database, but long enough for the header of one".repeat(20))
        .unwrap();
    let line = refused(folder.folder(), &[&bind[..], &["--database", "sqlite://test.db"]].concat(), &[]);
    assert!(line.starts_with("cannot open the database `sqlite://test.db`: check that "), "{line}");
    let line = refused(folder.folder(), &[&bind[..], &["--audit", "missing/audit"]].concat(), &[]);
    assert!(line.starts_with("cannot write the audit file `missing/audit` ("), "{line}");
}

/// What the server finds it finds at once, and each has its line.
#[tokio::test]
async fn two_things_that_keep_it_from_starting_are_a_line_each() {
    let (_, database) = Site::start().stop();
    database.execute("INSERT INTO oauth2_schema (version) VALUES (2)").await;
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--issuer", "http://id.example"];
    let ended = Process::start(database.folder(), &flags, &[("RUST_LOG", "")]).end();
    assert_eq!((ended.code, ended.lines), (Some(1), Vec::new()), "{}", ended.log);
    let lines = [
        "Error: 2 things keep the server from starting:",
        "- the issuer `http://id.example` is not usable: `http` is for loopback hosts only; use `https` (RFC 8414 section 2)",
        "- the database's `oauth2_schema` is at version 2, this program knows up to 1: run the newer program",
    ];
    assert_eq!(ended.log.lines().collect::<Vec<_>>(), lines);
}

/// A line break in a value does not break the line.
#[test]
fn values_stay_on_the_line_of_the_error() {
    let folder = Database::default();
    let memory = ["--bind", "127.0.0.1:0", "--database", "sqlite::memory:"];
    for (flags, start) in [
        (&["--bind", "a\nb"][..], "cannot listen on a\\nb: choose another address with --bind ("),
        (&["--seed", "a\nb"], "cannot read the seed `a\\nb` ("),
        (&["--audit", "a\n/b"], "cannot write the audit file `a\\n/b` ("),
        (&["--database", "sqlite://a\n/b"], "cannot open the database `sqlite://a\\n/b`: check that "),
        (&["--issuer", "https://a\nb"], "the issuer `https://a\\nb` is not usable: "),
        (&["--server", "a\nb"], "there is no server `a\\nb`: "),
        (&["--a\nb"], "invalid option '--a\\nb': see --help"),
        (&["a\nb"], "unexpected argument \"a\\nb\": see --help"),
    ] {
        let line = refused(folder.folder(), &[&memory[..], flags].concat(), &[("RUST_LOG", "error")]);
        assert!(line.starts_with(start), "{line}");
    }
}

#[tokio::test]
async fn a_database_in_memory_holds_people_and_clients() {
    let site = Site::start_with(&["--database", "sqlite::memory:"]);
    let tokens = site.tokens("photos:read").await;
    let me = site.send(Request::get("/api/me").bearer(&tokens.access)).await;
    assert_eq!(me.body, r#"{"sub":"u-alice","client_id":"web","scope":"photos:read"}"#);
    assert!(!site.database.path().exists());
}

#[tokio::test]
async fn rust_log_chooses_what_is_logged() {
    let (loaded, listening) = ("the seed is loaded", "oauth2_runtime::http::serve: listening");
    for (wanted, shown, hidden) in [
        ("", &[loaded, listening][..], &["DEBUG"][..]),
        ("warn", &[], &["INFO"]),
        ("warn,provider=info", &[loaded], &[listening]),
        ("oauth2_runtime=debug", &[listening, "DEBUG"], &[loaded]),
        ("a=b=c", &["RUST_LOG is not a list of levels", loaded, listening], &["DEBUG"]),
    ] {
        let database = Database::default();
        seed_one(&database);
        let flags = ["--bind", "127.0.0.1:0", "--seed", "seed.json"];
        let mut process = Process::start(database.folder(), &flags, &[("RUST_LOG", wanted)]);
        let request = Request::form("/oauth/token", "grant_type=client_credentials").basic("robot", "secret");
        assert_eq!(request.send(process.address()).await.status, 200);
        process.signal("TERM");
        let log = process.end().log;
        assert!(shown.iter().all(|text| log.contains(text)), "{wanted}: {log}");
        assert!(!hidden.iter().any(|text| log.contains(text)), "{wanted}: {log}");
    }
}
