//! What is remembered of browsers: for some time, and of no more than fit into a small process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Browsers that are remembered. The one that has waited longest makes room for the next.
const MOST: usize = 1_000;

/// Things by the cookies of the browsers that they belong to.
pub(crate) struct Remembered<T> {
    lifetime: Duration,
    browsers: Mutex<HashMap<String, (Instant, T)>>,
}

impl<T> Remembered<T> {
    pub(crate) fn lasting(lifetime: Duration) -> Self {
        Self { lifetime, browsers: Mutex::default() }
    }

    pub(crate) fn keep(&self, browser: String, thing: T) {
        let mut browsers = self.lock();
        browsers.retain(|_, (since, _)| since.elapsed() < self.lifetime);
        let oldest = browsers.iter().min_by_key(|(_, (since, _))| *since).map(|(browser, _)| browser.clone());
        if let Some(oldest) = oldest.filter(|_| browsers.len() >= MOST) {
            browsers.remove(&oldest);
        }
        browsers.insert(browser, (Instant::now(), thing));
    }

    /// It is forgotten then.
    pub(crate) fn take(&self, browser: &str) -> Option<T> {
        self.take_if(browser, |_| true)
    }

    /// It is forgotten then, and stays otherwise.
    pub(crate) fn take_if(&self, browser: &str, is_meant: impl FnOnce(&T) -> bool) -> Option<T> {
        let mut browsers = self.lock();
        is_meant(&browsers.get(browser)?.1).then_some(())?;
        let (since, thing) = browsers.remove(browser)?;
        (since.elapsed() < self.lifetime).then_some(thing)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Instant, T)>> {
        self.browsers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Remembered<T> {
    pub(crate) fn get(&self, browser: &str) -> Option<T> {
        let browsers = self.lock();
        let (since, thing) = browsers.get(browser)?;
        (since.elapsed() < self.lifetime).then(|| thing.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_forgotten_when_it_was_taken_and_when_its_time_is_over() {
        let long = Remembered::lasting(Duration::from_hours(1));
        long.keep("a".into(), 1);
        assert_eq!(
            (long.get("a"), long.get("b"), long.take("a"), long.take("a")),
            (Some(1), None, Some(1), None)
        );
        long.keep("a".into(), 1);
        assert_eq!((long.take_if("a", |thing| *thing == 2), long.get("a")), (None, Some(1)));
        assert_eq!((long.take_if("a", |thing| *thing == 1), long.get("a")), (Some(1), None));
        let short = Remembered::lasting(Duration::ZERO);
        for (browser, left) in [("a", 1), ("b", 1)] {
            short.keep(browser.into(), 1);
            assert_eq!(short.lock().len(), left, "the ones before are thrown away");
            assert_eq!(short.get(browser), None);
        }
        assert_eq!(short.take("b"), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let remembered = Remembered::lasting(Duration::from_hours(1));
        remembered.keep("0".into(), 0);
        let first = Instant::now();
        while first.elapsed().is_zero() {}
        for browser in 1..=MOST {
            remembered.keep(browser.to_string(), browser);
        }
        assert_eq!(remembered.lock().len(), MOST);
        assert_eq!((remembered.get("0"), remembered.get("1")), (None, Some(1)));
        assert_eq!(remembered.get(&MOST.to_string()), Some(MOST));
    }
}
