//! The measure: the same server as `declared`, written by hand with axum and sqlx and nothing of ours.

mod authorization_code;
mod client;
mod client_credentials;
mod database;
mod form;
mod photos;
mod refresh_token;
mod refused;
mod rows;
mod serve;
mod token;

use std::error::Error;
use std::io::{Error as IoError, ErrorKind};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::routing::{get, post};
use database::Database;
use oauth2_bench::digest;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

const CLIENT_ID: &str = "robot";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args()
        .nth(1)
        .ok_or_else(|| IoError::new(ErrorKind::InvalidInput, "usage: twin DATABASE_FILE"))?;
    let database = Database::open(&file).await?;
    let secret = digest::CLIENT_SECRET.generate()?;
    database.seed(CLIENT_ID, &digest::stored_secret(&secret)).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("client {CLIENT_ID}");
    println!("secret {secret}");
    println!("listening on {}", listener.local_addr()?);
    let app = Router::new()
        .route("/photos", get(photos::photos))
        .route("/oauth/token", post(token::token))
        .with_state(Arc::new(database));
    serve::serve_until(app, listener, abandoned()).await;
    Ok(())
}

/// Ends when whoever started this program closed its end of the pipe, so that no server outlives its load.
async fn abandoned() {
    let _ = tokio::io::stdin().read(&mut [0]).await;
}

#[expect(clippy::disallowed_methods, reason = "this program has no clock of the framework")]
fn now() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
