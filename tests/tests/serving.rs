//! `serve`: large heads, broken requests, shutdown.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::get;
use http::StatusCode;
use http::header::{CONNECTION, UPGRADE};
use hyper_util::rt::TokioIo;
use oauth2_runtime::http::{MAX_HEADERS, serve_until};
use oauth2_tests::http::{Request, Response, exchange, read};
use oauth2_tests::running::{Running, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;

#[tokio::test]
async fn a_body_that_ends_early_is_refused() {
    let running = Running::start().await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let request = "POST /oauth/token HTTP/1.1\r\nhost: test\r\ncontent-length: 600\r\n\
                   content-type: application/x-www-form-urlencoded\r\n\r\ngrant_type=client_credentials";
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    read(&mut stream).await.assert_error(400, "invalid_request", "the body ended early");
}

async fn with_headers(running: &Running, count: usize) -> Response {
    // `host` and `connection` are there already.
    let mut request = Request::get("/.well-known/oauth-authorization-server");
    for number in 2..count {
        request = request.header(&format!("x-{number}"), "1");
    }
    running.send(request).await
}

#[tokio::test]
async fn too_many_headers_are_refused() {
    let running = Running::start().await;
    assert_eq!(with_headers(&running, MAX_HEADERS).await.status, 200);
    let answer = with_headers(&running, MAX_HEADERS + 1).await;
    assert_eq!((answer.status, answer.body.as_str()), (431, ""));
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let running = Running::start().await;
    let sized =
        |size: usize| Request::get("/.well-known/oauth-authorization-server").header("x", &"y".repeat(size));
    assert_eq!(running.send(sized(15_000)).await.status, 200);
    let answer = running.send(sized(16_400)).await;
    assert_eq!((answer.status, answer.body.as_str()), (431, ""));
}

#[tokio::test]
async fn shutdown_lets_the_request_under_way_finish() {
    let (begun, finish, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&begun), Arc::clone(&finish));
    let handler = async move || {
        tell.notify_one();
        wait.notified().await;
        "finished"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stopped = Arc::clone(&stop);
    let serving = tokio::spawn(serve_until(Router::new().route("/", get(handler)), listener, async move {
        stopped.notified().await;
    }));
    let request = tokio::spawn(Request::get("/").send(address));
    begun.notified().await;
    stop.notify_one();
    let refused = async { while TcpStream::connect(address).await.is_ok() {} };
    timeout(Duration::from_secs(5), refused).await.expect("nobody is let in any more");
    assert!(!serving.is_finished());
    finish.notify_one();
    assert_eq!(request.await.unwrap().body, "finished");
    let ended = timeout(Duration::from_secs(5), serving).await.expect("it ends");
    ended.unwrap().unwrap();
}

/// A shutdown with nothing under way does not wait for connections that are merely open.
#[tokio::test]
async fn shutdown_closes_idle_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let app = Router::new().route("/", get(|| async { "here" }));
    let serving = tokio::spawn(serve_until(app, listener, async move { stopped.notified().await }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    let mut answer = [0; 15];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, *b"HTTP/1.1 200 OK");
    stop.notify_one();
    timeout(Duration::from_secs(5), serving).await.expect("it ends").unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_is_no_http_is_refused_and_the_server_lives() {
    let address = listen(Router::new().route("/", get(|| async { "here" }))).await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET / HTTP/1.1\r\n: x\r\n\r\n",
        b"GET\r\n\r\n",
    ] {
        let answer = exchange(address, bytes).await;
        assert_eq!((answer.status, answer.body.as_str()), (400, ""));
    }
    assert_eq!(Request::get("/").send(address).await.body, "here");
}

/// Requests whose end two servers could see at different places.
#[tokio::test]
async fn a_request_with_two_lengths_ends_its_connection() {
    let running = Running::start().await;
    let head =
        "POST /oauth/token HTTP/1.1\r\nhost: test\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    let next = "GET /.well-known/oauth-authorization-server HTTP/1.1\r\nhost: test\r\n\r\n";
    let different = format!("{head}content-length: 5\r\ncontent-length: 6\r\n\r\na=b&c{next}");
    let answer = exchange(running.address, different.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (400, ""));
    assert_eq!(answer.header("connection"), Some("close"));
    let chunked = format!("{head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n");
    let answer = exchange(running.address, chunked.as_bytes()).await;
    answer.assert_error(400, "invalid_request", "`grant_type` is missing");
    assert_eq!(answer.header("connection"), Some("close"));
}

#[tokio::test]
async fn handlers_learn_the_address_of_the_client() {
    let tell = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
    let address = listen(Router::new().route("/", get(tell))).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let own = stream.local_addr().unwrap();
    assert!(own.ip().is_loopback());
    stream.write_all(&Request::get("/").into_bytes()).await.unwrap();
    assert_eq!(read(&mut stream).await.body, own.to_string());
}

/// Answers 101, then each byte with the next one, until the client ends.
async fn count_up(request: http::Request<Body>) -> http::Response<Body> {
    assert_eq!(request.headers()[UPGRADE], "next-byte");
    tokio::spawn(async move {
        let mut stream = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        while let Ok(byte) = stream.read_u8().await {
            stream.write_u8(byte + 1).await.unwrap();
        }
    });
    let response = http::Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
    response.header(CONNECTION, "upgrade").header(UPGRADE, "next-byte").body(Body::empty()).unwrap()
}

/// A connection after its upgrade. What comes `next` is sent with the head, as a client may that knows the answer.
async fn upgraded(address: SocketAddr, next: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "GET / HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: next-byte\r\n\r\n";
    stream.write_all(format!("{head}{next}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{answer}");
    stream
}

#[tokio::test]
async fn connections_can_be_upgraded() {
    let address = listen(Router::new().route("/", get(count_up))).await;
    let mut stream = upgraded(address, "a").await;
    assert_eq!(stream.read_u8().await.unwrap(), b'b');
    stream.write_u8(b'x').await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'y');
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.expect("it ends").unwrap();
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn shutdown_does_not_wait_for_upgraded_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let app = Router::new().route("/", get(count_up));
    let serving = tokio::spawn(serve_until(app, listener, async move { stopped.notified().await }));
    let mut stream = upgraded(address, "a").await;
    assert_eq!(stream.read_u8().await.unwrap(), b'b');
    stop.notify_one();
    timeout(Duration::from_secs(5), serving).await.expect("it ends").unwrap().unwrap();
    stream.write_u8(b'x').await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'y');
}
