use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use super::{Key, Moment};

/// Questions that are under way, so that requests with the same token share one. Whoever waits drives it: it ends with the
/// last of them.
pub(super) struct Flights<T: Clone> {
    under_way: Mutex<UnderWay<T>>,
}

struct UnderWay<T: Clone> {
    by_key: HashMap<Key, Flight<T>>,
    started: u64,
}

struct Flight<T: Clone> {
    number: u64,
    asked: Moment,
    answer: WeakShared<BoxFuture<'static, T>>,
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    /// The question about `key` that was asked less than `staleness` ago, or a new one.
    pub(super) fn join<F>(
        self: &Arc<Self>,
        key: Key,
        now: Moment,
        staleness: Duration,
        ask: impl FnOnce() -> F,
    ) -> Shared<BoxFuture<'static, T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = under_way.by_key.get(&key)
            && now.is_within(staleness, flight.asked)
            && let Some(answer) = flight.answer.upgrade()
        {
            return answer;
        }
        under_way.started = under_way.started.wrapping_add(1);
        let number = under_way.started;
        let (landing, question) = (Landing { flights: Arc::clone(self), key, number }, ask());
        let answer = async move {
            let _landing = landing;
            question.await
        };
        let answer = answer.boxed().shared();
        if let Some(weak) = answer.downgrade() {
            under_way.by_key.insert(key, Flight { number, asked: now, answer: weak });
        }
        answer
    }
}

/// Strikes a question off when it is answered, or when nobody waits for it any more.
struct Landing<T: Clone> {
    flights: Arc<Flights<T>>,
    key: Key,
    number: u64,
}

impl<T: Clone> Drop for Landing<T> {
    fn drop(&mut self) {
        let mut under_way = self.flights.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if under_way.by_key.get(&self.key).is_some_and(|flight| flight.number == self.number) {
            under_way.by_key.remove(&self.key);
        }
    }
}

impl<T: Clone> Default for Flights<T> {
    fn default() -> Self {
        Self { under_way: Mutex::new(UnderWay { by_key: HashMap::new(), started: 0 }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Timestamp;

    /// A clock that is set back, or stands still, lets nobody join a question that is too old.
    #[tokio::test(start_paused = true)]
    async fn a_question_is_shared_for_its_age_only() {
        let (flights, staleness) = (Arc::new(Flights::default()), Duration::from_secs(30));
        let mut asked = 0;
        let mut join = || {
            let now = Moment::at(Timestamp::from_unix_seconds(1_000));
            let flight = flights.join(Key([0; 32]), now, staleness, || {
                asked += 1;
                std::future::pending::<()>()
            });
            (flight, asked)
        };
        let (_first, number) = join();
        assert_eq!(number, 1);
        tokio::time::advance(Duration::from_millis(29_999)).await;
        let (_second, number) = join();
        assert_eq!(number, 1);
        tokio::time::advance(Duration::from_millis(1)).await;
        let (_third, number) = join();
        assert_eq!(number, 2);
    }
}
