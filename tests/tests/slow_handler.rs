//! A signal handler that never ends. Real time, because the socket is real.

use std::sync::{Arc, Mutex};

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::signal::HANDLER_TIMEOUT;
use oauth2_tests::http::Request;
use oauth2_tests::running::{Database, listen};
use tokio::time::{Duration, Instant};

#[derive(Debug, Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials, scopes(Access::Read))]
struct Machine;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
    signals(token_issued = never_ends, token_issued = comes_next),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    told: Arc<Mutex<Vec<&'static str>>>,
}

async fn never_ends(auth: &Auth, _: &TokenIssued) {
    auth.told.lock().unwrap().push("begins");
    std::future::pending::<()>().await;
}

async fn comes_next(auth: &Auth, _: &TokenIssued) {
    auth.told.lock().unwrap().push("comes next");
}

#[tokio::test]
async fn a_handler_that_never_ends_is_given_up() {
    let (database, told) = (Database::default(), Arc::default());
    let auth = Auth { db: database.store().await, told: Arc::clone(&told) }.ready().await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let robot = Client { client_secret: Some(secret.hash()), ..Client::new("robot", ScopeSet::all()) };
    auth.clients().ensure(robot).await.unwrap();
    let request = Request::form("/oauth/token", "grant_type=client_credentials");
    let start = Instant::now();
    let answer = request.basic("robot", secret.expose()).send(listen(auth.router()).await).await;
    let passed = start.elapsed();
    assert_eq!(answer.status, 200);
    assert_eq!(*told.lock().unwrap(), ["begins", "comes next"]);
    assert!(passed >= HANDLER_TIMEOUT && passed < HANDLER_TIMEOUT + Duration::from_secs(5), "{passed:?}");
}
