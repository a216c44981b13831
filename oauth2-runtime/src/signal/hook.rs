use std::fmt::Display;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// How long a handler may take. It is part of the request that caused the event.
pub const HANDLER_TIMEOUT: Duration = Duration::from_secs(5);

/// What a handler may answer: nothing, or a result whose error is logged.
pub trait HookOutput: Send {
    /// The error's text, if there is one.
    fn failure(self) -> Option<String>;
}

impl HookOutput for () {
    fn failure(self) -> Option<String> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<E: Display + Send> HookOutput for Result<(), E> {
    fn failure(self) -> Option<String> {
        self.err().map(|error| error.to_string())
    }
}

/// An async function that can listen to the event `E` on the server `S`.
#[diagnostic::on_unimplemented(
    message = "this function cannot listen to `{E}`",
    label = "expected `async fn(&{S}, &{E})`, which answers nothing or a `Result<(), _>`",
    note = "a handler borrows the server and the event, and is `async` and `Send`; what it answers is only logged"
)]
pub trait Hook<'a, S: 'a, E: 'a>: Send + Sync {
    /// What it answers.
    type Answer: HookOutput;
    /// The future of one call.
    type Fut: Future<Output = Self::Answer> + Send;
    /// Calls it.
    fn call(&self, server: &'a S, event: &'a E) -> Self::Fut;
}

#[diagnostic::do_not_recommend]
impl<'a, S, E, F, Fut, Answer> Hook<'a, S, E> for F
where
    F: Fn(&'a S, &'a E) -> Fut + Send + Sync,
    Fut: Future<Output = Answer> + Send,
    Answer: HookOutput,
    S: Sync + 'a,
    E: Sync + 'a,
{
    type Answer = Answer;
    type Fut = Fut;

    fn call(&self, server: &'a S, event: &'a E) -> Fut {
        self(server, event)
    }
}

/// Runs one handler to its end, whatever that is.
pub fn emit<'a, S, E, F>(handler: F, server: &'a S, event: &'a E) -> BoxFuture<'a, ()>
where
    S: Sync,
    E: Sync,
    F: for<'b> Hook<'b, S, E> + 'a,
{
    Box::pin(async move {
        let run = AssertUnwindSafe(async { handler.call(server, event).await.failure() }).catch_unwind();
        let failure = match tokio::time::timeout(HANDLER_TIMEOUT, run).await {
            Ok(Ok(failure)) => failure,
            Ok(Err(_)) => Some("it panicked".to_owned()),
            Err(_) => Some("it took too long".to_owned()),
        };
        if let Some(failure) = failure {
            tracing::error!(handler = std::any::type_name::<F>(), failure, "a signal handler failed");
        }
    })
}

/// Runs handlers one after the other.
#[must_use]
pub fn in_order<const N: usize>(handlers: [BoxFuture<'_, ()>; N]) -> BoxFuture<'_, ()> {
    Box::pin(async move {
        for handler in handlers {
            handler.await;
        }
    })
}

/// Nobody listens. Costs no allocation: the future is of no size, which one from `ready` or `async` is not.
#[must_use]
pub fn silent<'a>() -> BoxFuture<'a, ()> {
    Box::pin(std::future::poll_fn(|_| Poll::Ready(())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_nobody_listens_to_allocates_nothing() {
        assert_eq!(size_of_val(&*silent()), 0);
    }
}
