//! Clients that take their time, as attackers do. Real time, because the sockets are real; one test, so that they all
//! take it at once.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use oauth2_runtime::http::{HEADER_TIMEOUT, WRITE_TIMEOUT};
use oauth2_tests::http::{exchange, read};
use oauth2_tests::running::{Running, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// More bytes than the buffers of two sockets take.
const LARGE: usize = 24 * 1024 * 1024;

const HEAD: &str = "POST /oauth/token HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
                    content-type: application/x-www-form-urlencoded\r\ncontent-length: 600\r\n\r\n";

/// Sends `byte` every quarter of a second until the server has closed the connection.
async fn trickle(stream: TcpStream, byte: u8) -> Vec<u8> {
    let (mut reading, mut writing) = stream.into_split();
    let drip = tokio::spawn(async move {
        while writing.write_all(&[byte]).await.is_ok() {
            sleep(Duration::from_millis(250)).await;
        }
    });
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(20), reading.read_to_end(&mut answer)).await.expect("it is closed");
    drip.abort();
    answer
}

fn assert_at(start: Instant, limit: Duration) {
    let passed = start.elapsed();
    assert!(passed >= limit && passed < limit + Duration::from_secs(5), "{passed:?}");
}

async fn a_head_that_never_ends_is_cut_off(running: &Running) {
    let (silent, start) = (TcpStream::connect(running.address).await.unwrap(), Instant::now());
    let mut slow = TcpStream::connect(running.address).await.unwrap();
    slow.write_all(b"GET /whoami HTTP/1.1\r\nx: ").await.unwrap();
    let mut stalled = TcpStream::connect(running.address).await.unwrap();
    stalled.write_all(b"GET /whoami HTTP/1.1\r\nhost: te").await.unwrap();
    let wait = async |mut stream: TcpStream| {
        let mut answer = Vec::new();
        timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
            .await
            .expect("it is closed")
            .unwrap();
        answer
    };
    let (silent, slow, stalled) = tokio::join!(wait(silent), trickle(slow, b'x'), wait(stalled));
    assert_at(start, HEADER_TIMEOUT);
    for answer in [silent, slow, stalled] {
        assert_eq!(String::from_utf8_lossy(&answer), "");
    }
    assert_eq!(running.whoami("at_x").await.status, 401);
}

/// A connection that is kept open is cut off when no next request comes.
async fn an_idle_connection_is_cut_off(running: &Running) {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(b"GET /whoami HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    let start = Instant::now();
    let answer = timeout(Duration::from_secs(20), read(&mut stream)).await.expect("it is closed");
    assert_at(start, HEADER_TIMEOUT);
    assert_eq!((answer.status, answer.header("connection")), (401, None));
}

async fn a_body_that_stalls_is_refused(running: &Running) {
    let start = Instant::now();
    let request = format!("{HEAD}grant_type=client_credentials");
    let exchange = exchange(running.address, request.as_bytes());
    let answer = timeout(Duration::from_secs(20), exchange).await.expect("it is answered");
    assert_at(start, Duration::from_secs(10));
    answer.assert_error(408, "invalid_request", "the body took too long");
}

async fn a_body_that_trickles_is_refused(running: &Running) {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(HEAD.as_bytes()).await.unwrap();
    let start = Instant::now();
    let answer = String::from_utf8(trickle(stream, b'x').await).unwrap();
    assert_at(start, Duration::from_secs(10));
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer:?}");
    let body = "{\"error\":\"invalid_request\",\"error_description\":\"the body took too long\"}";
    assert!(answer.ends_with(body), "{answer:?}");
}

async fn request_large_answer() -> TcpStream {
    let address = listen(Router::new().route("/", get(|| async { "x".repeat(LARGE) }))).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await.unwrap();
    stream
}

async fn an_answer_that_nobody_reads_is_given_up() {
    let (mut stream, start) = (request_large_answer().await, Instant::now());
    // A client that does not read learns of the end when it writes.
    let closed = async {
        while stream.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(250)).await;
        }
    };
    timeout(Duration::from_secs(20), closed).await.expect("it is closed");
    assert_at(start, WRITE_TIMEOUT);
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("it has ended");
    assert!(answer.len() < LARGE, "{}", answer.len());
}

async fn a_client_that_keeps_reading_gets_everything() {
    let (mut stream, start) = (request_large_answer().await, Instant::now());
    let (mut answer, mut some) = (Vec::new(), vec![0; LARGE / 24]);
    let all = async {
        loop {
            match stream.read(&mut some).await.unwrap() {
                0 => break,
                read => answer.extend_from_slice(&some[..read]),
            }
            // Only while it lasts longer than the limit is the pace of interest.
            if start.elapsed() < WRITE_TIMEOUT + Duration::from_secs(2) {
                sleep(Duration::from_secs(1)).await;
            }
        }
    };
    timeout(Duration::from_secs(30), all).await.expect("it ends");
    assert!(start.elapsed() > WRITE_TIMEOUT + Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(answer.ends_with(&vec![b'x'; LARGE]));
    let head = String::from_utf8_lossy(&answer[..answer.len() - LARGE]);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head:?}");
}

#[tokio::test]
async fn slow_clients_are_cut_off() {
    let running = Running::start().await;
    tokio::join!(
        a_head_that_never_ends_is_cut_off(&running),
        an_idle_connection_is_cut_off(&running),
        a_body_that_stalls_is_refused(&running),
        a_body_that_trickles_is_refused(&running),
        an_answer_that_nobody_reads_is_given_up(),
        a_client_that_keeps_reading_gets_everything(),
    );
}
