//! F14: a server that is told to stop while people sign in.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use oauth2_runtime::http::{LAST_REQUEST_TIMEOUT, serve_until};
use oauth2_tests::browser::hidden_fields;
use oauth2_tests::http::{Request, read};
use oauth2_tests::portal::RunningPortal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

const ROUNDS: usize = 50;
/// Of whom every fourth signs in, which keeps the server busy; the others ask for little, and so connect often.
const CLIENTS: usize = 32;
/// A request on a connection that may be used again.
const KEPT: &[u8] = b"GET / HTTP/1.1\r\nhost: test\r\n\r\n";

/// The bytes of a sign-in that succeeds, as often as it is sent.
async fn sign_in(running: &RunningPortal) -> Vec<u8> {
    let mut browser = running.browser();
    let page = browser.get("/login").await;
    let token = &hidden_fields(&page.body)[0].1;
    let body = format!("form_token={token}&username=alice&password=alice-password");
    let (name, value) = browser.cookies.iter().next().unwrap();
    Request::form("/login", body).header("cookie", &format!("{name}={value}")).into_bytes()
}

/// A client of the storm, which sends its request until it is turned away.
struct Client {
    address: SocketAddr,
    request: Vec<u8>,
    /// What is in the head of each answer, which has no body.
    expected: [&'static str; 2],
    /// When the server was told to stop.
    stopping: Arc<OnceLock<Instant>>,
    answers: usize,
    too_late: usize,
}

impl Client {
    fn that_keeps_its_connection(self) -> Self {
        let request = String::from_utf8(self.request).unwrap().replace("connection: close\r\n", "");
        Self { request: request.into_bytes(), ..self }
    }

    async fn run(mut self) -> Self {
        while let Ok(stream) = TcpStream::connect(self.address).await {
            // Read after the connection is there: a stop that is not seen came later.
            let connected_in_time = self.stopping.get().is_none();
            if !self.exchange(stream).await {
                assert!(
                    !connected_in_time || self.was_slow(),
                    "a connection from before the stop was cut off"
                );
                self.too_late += 1;
            }
        }
        self
    }

    /// Whether the time for one more request is over, which is nothing that a client on a busy machine can help.
    fn was_slow(&self) -> bool {
        self.stopping.get().is_some_and(|stopping| stopping.elapsed() >= LAST_REQUEST_TIMEOUT)
    }

    /// Sends one request after the other, until an answer is the last. Whether the first one was answered: what comes after
    /// an answer that is not the last must be.
    async fn exchange(&mut self, mut stream: TcpStream) -> bool {
        let before = self.answers;
        loop {
            let written = stream.write_all(&self.request).await;
            let mut answer = Vec::new();
            while written.is_ok() && !answer.ends_with(b"\r\n\r\n") {
                let Ok(1..) = stream.read_buf(&mut answer).await else { break };
            }
            let answer = String::from_utf8(answer).unwrap();
            if answer.is_empty() {
                assert!(
                    self.answers == before || self.was_slow(),
                    "a connection was closed, and no answer had said so"
                );
                return false;
            }
            let [status, header] = self.expected;
            assert!(answer.starts_with(status) && answer.contains(header), "{answer}");
            assert!(answer.ends_with("\r\n\r\n"), "{answer}");
            self.answers += 1;
            if answer.contains("\r\nconnection: close\r\n") {
                assert_eq!(stream.read_to_end(&mut Vec::new()).await.unwrap(), 0, "it ends in order");
                return true;
            }
        }
    }
}

struct Serving {
    address: SocketAddr,
    begun: Arc<AtomicUsize>,
    stop: Arc<Notify>,
    server: JoinHandle<Result<(), oauth2_runtime::error::Error>>,
}

/// Serves the same server at another port, and counts the requests that reach it.
async fn serve(app: Router) -> Serving {
    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let counted = app.layer(from_fn(move |request: AxumRequest, next: Next| {
        count.fetch_add(1, Ordering::SeqCst);
        next.run(request)
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let server = tokio::spawn(serve_until(counted, listener, async move { stopped.notified().await }));
    Serving { address, begun, stop, server }
}

impl Serving {
    async fn end(self) {
        timeout(Duration::from_secs(20), self.server).await.expect("it ends").unwrap().unwrap();
    }
}

/// Fifty stops in a storm of clients, of which every second one keeps its connection: no reset after acceptance. Who is not
/// answered connected when the server was told to stop already, or was refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sign_in_under_way_is_cut_off() {
    let running = RunningPortal::start().await;
    let sign_in = sign_in(&running).await;
    let app = running.portal.router().route("/here", get(async || [("x-here", "yes")]));
    let (mut answered, mut signed_in, mut too_late) = (0, 0, 0);
    for round in 0..ROUNDS {
        let serving = serve(app.clone()).await;
        let stopping = Arc::new(OnceLock::new());
        let client = |number: usize| {
            let (request, expected) = if number.is_multiple_of(4) {
                (sign_in.clone(), ["HTTP/1.1 303 See Other\r\n", "\r\nset-cookie: oauth2_session=si_"])
            } else {
                (Request::get("/here").into_bytes(), ["HTTP/1.1 200 OK\r\n", "\r\nx-here: yes\r\n"])
            };
            let (address, stopping) = (serving.address, Arc::clone(&stopping));
            let client = Client { address, request, expected, stopping, answers: 0, too_late: 0 };
            if number % 8 < 4 { client } else { client.that_keeps_its_connection() }
        };
        let clients: Vec<_> = (0..CLIENTS).map(|number| tokio::spawn(client(number).run())).collect();
        // In the middle of the storm, each time at another moment of it.
        while serving.begun.load(Ordering::SeqCst) < 40 + 3 * round {
            tokio::task::yield_now().await;
        }
        stopping.set(Instant::now()).unwrap();
        serving.stop.notify_one();
        let mut answers = 0;
        for (number, client) in clients.into_iter().enumerate() {
            let client = timeout(Duration::from_secs(20), client).await.expect("it ends").unwrap();
            answers += client.answers;
            too_late += client.too_late;
            signed_in += if number.is_multiple_of(4) { client.answers } else { 0 };
        }
        assert_eq!(answers, serving.begun.load(Ordering::SeqCst), "round {round}");
        serving.end().await;
        answered += answers;
    }
    assert!(answered >= ROUNDS * 40, "{answered}");
    println!("{answered} answered, {too_late} came too late, 0 cut off");
    // The instant in which the listener closes is short.
    assert!(too_late <= ROUNDS / 5, "{too_late}");
    // Each sign-in that was answered is stored, and no other.
    let sessions = running.database.number("SELECT COUNT(*) FROM oauth2_session").await;
    assert_eq!(usize::try_from(sessions).unwrap(), signed_in);
}

/// F14: whom the system has let in already is answered, although the server has not accepted the connection yet.
#[tokio::test]
async fn connections_that_wait_to_be_accepted_are_served() {
    const WAITING: usize = 64;
    let serving = serve(Router::new().route("/", get(|| async { "here" }))).await;
    // Blocks the one thread of this test, so that the server learns of the clients together with the stop.
    let connect = || {
        let mut stream = std::net::TcpStream::connect(serving.address).unwrap();
        stream.write_all(KEPT).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    };
    let clients: Vec<_> = (0..WAITING).map(|_| connect()).collect();
    serving.stop.notify_one();
    assert_eq!(serving.begun.load(Ordering::SeqCst), 0);
    let begun = Arc::clone(&serving.begun);
    serving.end().await;
    assert_eq!(begun.load(Ordering::SeqCst), WAITING);
    for mut client in clients {
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n") && answer.ends_with("\r\n\r\nhere"), "{answer}");
    }
}

/// F14: a connection on which nothing has come yet, or nothing new, has a second for one more request. An idle one is closed.
#[tokio::test]
async fn one_more_request_may_be_on_its_way() {
    for _ in 0..5 {
        if one_more_request().await {
            return;
        }
    }
    panic!("the machine is too busy to send a request within {LAST_REQUEST_TIMEOUT:?}");
}

/// Whether it was sent in time. Then it was answered.
async fn one_more_request() -> bool {
    let serving = serve(Router::new().route("/", get(|| async { "here" }))).await;
    let mut silent = TcpStream::connect(serving.address).await.unwrap();
    let mut fresh = TcpStream::connect(serving.address).await.unwrap();
    let mut kept = TcpStream::connect(serving.address).await.unwrap();
    kept.write_all(KEPT).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nhere") {
        assert_ne!(kept.read_buf(&mut answer).await.unwrap(), 0);
    }
    assert!(!String::from_utf8(answer).unwrap().contains("\r\nconnection: "));
    let start = Instant::now();
    serving.stop.notify_one();
    while TcpStream::connect(serving.address).await.is_ok() {}
    for stream in [&mut fresh, &mut kept] {
        let sent = stream.write_all(KEPT).await;
        if start.elapsed() >= LAST_REQUEST_TIMEOUT / 2 {
            return false;
        }
        sent.unwrap();
        let answer = timeout(Duration::from_secs(20), read(stream)).await.expect("it is the last");
        assert_eq!((answer.status, answer.body.as_str()), (200, "here"));
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert_eq!(silent.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    serving.end().await;
    let passed = start.elapsed();
    assert!((LAST_REQUEST_TIMEOUT..Duration::from_secs(15)).contains(&passed), "{passed:?}");
    true
}
