//! An authorization server inside an application that has everything about people already: a table of users, sessions, a
//! sign-in page. The framework answers clients; whatever a person sees is the application's own.

mod pages;
mod sessions;
mod templates;
mod users;
mod visitor;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use axum::middleware::map_response;
use axum::response::Response;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::visitor::Visitor;

/// What a client may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scope)]
pub enum Access {
    /// See your photos
    #[scope("photos:read")]
    ReadPhotos,
    /// Upload and delete photos
    #[scope("photos:write")]
    WritePhotos,
}

/// People sign in with a browser ..
#[grant(authorization_code, refresh_token)]
pub struct WebSignIn;

/// .. and stay signed in with the application they have allowed.
#[grant(refresh_token)]
pub struct StaySignedIn;

/// The server. The framework's tables and the application's own are in one database.
#[oauth2_server(
    scopes = Access,
    grants(WebSignIn, StaySignedIn),
    endpoints(revocation),
    client_auth(none, client_secret_basic),
    sign_in = own_pages,
    subjects = users::state,
)]
#[derive(Debug)]
pub struct Auth {
    #[oauth2(store)]
    store: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: String,
    pool: SqlitePool,
}

/// Opens the application's pool, as it would without the framework. That commits are durable is checked by `ready()`.
///
/// # Errors
///
/// When there is no such database.
pub async fn connect(url: &str) -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(2))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    Ok(SqlitePoolOptions::new().connect_with(options).await?)
}

/// The server over the application's pool, with a user and a client to try it with.
///
/// # Errors
///
/// What the start-up checks find.
pub async fn ready(pool: SqlitePool, issuer: &str) -> Result<Ready<Auth>, Error> {
    users::prepare(&pool).await?;
    sessions::prepare(&pool).await?;
    let store = SqlStore::from_pool(pool.clone());
    let auth = Auth { store, issuer: issuer.to_owned(), pool }.ready().await?;
    auth.add_user("alice", &Secret::new("wonderland")).await?;
    let album = Client {
        client_name: Some("Photo Album".into()),
        redirect_uris: redirect_uris!["http://127.0.0.1:8081/callback"],
        ..Client::new("photo-album", ScopeSet::all())
    };
    auth.clients().ensure(album).await?;
    Ok(auth)
}

/// The application: the framework's endpoints for clients, an API, and pages of its own. Sessions are the pages' alone.
pub fn router(auth: Ready<Auth>) -> Router {
    let pages = pages::router(&auth).route("/", get(home));
    let pages = pages.layer(sessions::layer(&auth)).layer(map_response(templates::unkept));
    let rest = Router::new().route("/style.css", get(templates::stylesheet)).route("/photos", get(photos));
    rest.merge(pages).merge(auth.router()).with_state(auth)
}

async fn home(visitor: Visitor) -> Result<Response, AuthorizationRefused> {
    let Some(user) = &visitor.user else { return Ok(templates::home_page(None)) };
    Ok(templates::home_page(Some((user, &visitor.csrf().await?))))
}

#[protect(Auth, Access::ReadPhotos)]
async fn photos(token: Bearer<Auth>) -> Json<BTreeMap<String, [&'static str; 2]>> {
    let owner = token.subject().map_or("nobody", Subject::as_str);
    Json(BTreeMap::from([(owner.to_owned(), ["The sea at six", "An old door"])]))
}
