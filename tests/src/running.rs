//! A server of [`crate::provider`] that listens on a loopback socket, over a database file of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::routing::get;
use oauth2_runtime::http::serve_until;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::clock::SteppingClock;
use crate::http::{Request, Response};
use crate::provider::{App, Auth, Journal, SMS_CODE, whoami};

/// The issuer, unless a test chooses another.
pub const ISSUER: &str = "https://id.example";

/// A database file in a folder that goes away with it.
#[derive(Debug)]
pub struct Database {
    folder: TempDir,
}

impl Default for Database {
    fn default() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }
}

impl Database {
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder().join("test.db")
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.path().display())
    }

    /// A store over it.
    pub async fn store(&self) -> SqlStore<Sqlite> {
        SqlStore::open(&self.url()).await.unwrap()
    }

    /// A connection that the server does not know of.
    pub async fn connect(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.path()).create_if_missing(true).connect().await.unwrap()
    }

    /// Runs statements; how many rows they changed.
    pub async fn execute(&self, sql: &str) -> u64 {
        let mut connection = self.connect().await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        done.rows_affected()
    }

    /// The one number a query answers.
    pub async fn number(&self, sql: &str) -> i64 {
        let mut connection = self.connect().await;
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await.unwrap();
        row.get(0)
    }

    /// The texts a query answers.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let mut connection = self.connect().await;
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

/// Serves `app` on a free loopback port until the test ends.
pub async fn listen(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve_until(app, listener, std::future::pending()));
    address
}

/// Starts a server over `database`.
pub async fn ready(database: &Database, clock: &SteppingClock, issuer: &str) -> Ready<Auth> {
    let auth = Auth { db: database.store().await, issuer: issuer.to_owned(), journal: Journal::default() };
    auth.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap()
}

/// A running server.
#[derive(Debug)]
pub struct Running {
    /// The server.
    pub auth: Ready<Auth>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time.
    pub clock: SteppingClock,
    /// Its database.
    pub database: Database,
}

/// A client's identifier and secret.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The identifier.
    pub id: String,
    /// The secret.
    pub secret: String,
}

/// An access token and its refresh token.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
}

impl Tokens {
    /// The tokens in a successful answer.
    #[must_use]
    pub fn of(response: &Response) -> Self {
        assert_eq!(response.status, 200, "{response:?}");
        let body = response.json();
        let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no `{name}`")).to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }
}

impl Running {
    /// Starts one, with the route `/whoami` for any live token.
    pub async fn start() -> Self {
        let (database, clock) = (Database::default(), SteppingClock::default());
        let auth = ready(&database, &clock, ISSUER).await;
        let app = Router::new().route("/whoami", get(whoami)).merge(auth.router()).with_state(auth.clone());
        Self { address: listen(app).await, auth, clock, database }
    }

    /// Stores the client and gives it a secret.
    pub async fn register(&self, client: App) -> Credentials {
        let secret = ClientSecret::generate().unwrap();
        let id = client.client_id.as_str().to_owned();
        self.auth.clients().ensure(App { client_secret: Some(secret.hash()), ..client }).await.unwrap();
        Credentials { id, secret: secret.expose().to_owned() }
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Response {
        request.send(self.address).await
    }

    /// A token request with HTTP Basic.
    pub async fn token(&self, client: &Credentials, body: &str) -> Response {
        self.send(Request::form("/oauth/token", body).basic(&client.id, &client.secret)).await
    }

    /// A token request by a client that sends no credentials, or has them in the body.
    pub async fn bare_token(&self, body: &str) -> Response {
        self.send(Request::form("/oauth/token", body)).await
    }

    /// Tokens for a person.
    pub async fn sign_in(&self, client: &Credentials, phone: &str) -> Tokens {
        let body = format!("grant_type={SMS_CODE}&phone={phone}&code=123456");
        Tokens::of(&self.token(client, &body).await)
    }

    /// Redeems a refresh token.
    pub async fn refresh(&self, client: &Credentials, refresh_token: &str) -> Response {
        self.token(client, &format!("grant_type=refresh_token&refresh_token={refresh_token}")).await
    }

    /// What `/whoami` answers.
    pub async fn whoami(&self, access_token: &str) -> Response {
        self.send(Request::get("/whoami").bearer(access_token)).await
    }

    /// How many tokens there are, revoked ones included.
    pub async fn stored_tokens(&self) -> i64 {
        self.database.number("SELECT COUNT(*) FROM app_token").await
    }
}
