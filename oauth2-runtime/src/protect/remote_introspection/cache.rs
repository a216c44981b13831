use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Introspected, Key, Moment};
use crate::types::Scope;

/// Answers about good tokens, the oldest of which go first when there are too many.
pub(super) struct Cache<S: Scope> {
    capacity: usize,
    entries: Mutex<Entries<S>>,
}

struct Entries<S: Scope> {
    known: HashMap<Key, Entry<S>>,
    /// Every insertion, oldest first. One whose entry was replaced since has another number.
    order: VecDeque<(Key, u64)>,
    inserted: u64,
}

struct Entry<S: Scope> {
    token: Introspected<S>,
    number: u64,
    asked: Moment,
    age: Duration,
}

impl<S: Scope> Cache<S> {
    pub(super) fn new(capacity: usize) -> Self {
        let entries = Entries { known: HashMap::new(), order: VecDeque::new(), inserted: 0 };
        Self { capacity, entries: Mutex::new(entries) }
    }

    /// What is known at `now`. A clock that was set back must not make an answer live longer.
    pub(super) fn get(&self, key: Key, now: Moment) -> Option<Introspected<S>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.known.get(&key)?;
        if now.is_within(entry.age, entry.asked) {
            return Some(entry.token.clone());
        }
        entries.known.remove(&key);
        None
    }

    /// Remembers what was asked at `asked`, for less than `age` since then.
    pub(super) fn put(&self, key: Key, token: Introspected<S>, asked: Moment, age: Duration) {
        if self.capacity == 0 || age.as_secs() == 0 {
            return;
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        while entries.order.len() >= self.capacity {
            entries.forget_oldest();
        }
        entries.inserted = entries.inserted.wrapping_add(1);
        let number = entries.inserted;
        entries.order.push_back((key, number));
        entries.known.insert(key, Entry { token, number, asked, age });
    }
}

impl<S: Scope> Entries<S> {
    fn forget_oldest(&mut self) {
        if let Some((key, number)) = self.order.pop_front()
            && self.known.get(&key).is_some_and(|entry| entry.number == number)
        {
            self.known.remove(&key);
        }
    }
}
