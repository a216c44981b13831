//! Welch's t-test of two classes of times.

use std::fmt;

use super::subject::Class;

/// What became of one subject.
pub(crate) struct Report {
    /// Welch's t: the difference of the means in its standard errors.
    pub(crate) t: f64,
    /// Samples that count, of the class that differs in the first byte, and of the other.
    counts: [u32; 2],
    /// Their means in nanoseconds.
    means: [f64; 2],
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ([first, last], [n, m]) = (self.means, self.counts);
        write!(f, "first {first:8.2} ns, last {last:8.2} ns, of {n} and {m}, t = {:+.2}", self.t)
    }
}

/// Counts, sums and squares of one class.
#[derive(Default)]
struct Moments {
    count: u32,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Welford's way, which loses no digits.
    fn add(&mut self, value: f64) {
        self.count += 1;
        let off = value - self.mean;
        self.mean += off / f64::from(self.count);
        self.squares += off * (value - self.mean);
    }

    /// The variance of the mean.
    fn of_mean(&self) -> f64 {
        let count = f64::from(self.count.max(2));
        self.squares / (count - 1.0) / count
    }
}

/// Of all samples the fastest `kept` in a hundred, whatever their class.
pub(crate) fn t_of(samples: &[(Class, u32)], kept: usize) -> Report {
    let mut times: Vec<_> = samples.iter().map(|(_, time)| *time).collect();
    times.sort_unstable();
    let limit = times.get(times.len() * kept / 100).copied().unwrap_or(u32::MAX);
    let [mut first, mut last] = [Moments::default(), Moments::default()];
    for (class, time) in samples.iter().filter(|(_, time)| *time <= limit) {
        let moments = match class {
            Class::First => &mut first,
            Class::Last => &mut last,
        };
        moments.add(f64::from(*time));
    }
    let t = (first.mean - last.mean) / (first.of_mean() + last.of_mean()).sqrt();
    Report { t, counts: [first.count, last.count], means: [first.mean, last.mean] }
}
