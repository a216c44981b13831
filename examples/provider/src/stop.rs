//! SIGTERM and SIGINT while the server starts. A start can take a while, with a large seed or a database that is locked, and
//! as the first process of a container a program is not ended by a signal it does not listen for.

use std::future::Future;

use oauth2_runtime::prelude::*;

/// Waits for a signal, which is listened for from the call on.
#[cfg(unix)]
pub(crate) fn interrupted() -> Result<impl Future<Output = ()>, Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Elsewhere the system ends it.
#[cfg(not(unix))]
pub(crate) fn interrupted() -> Result<impl Future<Output = ()>, Error> {
    Ok(std::future::pending())
}
