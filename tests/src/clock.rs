//! Time that passes only when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use oauth2_runtime::prelude::Timestamp;
use oauth2_runtime::time::Clock;

/// The second every test starts at.
pub const START: i64 = 1_800_000_000;

/// A clock that stands still until it is stepped. Clones show the same time.
#[derive(Debug, Clone)]
pub struct SteppingClock(Arc<AtomicI64>);

impl Default for SteppingClock {
    fn default() -> Self {
        Self::at(START)
    }
}

impl SteppingClock {
    /// One that shows this second.
    #[must_use]
    pub fn at(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    /// Lets `seconds` pass.
    pub fn step(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.load(Ordering::SeqCst))
    }
}
