//! F17: two thousand clients that stop halfway, and one that does not. A file of its own, because it opens so many sockets.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use oauth2_runtime::http::{BODY_TIMEOUT, HEADER_TIMEOUT};
use oauth2_tests::http::{Request, read};
use oauth2_tests::portal::RunningPortal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

/// Of each kind.
const SLOW: usize = 1_000;
/// Both ends of each socket, and what the server has open besides.
const DESCRIPTORS: usize = 2 * 2 * SLOW + 500;
/// When the last of them is closed: a second later on a machine that has nothing else to do.
const CLOSED: Duration = Duration::from_secs(14);

static CONNECTING: Semaphore = Semaphore::const_new(64);

const HALF_A_HEAD: &str = "GET /login HTTP/1.1\r\nhost: test\r\ncookie: oauth2_session=si_";
const HALF_A_BODY: &str = "POST /oauth/token HTTP/1.1\r\nhost: test\r\ncontent-type: \
                           application/x-www-form-urlencoded\r\ncontent-length: 600\r\n\r\ngrant_type=client_";

/// A shell's limit is often at 1024; a process may raise its own up to the hard one.
fn allow_many_sockets() {
    if cfg!(target_os = "linux") {
        let id = std::process::id().to_string();
        let raise = format!("--nofile={DESCRIPTORS}:");
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
        let allowed = line.split_whitespace().nth(3).unwrap().parse();
        if allowed.is_ok_and(|allowed: usize| allowed < DESCRIPTORS) {
            assert!(Command::new("prlimit").args(["--pid", &id, &raise]).status().unwrap().success());
        }
    }
}

/// Sends `start` and no more. When the server closed the connection, and what it had said.
async fn stop_halfway(address: SocketAddr, start: &str) -> (Duration, String) {
    // The system drops what does not fit into its queue of new connections, and tries again only after a second.
    let connecting = CONNECTING.acquire().await.unwrap();
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    drop(connecting);
    stream.write_all(start.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(2 * CLOSED, stream.read_to_end(&mut answer)).await.expect("it is closed").unwrap();
    (began.elapsed(), String::from_utf8(answer).unwrap())
}

/// How long each of many token requests takes, one after the other, until there are no slow clients any more.
async fn token_requests(running: &RunningPortal, is_over: &AtomicBool) -> Vec<Duration> {
    let mut taken = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let request = Request::form("/oauth/token", "grant_type=client_credentials");
        let request = request.basic(&running.web.id, &running.web.secret).into_bytes();
        let began = Instant::now();
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(&request).await.unwrap();
        assert_eq!(read(&mut stream).await.status, 200);
        taken.push(began.elapsed());
        sleep(Duration::from_millis(20)).await;
    }
    taken.sort();
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_slow_clients_are_closed_and_nobody_waits_for_them() {
    allow_many_sockets();
    let running = RunningPortal::start().await;
    let is_over = AtomicBool::new(false);
    let slow = async {
        let heads = (0..SLOW).map(|_| stop_halfway(running.address, HALF_A_HEAD));
        let bodies = (0..SLOW).map(|_| stop_halfway(running.address, HALF_A_BODY));
        let ended = tokio::join!(join_all(heads), join_all(bodies));
        is_over.store(true, Ordering::Relaxed);
        ended
    };
    let ((heads, bodies), taken) = tokio::join!(slow, token_requests(&running, &is_over));
    for (passed, answer) in &heads {
        assert!((HEADER_TIMEOUT..CLOSED).contains(passed), "{passed:?}");
        assert_eq!(answer, "");
    }
    let refused = r#"{"error":"invalid_request","error_description":"the body took too long"}"#;
    for (passed, answer) in &bodies {
        assert!((BODY_TIMEOUT..CLOSED).contains(passed), "{passed:?}");
        assert!(
            answer.starts_with("HTTP/1.1 408 Request Timeout\r\n") && answer.ends_with(refused),
            "{answer}"
        );
    }
    let last = heads.iter().chain(&bodies).map(|(passed, _)| passed).max().unwrap();
    let (median, longest) = (taken[taken.len() / 2], taken[taken.len() - 1]);
    println!(
        "all closed after {last:?}; {} token requests, {median:?} each, at most {longest:?}",
        taken.len()
    );
    assert!(taken.len() >= 20, "{}", taken.len());
    assert!(taken[taken.len() * 99 / 100] < Duration::from_secs(1), "{taken:?}");
}
