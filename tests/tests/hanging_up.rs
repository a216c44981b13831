//! Clients that hang up while the server waits for the database.

use std::time::Duration;

use oauth2_tests::http::Request;
use oauth2_tests::provider::app;
use oauth2_tests::running::Running;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// Long enough for a request on a loopback socket to reach the database, or for the server to notice that it ended.
const MOMENT: Duration = Duration::from_millis(250);

/// What has begun is finished, whether or not anybody waits for the answer: the token is exchanged once, its handlers are
/// told, and nothing stays open. There is one connection to write with, and everybody needs it.
#[tokio::test]
async fn a_request_whose_client_hangs_up_is_finished() {
    let running = Running::start().await;
    let phone_app = running.register(app("phone")).await;
    let tokens = running.sign_in(&phone_app, "5550100").await;
    for attempt in 0..3 {
        let mut other = running.database.connect().await;
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
        let body = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
        let request = Request::form("/oauth/token", body).basic(&phone_app.id, &phone_app.secret);
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(&request.into_bytes()).await.unwrap();
        sleep(MOMENT).await;
        drop(stream);
        sleep(MOMENT).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        let answer = running.token(&phone_app, "grant_type=client_credentials").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let live = "SELECT COUNT(*) FROM app_token WHERE refresh_token IS NOT NULL AND revoked_at IS NULL";
        assert_eq!(running.database.number(live).await, 1, "{attempt}");
    }
    // The first exchanged the token; the answer is lost, as the client wished.
    assert_eq!(running.whoami(&tokens.access).await.status, 401);
    assert_eq!(running.database.number("SELECT COUNT(*) FROM app_token WHERE subject IS NOT NULL").await, 2);
}
