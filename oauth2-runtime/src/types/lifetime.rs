use std::fmt;
use std::time::Duration;

/// How long something lives, in whole seconds, as a column: a client's `access_token_ttl`.
///
/// ```
/// use oauth2_runtime::types::Lifetime;
/// assert_eq!(Lifetime::minutes(10), Lifetime::seconds(600));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lifetime(u32);

impl Lifetime {
    /// The longest one that is stored: a year.
    pub const MAX: Self = Self::days(365);

    /// So many seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// So many minutes; the longest representable lifetime on overflow, as below.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes.saturating_mul(60))
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self(hours.saturating_mul(3_600))
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self(days.saturating_mul(86_400))
    }

    /// In seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u32 {
        self.0
    }

    /// The same as the standard library has it.
    #[must_use]
    pub const fn as_duration(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }

    /// Whether it may be stored: from one second to [`Lifetime::MAX`].
    pub(crate) const fn is_sane(self) -> bool {
        self.0 > 0 && self.0 <= Self::MAX.0
    }

    /// The lifetime that was stored as `seconds`.
    ///
    /// # Errors
    ///
    /// When nothing may live so long, or lives at all.
    pub(crate) fn from_stored(seconds: i64) -> Result<Self, InvalidLifetime> {
        u32::try_from(seconds).ok().map(Self).filter(|lifetime| lifetime.is_sane()).ok_or(InvalidLifetime)
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

/// A stored lifetime that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidLifetime;

impl fmt::Display for InvalidLifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a lifetime is from one second to a year")
    }
}

impl std::error::Error for InvalidLifetime {}
