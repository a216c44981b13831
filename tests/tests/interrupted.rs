//! `serve` and the signals that end it. They reach the whole process, so this is the only test in it.
#![cfg(unix)]

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use oauth2_runtime::http::serve;
use oauth2_tests::http::Request;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

const LIMIT: Duration = Duration::from_secs(5);

fn send(signal: &str) {
    let command = format!("kill -{signal} {}", std::process::id());
    assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
}

async fn until_connections_are(accepted: bool, address: SocketAddr) {
    let waiting = async {
        while TcpStream::connect(address).await.is_ok() != accepted {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LIMIT, waiting).await.expect("in time");
}

#[tokio::test]
async fn a_second_signal_ends_the_wait() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let begun = Arc::new(Notify::new());
    let tell = Arc::clone(&begun);
    let never_ends = async move || {
        tell.notify_one();
        std::future::pending::<()>().await;
    };
    let serving = tokio::spawn(serve(Router::new().route("/", get(never_ends)), address));
    until_connections_are(true, address).await;
    let request = tokio::spawn(Request::get("/").send(address));
    timeout(LIMIT, begun.notified()).await.expect("it begins");
    send("TERM");
    until_connections_are(false, address).await;
    sleep(Duration::from_millis(250)).await;
    assert!(!serving.is_finished(), "the request is waited for");
    send("INT");
    timeout(LIMIT, serving).await.expect("it ends").unwrap().unwrap();
    request.abort();
}
