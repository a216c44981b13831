use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::middleware::AddExtension;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::Layer;

use super::{HEADER_TIMEOUT, MAX_HEADER_BYTES, MAX_HEADERS, Socket};

/// A connection, and the address of its other end.
pub(super) type Accepted = (Socket, SocketAddr);

/// The next connection, once there is room for it.
pub(super) async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> io::Result<Accepted> {
    let permit = Arc::clone(connections).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((Socket::new(stream, permit), peer))
}

/// The connections that wait to be accepted, as far as there is room for them. Nobody is let in afterwards.
pub(super) fn accept_waiting(
    listener: TcpListener,
    connections: &Arc<Semaphore>,
) -> io::Result<Vec<Accepted>> {
    // The system is asked, because the runtime may not have heard of them yet.
    let listener = listener.into_std()?;
    let mut accepted = Vec::new();
    while let Ok(permit) = Arc::clone(connections).try_acquire_owned() {
        match listener.accept() {
            Ok((stream, peer)) => match waiting(stream) {
                Ok(stream) => accepted.push((Socket::new(stream, permit), peer)),
                Err(error) => tracing::error!(%error, "cannot serve a connection"),
            },
            // This client has given up, and behind it may be others.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(_) => break,
        }
    }
    Ok(accepted)
}

fn waiting(stream: std::net::TcpStream) -> io::Result<TcpStream> {
    stream.set_nonblocking(true)?;
    TcpStream::from_std(stream)
}

type App = AddExtension<Router, ConnectInfo<SocketAddr>>;
type Served = http1::UpgradeableConnection<TokioIo<Socket>, TowerToHyperService<App>>;

fn served((socket, peer): Accepted, app: Router) -> Served {
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

/// Serves a connection to its end, which comes after the request under way once there is news from `stop`, and at once when
/// nothing more can come from there.
pub(super) async fn serve_connection(accepted: Accepted, app: Router, mut stop: watch::Receiver<()>) {
    let mut connection = pin!(served(accepted, app));
    // Ends on timeouts, resets and malformed requests, which are the client's affair. It comes first, because hyper closes
    // a connection on which it has read nothing yet, or after an answer no whole head, whatever has arrived there.
    tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        biased;
        _ = connection => {}
        _ = stop.changed() => {}
    }
}
