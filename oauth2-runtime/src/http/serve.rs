use std::fmt::Display;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{sleep, timeout};

use super::{Interrupts, Stopping, accept, accept_waiting, limited, serve_connection};
use crate::error::Error;

/// How long a client may take to send a request's head, also on a connection that is kept open.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may pause while it sends a body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request may take until the head of its answer is there.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests under way are waited for at shutdown.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);
/// How long after the signal, within [`DRAIN_TIMEOUT`], a connection on which nothing is under way stays open for one more
/// request, which may be on its way.
pub const LAST_REQUEST_TIMEOUT: Duration = Duration::from_secs(1);
/// Connections served at one time; further ones wait.
pub const MAX_CONNECTIONS: usize = 4096;
/// Headers a request may have.
pub const MAX_HEADERS: usize = 64;
/// Bytes a request's head may have.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Serves `app` at `address` until SIGINT or SIGTERM, then lets requests under way finish, unless there is another
/// signal.
///
/// At the signal the server accepts whoever is connected already and then closes its port; it closes a connection after the
/// next answer, which says so, or [`LAST_REQUEST_TIMEOUT`] after the signal, when there is no request. A request that is on its
/// way at the signal is therefore answered, if its head is here by then and there are no more than [`MAX_CONNECTIONS`]. Later
/// clients are refused; only one whose
/// connection the system completes in the very instant the port closes sees a reset. What is not finished after
/// [`DRAIN_TIMEOUT`] is given up, and its connection ends without an answer.
///
/// A panic in `app`, also in a layer, a validator or a handler of the application's own, is answered with 500 `server_error`
/// in JSON, and ends that request only. One in the stream of a body ends the connection.
///
/// Unlike `axum::serve` it limits how long a client may take for the head and the body of a request and to read the
/// answer, how large the head may be, and how many connections there are.
///
/// Handlers learn the address of the other end from `axum::extract::ConnectInfo<SocketAddr>`; behind a proxy it is the
/// proxy's. Upgraded connections, such as those of `WebSocket` routes, count as connections until they end.
///
/// # Errors
///
/// One line when the address cannot be listened on.
pub async fn serve(app: Router, address: impl ToSocketAddrs + Display) -> Result<(), Error> {
    let listener = TcpListener::bind(&address).await.map_err(|source| {
        Error::new(format!(
            "cannot listen on {address}: choose another address or end the program that uses it"
        ))
        .caused_by(source)
    })?;
    serve_on(app, listener).await
}

/// Serves `app` on `listener` as [`serve`] does: for a program that says where it listens, or that must have its port
/// before it can answer.
///
/// On Unix, signals are listened for from the call on, also while nobody awaits the answer yet. What starts this program and is
/// told between the two that it is ready can end it as well.
///
/// # Panics
///
/// Outside of a tokio runtime with I/O, as everything of tokio's that listens.
///
/// # Errors
///
/// When the listener has no address.
pub fn serve_on(app: Router, listener: TcpListener) -> impl Future<Output = Result<(), Error>> + Send {
    let mut interrupts = Interrupts::listen();
    async move {
        let (stop, stopped) = oneshot::channel::<()>();
        let interrupted_twice = async {
            interrupts.next().await;
            drop(stop);
            interrupts.next().await;
        };
        tokio::select! {
            served = serve_until(app, listener, async { drop(stopped.await) }) => served,
            () = interrupted_twice => {
                tracing::warn!("interrupted again: requests under way are abandoned");
                Ok(())
            }
        }
    }
}

/// Serves `app` on `listener` as [`serve`] does, until `shutdown` is ready, then lets requests under way finish for at
/// most [`DRAIN_TIMEOUT`]. Connections that were upgraded are not waited for. Dropping the future ends the others at once.
///
/// # Errors
///
/// When the listener has no address.
pub async fn serve_until(
    app: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    serve_within(LIMITS, app, listener, shutdown).await
}

/// What a test would have to wait for.
#[derive(Debug, Clone, Copy)]
struct Limits {
    connections: usize,
    last_request: Duration,
    drain: Duration,
}

const LIMITS: Limits =
    Limits { connections: MAX_CONNECTIONS, last_request: LAST_REQUEST_TIMEOUT, drain: DRAIN_TIMEOUT };

async fn serve_within(
    limits: Limits,
    app: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    tracing::info!(address = %listener.local_addr()?, "listening");
    let stopping = Stopping::default();
    let app = limited(app, REQUEST_TIMEOUT, stopping.clone());
    let connections = Arc::new(Semaphore::new(limits.connections));
    // Each connection has a receiver of it as long as it lasts, and lasts no longer than this.
    let stop = watch::Sender::new(());
    let serve = |accepted| drop(tokio::spawn(serve_connection(accepted, app.clone(), stop.subscribe())));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        match accepted {
            Ok(accepted) => serve(accepted),
            Err(error) => {
                // Usually the process is out of file descriptors: wait for connections to end.
                tracing::error!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
    stopping.begin();
    match accept_waiting(listener, &connections) {
        Ok(waiting) => waiting.into_iter().for_each(serve),
        Err(error) => tracing::error!(%error, "cannot accept the connections that wait"),
    }
    tracing::info!("shutting down");
    let drained = async {
        drop(timeout(limits.last_request, stop.closed()).await);
        stop.send_replace(());
        stop.closed().await;
    };
    if timeout(limits.drain, drained).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::Notify;
    use tokio::task::JoinHandle;
    use tokio::time::Instant;

    use super::*;

    /// What must not happen is given so long to happen.
    const A_WHILE: Duration = Duration::from_millis(200);
    const LONG: Duration = Duration::from_secs(20);

    struct Serving {
        address: std::net::SocketAddr,
        stop: Arc<Notify>,
        server: JoinHandle<Result<(), Error>>,
    }

    async fn served(limits: Limits, app: Router) -> Serving {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let server =
            tokio::spawn(serve_within(limits, app, listener, async move { stopped.notified().await }));
        Serving { address, stop, server }
    }

    async fn requested(address: std::net::SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await.unwrap();
        stream
    }

    async fn answer(mut stream: TcpStream) -> String {
        let mut answer = String::new();
        timeout(LONG, stream.read_to_string(&mut answer)).await.expect("it ends").unwrap();
        answer
    }

    /// Counts itself while it lasts.
    struct Guard(Arc<AtomicUsize>);

    impl Guard {
        fn new(count: &Arc<AtomicUsize>) -> Self {
            count.fetch_add(1, Ordering::SeqCst);
            Self(Arc::clone(count))
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// F17: the connection cap. Whoever is over it waits, and is served when another connection has ended.
    #[tokio::test]
    async fn connections_over_the_limit_wait() {
        let (inside, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let (count, may_go) = (Arc::clone(&inside), Arc::clone(&go));
        let handler = async move || {
            let here = Guard::new(&count);
            may_go.acquire().await.unwrap().forget();
            here.0.load(Ordering::SeqCst).to_string()
        };
        let serving =
            served(Limits { connections: 2, ..LIMITS }, Router::new().route("/", get(handler))).await;
        let mut clients = Vec::new();
        for _ in 0..5 {
            clients.push(requested(serving.address).await);
        }
        while inside.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        sleep(A_WHILE).await;
        assert_eq!(inside.load(Ordering::SeqCst), 2);
        go.add_permits(5);
        for client in clients {
            let answer = answer(client).await;
            let there = answer.strip_prefix("HTTP/1.1 200 OK\r\n").and_then(|rest| rest.lines().last());
            assert!(["1", "2"].contains(&there.unwrap()), "{answer}");
        }
        // Nor is anybody let in over it when the server stops: those who wait are turned away.
        let held = [requested(serving.address).await, requested(serving.address).await];
        while inside.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        let mut turned_away = requested(serving.address).await;
        serving.stop.notify_one();
        assert!(timeout(LONG, turned_away.read_u8()).await.expect("it ends").is_err());
        go.add_permits(2);
        for client in held {
            assert!(answer(client).await.starts_with("HTTP/1.1 200 OK\r\n"));
        }
        timeout(LONG, serving.server).await.expect("it ends").unwrap().unwrap();
    }

    /// F14: requests that outlive the limit are given up: their connections end without an answer, and the server with them.
    #[tokio::test]
    async fn a_request_that_outlives_the_shutdown_is_given_up() {
        let limits = Limits { drain: A_WHILE, last_request: A_WHILE / 4, ..LIMITS };
        let inside = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&inside);
        let handler = async move || {
            let _here = Guard::new(&count);
            std::future::pending::<()>().await;
        };
        let serving = served(limits, Router::new().route("/", get(handler))).await;
        let client = requested(serving.address).await;
        while inside.load(Ordering::SeqCst) < 1 {
            tokio::task::yield_now().await;
        }
        let start = Instant::now();
        serving.stop.notify_one();
        timeout(LONG, serving.server).await.expect("it ends").unwrap().unwrap();
        assert!(start.elapsed() >= A_WHILE, "{:?}", start.elapsed());
        assert_eq!(answer(client).await, "");
        assert_eq!(inside.load(Ordering::SeqCst), 0);
    }

    /// F14: as a second signal does it.
    #[tokio::test]
    async fn dropping_the_server_ends_its_connections() {
        let begun = Arc::new(Notify::new());
        let tell = Arc::clone(&begun);
        let handler = async move || {
            tell.notify_one();
            std::future::pending::<()>().await;
        };
        let serving = served(LIMITS, Router::new().route("/", get(handler))).await;
        let client = requested(serving.address).await;
        timeout(LONG, begun.notified()).await.expect("it begins");
        serving.server.abort();
        assert_eq!(answer(client).await, "");
    }
}
