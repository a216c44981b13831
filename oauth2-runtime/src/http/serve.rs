use std::fmt::Display;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::Semaphore;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use crate::error::Error;
use crate::http::socket::Socket;

/// How long a client may take to send a request's head, also on a connection that is kept open.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may pause while it sends a body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request may take until the head of its answer is there.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests under way are waited for at shutdown.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);
/// Connections served at one time; further ones wait.
pub const MAX_CONNECTIONS: usize = 4096;
/// Headers a request may have.
pub const MAX_HEADERS: usize = 64;
/// Bytes a request's head may have.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Serves `app` at `address` until SIGINT or SIGTERM, then lets requests under way finish.
///
/// Unlike `axum::serve` it limits how long a client may take for the head and the body of a request and to read the
/// answer, how large the head may be, and how many connections there are.
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
    serve_until(app, listener, interrupted()).await
}

/// Serves `app` on `listener` until `shutdown` is ready, then lets requests under way finish for at most
/// [`DRAIN_TIMEOUT`].
///
/// # Errors
///
/// When the listener has no address.
pub async fn serve_until(
    app: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    tracing::info!(address = %listener.local_addr()?, "listening");
    let app = app
        .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT));
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accept = async { (Arc::clone(&connections).acquire_owned().await, listener.accept().await) };
        let (permit, accepted) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = graceful.watch(connection(stream, app.clone()));
                tokio::spawn(async move {
                    // Ends on timeouts, resets and malformed requests, which are the client's affair.
                    let _ = connection.await;
                    drop(permit);
                });
            }
            Err(error) => {
                // Usually the process is out of file descriptors: wait for connections to end.
                tracing::error!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    tracing::info!("shutting down");
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}

type Served = http1::Connection<TokioIo<Socket>, TowerToHyperService<Router>>;

fn connection(stream: TcpStream, app: Router) -> Served {
    // Small answers should leave at once; a socket that refuses the option still works.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(Socket::new(stream)), TowerToHyperService::new(app))
}

async fn interrupted() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
