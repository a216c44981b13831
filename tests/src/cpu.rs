//! Processor time: what work costs, however busy the machine is with other work.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// What this thread has used. Of what runs on other threads, such as the database's, nothing counts.
#[must_use]
pub fn of_thread() -> Duration {
    duration(clock_gettime(ClockId::ThreadCPUTime))
}

/// What all threads of this process have used, those that have ended included.
#[must_use]
pub fn of_process() -> Duration {
    duration(clock_gettime(ClockId::ProcessCPUTime))
}

fn duration(time: Timespec) -> Duration {
    time.try_into().unwrap()
}
