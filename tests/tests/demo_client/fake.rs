//! A provider that answers what a test wants it to.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use oauth2_runtime::http::serve_until;
use oauth2_tests::portal::encoded;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// It listens until the test ends. Its endpoints are where only its metadata says.
pub(crate) struct Fake {
    pub(crate) issuer: String,
    told: Arc<Told>,
}

/// What it was told to answer, and what it was asked.
pub(crate) struct Told {
    metadata: Mutex<String>,
    /// In place of the tokens.
    token: Mutex<Option<(u16, String)>>,
    /// In place of the photos.
    photos: Mutex<Option<(u16, String)>>,
    scope: Mutex<String>,
    /// Bodies of token requests.
    asked: Mutex<Vec<String>>,
    /// The first access tokens that have ended.
    ended: Mutex<usize>,
    /// Token requests wait for `go`.
    held: Mutex<bool>,
    pub(crate) arrived: Notify,
    pub(crate) go: Notify,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let issuer = format!("{origin}/tenant");
        let told = Arc::new(Told {
            metadata: Mutex::new(metadata(&issuer, &origin)),
            token: Mutex::default(),
            photos: Mutex::default(),
            scope: Mutex::new("photos:read".into()),
            asked: Mutex::default(),
            ended: Mutex::default(),
            held: Mutex::default(),
            arrived: Notify::new(),
            go: Notify::new(),
        });
        let app = Router::new()
            .route("/.well-known/oauth-authorization-server/tenant", get(metadata_document))
            .route("/elsewhere/token", post(token))
            .route("/tenant/photos", get(photos))
            .with_state(Arc::clone(&told));
        tokio::spawn(serve_until(app, listener, std::future::pending()));
        Self { issuer, told }
    }

    /// Where its endpoints are.
    pub(crate) fn endpoints(&self) -> String {
        self.issuer.replace("/tenant", "/elsewhere")
    }

    /// The parameters of an answer with a code.
    pub(crate) fn code(&self) -> String {
        format!("code=c&iss={}", encoded(&self.issuer))
    }

    /// Has metadata of this issuer from now on.
    pub(crate) fn calls_itself(&self, issuer: &str) {
        *self.told.metadata.lock().unwrap() = metadata(issuer, &self.issuer.replace("/tenant", ""));
    }

    pub(crate) fn answers_tokens_with(&self, status: u16, body: &str) {
        *self.told.token.lock().unwrap() = Some((status, body.to_owned()));
    }

    pub(crate) fn answers_photos_with(&self, status: u16, body: &str) {
        *self.told.photos.lock().unwrap() = Some((status, body.to_owned()));
    }

    pub(crate) fn grants(&self, scope: &str) {
        scope.clone_into(&mut self.told.scope.lock().unwrap());
    }

    /// Ends the access tokens that it has issued.
    pub(crate) fn ends_access_tokens(&self) {
        *self.told.ended.lock().unwrap() = self.asked().len();
    }

    /// Lets token requests wait.
    pub(crate) fn holds(&self) -> &Told {
        *self.told.held.lock().unwrap() = true;
        &self.told
    }

    /// Bodies of token requests.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.told.asked.lock().unwrap().clone()
    }
}

fn metadata(issuer: &str, origin: &str) -> String {
    let authorization_endpoint = format!("{origin}/elsewhere/authorize");
    let token_endpoint = format!("{origin}/elsewhere/token");
    json!({
        "issuer": issuer,
        "authorization_endpoint": authorization_endpoint,
        "token_endpoint": token_endpoint,
    })
    .to_string()
}

async fn metadata_document(State(told): State<Arc<Told>>) -> String {
    told.metadata.lock().unwrap().clone()
}

/// The tokens of the `n`th request; a refresh token is good once.
async fn token(
    State(told): State<Arc<Told>>,
    body: String,
) -> (StatusCode, [(&'static str, &'static str); 1], String) {
    let answer = |status: u16, body: String| {
        (StatusCode::from_u16(status).unwrap(), [("content-type", "application/json")], body)
    };
    let count = {
        let mut asked = told.asked.lock().unwrap();
        asked.push(body.clone());
        asked.len()
    };
    if *told.held.lock().unwrap() {
        told.arrived.notify_one();
        told.go.notified().await;
    }
    if let Some((status, body)) = told.token.lock().unwrap().clone() {
        return answer(status, body);
    }
    if body.contains("grant_type=refresh_token")
        && !body.contains(&format!("refresh_token=refresh-{}", count - 1))
    {
        return answer(400, json!({ "error": "invalid_grant" }).to_string());
    }
    let tokens = json!({
        "access_token": format!("access-{count:03}-and-the-rest"),
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": format!("refresh-{count}"),
        "scope": *told.scope.lock().unwrap(),
    });
    answer(200, tokens.to_string())
}

async fn photos(State(told): State<Arc<Told>>, headers: HeaderMap) -> (StatusCode, String) {
    if let Some((status, body)) = told.photos.lock().unwrap().clone() {
        return (StatusCode::from_u16(status).unwrap(), body);
    }
    let presented = headers["authorization"].to_str().unwrap();
    let number = presented.strip_prefix("Bearer access-").and_then(|rest| rest.get(..3)?.parse().ok());
    if number.is_none_or(|number: usize| number <= *told.ended.lock().unwrap()) {
        return (StatusCode::UNAUTHORIZED, String::new());
    }
    (StatusCode::OK, json!({ "alice": ["The sea at six"] }).to_string())
}
