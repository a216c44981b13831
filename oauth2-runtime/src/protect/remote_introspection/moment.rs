use std::time::Duration;

use tokio::time::Instant;

use crate::types::Timestamp;

/// When something was, by the clock on the wall and by one that nobody can set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    wall: Timestamp,
    steady: Instant,
}

impl Moment {
    /// Now, when the clock on the wall says `wall`.
    pub(super) fn at(wall: Timestamp) -> Self {
        Self { wall, steady: Instant::now() }
    }

    /// How long it is until `later`, by the clock on the wall; nothing if that is over.
    pub(super) fn until(self, later: Timestamp) -> Duration {
        let seconds = later.unix_seconds().saturating_sub(self.wall.unix_seconds());
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// Whether less than `age`, whole seconds, has passed since `earlier`. Both clocks must agree: one may be set back, and the
    /// other one may stand still while the machine sleeps.
    pub(super) fn is_within(self, age: Duration, earlier: Self) -> bool {
        earlier.wall <= self.wall
            && self.wall < earlier.wall.after(age)
            && self.steady.saturating_duration_since(earlier.steady) < age
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGE: Duration = Duration::from_secs(30);
    const START: i64 = 1_000;

    fn now(wall: i64) -> Moment {
        Moment::at(Timestamp::from_unix_seconds(wall))
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_on_the_wall_bounds_an_age() {
        let earlier = now(START);
        assert!(now(START).is_within(AGE, earlier) && now(START + 29).is_within(AGE, earlier));
        assert!(!now(START + 30).is_within(AGE, earlier));
        assert!(!now(START - 1).is_within(AGE, earlier));
        assert!(!now(START).is_within(Duration::ZERO, earlier));
    }

    /// 29 s pass, the clock is set back by 29 s, and it goes on.
    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_back_prolongs_no_age() {
        let earlier = now(START);
        tokio::time::advance(Duration::from_secs(29)).await;
        assert!(now(START).is_within(AGE, earlier));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!now(START + 1).is_within(AGE, earlier));
    }
}
