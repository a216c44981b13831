//! Work that goes on when nobody waits for it any more.

use std::future::Future;

use tokio::task::JoinError;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

/// Runs `work` in a task of its own. A caller that is dropped, for instance because its client has hung up, does not end
/// what has begun: after a commit the handlers of signals are told, whoever is still listening.
pub(crate) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, JoinError> {
    tokio::spawn(work.in_current_span().with_current_subscriber()).await
}
