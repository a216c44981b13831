//! F17: slow clients at the pages for people. Real time, because the sockets are real; one test, so that they all take it at
//! once.

use std::time::Duration;

use oauth2_runtime::http::HEADER_TIMEOUT;
use oauth2_tests::browser::hidden_fields;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

const LIMIT: Duration = Duration::from_secs(10);

/// Sends `start`, then a byte every quarter of a second if `trickle`, until the server has closed the connection.
async fn slow(running: &RunningPortal, start: String, trickle: bool) -> (String, Duration) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(start.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let drip = tokio::spawn(async move {
        while trickle && writing.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(250)).await;
        }
        // Open, so that the end is the server's.
        sleep(LIMIT * 3).await;
        drop(writing);
    });
    let mut answer = Vec::new();
    let _ = timeout(LIMIT * 2, reading.read_to_end(&mut answer)).await.expect("it is closed");
    drip.abort();
    (String::from_utf8(answer).unwrap(), began.elapsed())
}

fn head(target: &str, length: usize) -> String {
    format!(
        "POST {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n"
    )
}

#[track_caller]
fn assert_in_time(passed: Duration, limit: Duration) {
    assert!(passed >= limit && passed < limit + Duration::from_secs(5), "{passed:?}");
}

async fn a_body_that_takes_too_long(running: &RunningPortal, target: &str, trickle: bool) {
    let (answer, passed) = slow(running, format!("{}username=ali", head(target, 600)), trickle).await;
    assert_in_time(passed, LIMIT);
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.contains("\r\ncontent-type: text/html; charset=utf-8\r\n"), "{answer}");
    assert!(answer.contains("\r\nx-frame-options: DENY\r\n"), "{answer}");
    assert!(answer.contains("<dd>the body took too long</dd>") && !answer.contains("username"), "{answer}");
}

async fn a_head_that_takes_too_long(running: &RunningPortal, trickle: bool) {
    let start = "GET /login HTTP/1.1\r\nhost: test\r\ncookie: oauth2_session=si_".to_owned();
    let (answer, passed) = slow(running, start, trickle).await;
    assert_in_time(passed, HEADER_TIMEOUT);
    assert_eq!(answer, "");
}

/// Whoever is quick is served meanwhile.
async fn others_sign_in(running: &RunningPortal) {
    let start = Instant::now();
    while start.elapsed() < LIMIT {
        let mut browser = running.browser();
        let page = browser.get("/login").await;
        assert_eq!(hidden_fields(&page.body).len(), 1);
        let answer = browser.sign_in(&page, "/login", "alice", "alice-password").await;
        assert_eq!(answer.status, 303);
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn slow_people_are_cut_off() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let (login, consent) = (format!("/login?{query}"), format!("/consent?{query}"));
    tokio::join!(
        a_body_that_takes_too_long(&running, "/login", false),
        a_body_that_takes_too_long(&running, "/login", true),
        a_body_that_takes_too_long(&running, &login, false),
        a_body_that_takes_too_long(&running, &consent, true),
        a_body_that_takes_too_long(&running, "/oauth/authorize", false),
        a_head_that_takes_too_long(&running, false),
        a_head_that_takes_too_long(&running, true),
        others_sign_in(&running),
    );
    // Nobody who was slow has signed in.
    assert_eq!(running.database.number("SELECT COUNT(DISTINCT subject) FROM oauth2_session").await, 1);
    assert_eq!(running.database.number("SELECT COUNT(*) FROM portal_code").await, 0);
}
