//! F27: one token request in a hundred panics. Without sockets and files, so that there can be many: 40,000, which take an
//! unoptimized build about as long as it may take.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::Request;
use http::header::CONTENT_TYPE;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::boom::{BOOM, expect_panics};
use tower::ServiceExt;

const REQUESTS: usize = 40_000;
const TASKS: usize = 4;

#[derive(Debug, Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

/// Authorizes each time but when `mood` is bad.
#[grant(extension = "urn:example:moody")]
struct Moody {
    mood: String,
}

impl ExtensionGrant<Auth> for Moody {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        tokio::task::yield_now().await;
        assert!(self.mood != "bad", "{BOOM}: {}", self.mood);
        Ok(Authorized::client())
    }
}

#[oauth2_server(issuer = "https://id.example", scopes = Access, grants(Moody), client_auth(client_secret_post))]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn ask(app: &Router, body: String) -> (u16, String) {
    let request = Request::post("/oauth/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let response = app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_of_forty_thousand_requests_panic() {
    expect_panics();
    let auth = Auth { db: SqlStore::open("sqlite::memory:").await.unwrap() }.ready().await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let robot = Client { client_secret: Some(secret.hash()), ..Client::new("robot", ScopeSet::all()) };
    auth.clients().ensure(robot).await.unwrap();
    let body =
        format!("grant_type=urn:example:moody&client_id=robot&client_secret={}&mood=", secret.expose());
    let (app, body) = (auth.router::<()>(), Arc::new(body));
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (app, body) = (app.clone(), Arc::clone(&body));
            tokio::spawn(async move {
                let mut issued = 0;
                for number in (task..REQUESTS).step_by(TASKS) {
                    let bad = number.is_multiple_of(100);
                    let answer = ask(&app, format!("{body}{}", if bad { "bad" } else { "good" })).await;
                    if bad {
                        let failed = r#"{"error":"server_error","error_description":"the server failed"}"#;
                        assert_eq!(answer, (500, failed.to_owned()));
                    } else {
                        assert!(
                            answer.0 == 200 && answer.1.starts_with(r#"{"access_token":"at_"#),
                            "{answer:?}"
                        );
                        issued += 1;
                    }
                }
                issued
            })
        })
        .collect();
    let mut issued = 0;
    for task in tasks {
        issued += task.await.unwrap();
    }
    assert_eq!(issued, REQUESTS / 100 * 99);
}
