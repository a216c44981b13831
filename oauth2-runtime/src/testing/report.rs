use std::fmt::{self, Debug};

use crate::error::Error;

/// What became of each promise.
#[derive(Debug, Clone, Default)]
#[must_use = "a store that breaks its promises does not fail by itself"]
pub struct Report {
    kept: Vec<&'static str>,
    broken: Vec<Violation>,
}

/// A promise that a store does not keep. Displayed in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The promise.
    pub promise: &'static str,
    /// What happened instead.
    pub seen: String,
}

impl Report {
    /// The promises that were kept, in the order they were tried.
    #[must_use]
    pub fn kept(&self) -> &[&'static str] {
        &self.kept
    }

    /// Those that were not.
    #[must_use]
    pub fn broken(&self) -> &[Violation] {
        &self.broken
    }

    pub(super) fn add(&mut self, promise: &'static str, kept: Kept) {
        match kept {
            Ok(()) => self.kept.push(promise),
            Err(Seen(seen)) => self.broken.push(Violation { promise, seen }),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.promise, self.seen)
    }
}

/// Whether a promise was kept.
pub(super) type Kept = Result<(), Seen>;

/// What happened instead of what was promised.
pub(super) struct Seen(String);

impl From<Error> for Seen {
    fn from(error: Error) -> Self {
        Self(format!("the store failed: {error}"))
    }
}

/// What was seen must be what was promised.
pub(super) fn expect<T: PartialEq + Debug>(what: &str, seen: T, promised: T) -> Kept {
    if seen == promised { Ok(()) } else { Err(Seen(format!("{what}: {seen:?} instead of {promised:?}"))) }
}
