use std::fmt::Display;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::{AddExtension, Next, from_fn};
use axum::response::Response;
use axum::{Extension, Router};
use http::header::{CACHE_CONTROL, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::{Semaphore, oneshot, watch};
use tower::Layer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::{Interrupts, RETRY_AFTER_SECONDS, Socket, WithoutCors};
use crate::error::Error;

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

/// Serves `app` at `address` until SIGINT or SIGTERM, then lets requests under way finish, unless there is another
/// signal.
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
/// Signals are listened for from the call on, also while nobody awaits the answer yet. What starts this program and is
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
/// most [`DRAIN_TIMEOUT`]. Connections that were upgraded are not waited for.
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
    let app = limited(app, REQUEST_TIMEOUT);
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Each connection has a receiver of it as long as it lasts.
    let stop = watch::Sender::new(());
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        match accepted {
            Ok((socket, peer)) => {
                tokio::spawn(until_stopped(connection(socket, peer, app.clone()), stop.subscribe()));
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
    stop.send_replace(());
    if tokio::time::timeout(DRAIN_TIMEOUT, stop.closed()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}

fn limited(app: Router, limit: Duration) -> Router {
    let in_time = move |request: Request, next: Next| async move {
        // Nothing of the application is around this, so what is taken away here stays away.
        tokio::time::timeout(limit, next.run(request)).await.map_or_else(|_| too_late(), WithoutCors::ended)
    };
    app.layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT)).layer(from_fn(in_time))
}

/// The answer to a request that took too long.
fn too_late() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
    response
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> io::Result<(Socket, SocketAddr)> {
    let permit = Arc::clone(connections).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Small answers should leave at once; a socket that refuses the option still works.
    let _ = stream.set_nodelay(true);
    Ok((Socket::new(stream, permit), peer))
}

type App = AddExtension<Router, ConnectInfo<SocketAddr>>;
type Served = http1::UpgradeableConnection<TokioIo<Socket>, TowerToHyperService<App>>;

fn connection(socket: Socket, peer: SocketAddr, app: Router) -> Served {
    // Around the router, not a layer of it: that would rebuild every route for every connection.
    let app = Extension(ConnectInfo(peer)).layer(app);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(socket), TowerToHyperService::new(app))
        .with_upgrades()
}

/// Serves a connection to its end, which comes after the request under way once there is news from `stop`.
async fn until_stopped(connection: Served, mut stop: watch::Receiver<()>) {
    let mut connection = pin!(connection);
    // Ends on timeouts, resets and malformed requests, which are the client's affair.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_request_that_takes_too_long_may_be_sent_again() {
        let app = Router::new()
            .route("/never", get(std::future::pending::<()>))
            .route("/unavailable", get(async || StatusCode::SERVICE_UNAVAILABLE));
        let app = limited(app, Duration::from_millis(50));
        let answer = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            (response.status(), header(CACHE_CONTROL), header(RETRY_AFTER))
        };
        let status = StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(answer("/never").await, (status, Some("no-store".to_owned()), Some("2".to_owned())));
        // What the application answers by itself stays as it is.
        assert_eq!(answer("/unavailable").await, (status, None, None));
    }
}
