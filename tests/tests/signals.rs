//! Handlers of signals: their order, their failures, and what they can already see in the database.

use std::sync::{Arc, Mutex};

use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::running::{Database, listen};
use sqlx::Row;

#[derive(Scope)]
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
    signals(
        token_issued = fails,
        client_authenticated = panics,
        token_issued = panics_later,
        client_authenticated = still_runs,
        token_issued = looks_the_row_up,
    ),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    database: Arc<Database>,
    told: Arc<Mutex<Vec<String>>>,
}

impl Auth {
    fn tell(&self, line: impl Into<String>) {
        self.told.lock().unwrap().push(line.into());
    }
}

async fn panics(auth: &Auth, _: &ClientAuthenticated) {
    auth.tell("panics");
    panic!("a handler of the application");
}

async fn still_runs(auth: &Auth, event: &ClientAuthenticated) {
    auth.tell(format!("{} still runs", event.client_id));
}

async fn fails(auth: &Auth, _: &TokenIssued) -> Result<(), String> {
    auth.tell("fails");
    Err("the mail server is down".into())
}

async fn panics_later(auth: &Auth, _: &TokenIssued) -> Result<(), Error> {
    tokio::task::yield_now().await;
    auth.tell("panics later");
    panic!("a handler of the application");
}

async fn looks_the_row_up(auth: &Auth, event: &TokenIssued) {
    let mut connection = auth.database.connect().await;
    let row = sqlx::query("SELECT COUNT(*) FROM oauth2_token WHERE grant_id = $1 AND client_id = $2")
        .bind(event.grant_id.as_str())
        .bind(event.client_id.as_str())
        .fetch_one(&mut connection)
        .await
        .unwrap();
    auth.tell(format!("sees {} row", row.get::<i64, _>(0)));
}

struct Site {
    told: Arc<Mutex<Vec<String>>>,
    answer: Response,
}

async fn ask(with: impl AsyncFnOnce(&Database)) -> Site {
    let (database, told) = (Arc::new(Database::default()), Arc::default());
    let auth = Auth { db: database.store().await, database: Arc::clone(&database), told: Arc::clone(&told) };
    let auth = auth.ready().await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let client = oauth2_runtime::models::Client {
        client_secret: Some(secret.hash()),
        ..oauth2_runtime::models::Client::new("robot", ScopeSet::all())
    };
    auth.clients().ensure(client).await.unwrap();
    with(&database).await;
    let request = Request::form("/oauth/token", "grant_type=client_credentials");
    let answer = request.basic("robot", secret.expose()).send(listen(auth.router()).await).await;
    Site { told, answer }
}

#[tokio::test]
async fn handlers_run_in_order_after_the_commit_whatever_the_others_do() {
    let Site { told, answer } = ask(async |_| {}).await;
    assert_eq!((answer.status, answer.json()["scope"].as_str()), (200, Some("read")));
    assert_eq!(*told.lock().unwrap(), ["panics", "robot still runs", "fails", "panics later", "sees 1 row"]);
}

#[tokio::test]
async fn what_did_not_happen_is_not_signalled() {
    let Site { told, answer } = ask(async |database| {
        database.execute("DROP TABLE oauth2_token").await;
    })
    .await;
    assert_eq!(answer.status, 503);
    assert_eq!(*told.lock().unwrap(), ["panics", "robot still runs"]);
}
