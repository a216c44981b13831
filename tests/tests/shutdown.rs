//! F14: a server that is told to stop while people sign in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use oauth2_runtime::http::serve_until;
use oauth2_tests::browser::hidden_fields;
use oauth2_tests::http::Request;
use oauth2_tests::portal::RunningPortal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const ROUNDS: usize = 50;
const CLIENTS: usize = 8;

/// The bytes of a sign-in that succeeds, as often as it is sent.
async fn sign_in(running: &RunningPortal) -> Vec<u8> {
    let mut browser = running.browser();
    let page = browser.get("/login").await;
    let token = &hidden_fields(&page.body)[0].1;
    let body = format!("form_token={token}&username=alice&password=alice-password");
    let (name, value) = browser.cookies.iter().next().unwrap();
    Request::form("/login", body).header("cookie", &format!("{name}={value}")).into_bytes()
}

/// The answer, if there was one; `None` when the connection was not taken or not served.
async fn exchange(address: SocketAddr, request: &[u8]) -> Option<String> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request).await.ok()?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer).await;
    if answer.is_empty() {
        return None;
    }
    read.expect("an answer that began has an end");
    Some(String::from_utf8(answer).unwrap())
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

/// Every request that reached the server is answered in full, whenever the stop came.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sign_in_under_way_is_cut_off() {
    let running = RunningPortal::start().await;
    let request = Arc::new(sign_in(&running).await);
    let (mut answered, mut turned_away) = (0, 0);
    for round in 0..ROUNDS {
        let serving = serve(running.portal.router()).await;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (request, address) = (Arc::clone(&request), serving.address);
                tokio::spawn(async move {
                    let mut answers = 0;
                    while let Some(answer) = exchange(address, &request).await {
                        assert!(answer.starts_with("HTTP/1.1 303 See Other\r\n"), "{answer}");
                        assert!(answer.contains("\r\nset-cookie: oauth2_session=si_"), "{answer}");
                        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
                        answers += 1;
                    }
                    answers
                })
            })
            .collect();
        // In the middle of the storm, each time at another moment of it.
        while serving.begun.load(Ordering::SeqCst) < 10 + round {
            tokio::task::yield_now().await;
        }
        serving.stop.notify_one();
        let mut answers = 0;
        for client in clients {
            answers += timeout(Duration::from_secs(20), client).await.expect("it ends").unwrap();
        }
        timeout(Duration::from_secs(20), serving.server).await.expect("it ends").unwrap().unwrap();
        assert_eq!(answers, serving.begun.load(Ordering::SeqCst), "round {round}");
        answered += answers;
        turned_away += CLIENTS;
    }
    assert!(answered >= ROUNDS * 10, "{answered}");
    println!("{answered} answered, {turned_away} turned away, 0 cut off");
    // Each sign-in that was answered is stored, and no other.
    let sessions = running.database.number("SELECT COUNT(*) FROM oauth2_session").await;
    assert_eq!(usize::try_from(sessions).unwrap(), answered);
}
