use std::num::NonZero;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Memory;
use crate::error::Error;

/// At most this many passwords are hashed at once, however many cores there are: each takes a core and its memory.
const MAX_WORKERS: usize = 3;
/// So many callers may wait for their turn. The last of them waits a few seconds, about as long as a person does.
const MAX_WAITING: usize = 64;

/// Where this process hashes passwords of people. One for all servers in it, since they share its cores and its memory.
pub(super) static PEOPLE: LazyLock<Pool> = LazyLock::new(|| {
    let cores = available_parallelism().map_or(1, NonZero::get);
    Pool::new(cores.clamp(1, MAX_WORKERS), MAX_WAITING)
});

/// Where it hashes imported secrets of clients. Apart, so that whoever sends many sign-in forms keeps no client waiting.
pub(super) static CLIENTS: LazyLock<Pool> = LazyLock::new(|| Pool::new(1, MAX_WAITING));

/// A bound on slow work: some of it runs, some waits, and the rest is refused at once.
pub(super) struct Pool {
    workers: Arc<Semaphore>,
    /// One for each caller that runs or waits.
    places: Arc<Semaphore>,
    /// The memory of workers that are not at work.
    idle: Arc<Idle>,
}

/// Never more of it than there are workers, and only as much as were ever at work at once: the last one used is first.
#[derive(Default)]
struct Idle(Mutex<Vec<Memory>>);

impl Idle {
    fn take(&self) -> Memory {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn keep(&self, memory: Memory) {
        if memory.is_modest() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        }
    }
}

impl Pool {
    fn new(workers: usize, waiting: usize) -> Self {
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            places: Arc::new(Semaphore::new(workers + waiting)),
            idle: Arc::default(),
        }
    }

    /// Runs `work` off the async threads when it is its turn. A caller that is dropped gives up its turn; work that
    /// has begun cannot be stopped and keeps its place until it ends.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Error::new("too many passwords and secrets are being checked at once: try again soon")
        })?;
        let stopped = || Error::new("checking a password or a secret was interrupted");
        let worker =
            Arc::clone(&self.workers).acquire_owned().await.map_err(|source| stopped().caused_by(source))?;
        let idle = Arc::clone(&self.idle);
        let running = spawn_blocking(move || {
            let _held = (place, worker);
            let mut memory = idle.take();
            let done = work(&mut memory);
            idle.keep(memory);
            done
        });
        running.await.map_err(|source| stopped().caused_by(source))
    }
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::sync::mpsc::{Sender, channel};
    use std::task::{Context, Waker};

    use futures_util::FutureExt;
    use http::StatusCode;

    use super::*;
    use crate::error::{ErrorCode, OAuthError};

    fn waits(running: Pin<&mut impl Future>) -> bool {
        running.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    /// Work that lasts until something is sent.
    fn lasting() -> (Sender<()>, impl FnOnce(&mut Memory) + Send + 'static) {
        let (end, ended) = channel();
        (end, move |_| ended.recv().unwrap())
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_with_503() {
        let pool = Pool::new(1, 1);
        let (end, work) = lasting();
        let (mut first, mut second) = (pin!(pool.run(work)), pin!(pool.run(|_| 2)));
        assert!(waits(first.as_mut()) && waits(second.as_mut()));
        let refused = OAuthError::from(pool.run(|_| 3).now_or_never().unwrap().unwrap_err());
        assert_eq!(refused.code(), ErrorCode::TemporarilyUnavailable);
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        end.send(()).unwrap();
        first.await.unwrap();
        assert_eq!(second.await.unwrap(), 2);
        assert_eq!(pool.run(|_| 3).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_caller_that_is_dropped_while_waiting_frees_its_place() {
        let pool = Pool::new(1, 1);
        let (end, work) = lasting();
        let mut first = pin!(pool.run(work));
        assert!(waits(first.as_mut()));
        for _ in 0..3 {
            assert!(pool.run(|_| ()).now_or_never().is_none(), "it waits and is dropped");
        }
        let mut last = pin!(pool.run(|_| 4));
        assert!(waits(last.as_mut()));
        end.send(()).unwrap();
        first.await.unwrap();
        assert_eq!(last.await.unwrap(), 4);
    }

    /// Else a client that hangs up again and again would have more run than there are workers.
    #[tokio::test]
    async fn work_whose_caller_is_gone_still_counts() {
        let pool = Pool::new(1, 0);
        let (end, work) = lasting();
        assert!(pool.run(work).now_or_never().is_none());
        assert!(pool.run(|_| ()).now_or_never().unwrap().is_err());
        end.send(()).unwrap();
        let _all = pool.places.acquire().await.unwrap();
    }

    #[tokio::test]
    async fn work_that_panics_is_an_error_and_frees_its_place() {
        let pool = Pool::new(1, 0);
        let error = pool.run(|_| panic!("on purpose")).await.map(|(): ()| ()).unwrap_err();
        assert!(error.to_string().starts_with("checking a password or a secret was interrupted"));
        assert_eq!(pool.run(|_| 1).await.unwrap(), 1);
    }

    /// Else the allocator keeps some for every thread that has hashed.
    #[tokio::test]
    async fn workers_use_the_same_memory_again() {
        let pool = Pool::new(2, 1);
        let address = |memory: &mut Memory| memory.blocks(1024).unwrap().as_ptr().addr();
        let ((start, started), (end, ended)) = (channel(), channel::<()>());
        let mut other = pin!(pool.run(move |_| {
            start.send(()).unwrap();
            ended.recv().unwrap();
        }));
        assert!(waits(other.as_mut()));
        started.recv().unwrap();
        let first = pool.run(address).await.unwrap();
        for _ in 0..3 {
            assert_eq!(pool.run(address).await.unwrap(), first);
        }
        end.send(()).unwrap();
        other.await.unwrap();
        assert_eq!(pool.idle.0.lock().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn much_memory_is_given_back() {
        let pool = Pool::new(1, 1);
        let blocks = |count| move |memory: &mut Memory| memory.blocks(count).unwrap().len();
        assert_eq!(pool.run(blocks(32 * 1024)).await.unwrap(), 32 * 1024);
        assert_eq!(pool.idle.0.lock().unwrap().len(), 1);
        assert_eq!(pool.run(blocks(32 * 1024 + 1)).await.unwrap(), 32 * 1024 + 1);
        assert!(pool.idle.0.lock().unwrap().is_empty());
    }
}
