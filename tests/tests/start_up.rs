//! What keeps a server from starting, in the operator's words: one line each.

use oauth2_runtime::http::serve;
use oauth2_runtime::prelude::*;
use oauth2_tests::provider::{Auth, Journal};
use oauth2_tests::running::Database;

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials, scopes(Access::Read))]
struct Machine;

#[oauth2_server(
    issuer = env("OAUTH2_TESTS_ISSUER_THAT_NOBODY_SETS"),
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
)]
struct FromEnvironment {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// Reads a variable that Cargo sets for every test.
#[oauth2_server(
    issuer = env("CARGO_PKG_REPOSITORY"),
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
)]
struct FromCargo {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// The error in both forms a program may print it in, which are the same line.
fn line(error: &Error) -> String {
    let shown = error.to_string();
    assert_eq!(format!("{error:?}"), shown);
    assert!(!shown.contains('\n'), "{shown}");
    shown
}

async fn refused(issuer: &str) -> String {
    let database = Database::default();
    let auth = Auth { db: database.store().await, issuer: issuer.to_owned(), journal: Journal::default() };
    let error = line(&auth.ready().await.unwrap_err());
    // Nothing is created for a server that cannot start.
    assert_eq!(database.texts("SELECT name FROM sqlite_master").await, Vec::<String>::new());
    error
}

#[tokio::test]
async fn an_address_in_use() {
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = other.local_addr().unwrap().to_string();
    let error = serve(Router::new(), address.clone()).await.unwrap_err();
    assert_eq!(
        line(&error),
        format!(
            "cannot listen on {address}: choose another address or end the program that uses it (Address already in use \
             (os error 98))"
        )
    );
}

/// The application's router is a value, so only axum can tell, and it does so before anything listens.
#[tokio::test]
async fn a_route_where_an_endpoint_is() {
    let database = Database::default();
    let auth = FromCargo { db: database.store().await }.ready().await.unwrap();
    let merge = || {
        Router::<Ready<FromCargo>>::new().route("/oauth/token", post(async || "mine")).merge(auth.router())
    };
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(merge)).unwrap_err();
    let words = panic.downcast_ref::<String>().unwrap();
    assert_eq!(words, "Overlapping method route. Handler for `POST /oauth/token` already exists");
}

#[tokio::test]
async fn a_database_that_cannot_be_opened() {
    let database = Database::default();
    let missing = format!("sqlite://{}/no/such/folder.db", database.folder().display());
    let folder = format!("sqlite://{}", database.folder().display());
    for url in [missing, folder] {
        let error = SqlStore::<Sqlite>::open(&url).await.unwrap_err();
        assert_eq!(
            line(&error),
            format!(
                "cannot open the database `{url}`: check that the address is right and that this process may read and \
                 write there (error returned from database: (code: 14) unable to open database file)"
            )
        );
    }
}

#[tokio::test]
async fn a_file_that_is_no_database() {
    let database = Database::default();
    std::fs::write(database.path(), "not a database, but long enough to be looked at ".repeat(40)).unwrap();
    let error = SqlStore::<Sqlite>::open(&database.url()).await.unwrap_err();
    assert_eq!(
        line(&error),
        format!(
            "cannot open the database `{}`: check that the address is right and that this process may read and write \
             there (error returned from database: (code: 26) file is not a database)",
            database.url()
        )
    );
}

/// Credentials in an address stay out of the line.
#[tokio::test]
async fn a_database_of_another_kind() {
    let error = SqlStore::<Sqlite>::open("postgres://user:hunter2@db.example/app").await.unwrap_err();
    let line = line(&error);
    assert!(line.starts_with("cannot open the database `db.example/app`: check that the address"), "{line}");
    assert!(!line.contains("hunter2"), "{line}");
}

/// M033.
#[tokio::test]
async fn an_issuer_that_is_not_in_the_environment() {
    let database = Database::default();
    let error = FromEnvironment { db: database.store().await }.ready().await.unwrap_err();
    assert_eq!(
        line(&error),
        "the environment variable `OAUTH2_TESTS_ISSUER_THAT_NOBODY_SETS` must hold the issuer, such as \
         `https://id.example` (environment variable not found)"
    );
}

#[tokio::test]
async fn an_issuer_that_is_in_the_environment_is_used() {
    let database = Database::default();
    let auth = FromCargo { db: database.store().await }.ready().await.unwrap();
    assert_eq!(auth.issuer().as_str(), env!("CARGO_PKG_REPOSITORY"));
}

const NORMAL: &str = "it is not in normal form: the host in lower case, no default port, nothing around it, and in the \
                      path only characters that need no encoding";

/// M115, M176.
#[tokio::test]
async fn an_issuer_that_is_not_usable() {
    for (issuer, reason) in [
        ("http://id.example", "`http` is for loopback hosts only; use `https`"),
        ("http://127.0.0.1.example", "`http` is for loopback hosts only; use `https`"),
        ("id.example", "it is not an absolute URL"),
        ("", "it is not an absolute URL"),
        ("ftp://id.example", "an issuer is an `https` URL"),
        ("https://id.example?tenant=a", "an issuer has no query and no fragment"),
        ("https://id.example#a", "an issuer has no query and no fragment"),
        ("https://id.example\n", NORMAL),
        (" https://id.example", NORMAL),
        ("https:\\\\id.example", NORMAL),
        ("https://ID.example", NORMAL),
        ("https://id.example:443", NORMAL),
        ("https://id.example/caf\u{e9}", NORMAL),
        ("https://id.example/a b", NORMAL),
        ("https://id.example/a\"b", NORMAL),
        ("https://id.example/a/../b", NORMAL),
        ("https://id.example//evil.test", "an issuer's path begins with one `/`"),
        ("https://id.example/\\evil.test", NORMAL),
    ] {
        let shown = issuer.escape_debug();
        assert_eq!(
            refused(issuer).await,
            format!("the issuer `{shown}` is not usable: {reason} (RFC 8414 section 2)")
        );
    }
    // What may be a password is not repeated.
    let names = "an issuer has no user name and no password";
    for (issuer, reason) in [
        ("https://user@id.example", names),
        ("https://user:secret@id.example", names),
        ("https://u:secret@id.example?a", "an issuer has no query and no fragment"),
    ] {
        let line = format!("the issuer is not usable: {reason} (RFC 8414 section 2)");
        assert_eq!(refused(issuer).await, line);
    }
}
