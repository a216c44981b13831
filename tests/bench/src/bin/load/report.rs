use std::fmt;
use std::time::Duration;

use crate::Pair;

/// The median ratio above which the comparison fails.
const GATE: f64 = 1.6;

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// Requests in a second of the wall clock.
    rate: f64,
    /// Processor microseconds a request.
    cpu: f64,
}

impl Sample {
    pub(crate) fn new(requests: usize, elapsed: Duration, cpu: Duration) -> Self {
        let requests = f64::from(u32::try_from(requests).unwrap_or(u32::MAX));
        Self { rate: requests / elapsed.as_secs_f64(), cpu: cpu.as_secs_f64() * 1e6 / requests }
    }
}

/// The rounds of one endpoint, both servers.
pub(crate) struct Comparison {
    endpoint: &'static str,
    declared: Vec<Sample>,
    twin: Vec<Sample>,
}

impl Comparison {
    pub(crate) const fn new(endpoint: &'static str) -> Self {
        Self { endpoint, declared: Vec::new(), twin: Vec::new() }
    }

    pub(crate) fn add(&mut self, [declared, twin]: Pair<Sample>) {
        self.declared.push(declared);
        self.twin.push(twin);
    }

    /// Declared over twin, one a round, in ascending order.
    fn ratios(&self) -> Vec<f64> {
        sorted(self.declared.iter().zip(&self.twin).map(|(declared, twin)| declared.cpu / twin.cpu))
    }

    /// Whether the median ratio is below the gate.
    pub(crate) fn holds(&self) -> bool {
        median(&self.ratios()) <= GATE
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:16} {:>14} {:>14} {:>12} {:>12} {:>6}",
            self.endpoint, "declared req/s", "twin req/s", "declared us", "twin us", "ratio"
        )?;
        let line = |f: &mut fmt::Formatter<'_>, name: &str, declared: Sample, twin: Sample, ratio: f64| {
            writeln!(
                f,
                "{name:16} {:14.0} {:14.0} {:12.1} {:12.1} {ratio:6.2}",
                declared.rate, twin.rate, declared.cpu, twin.cpu
            )
        };
        for (round, (declared, twin)) in self.declared.iter().zip(&self.twin).enumerate() {
            line(f, &format!("round {}", round + 1), *declared, *twin, declared.cpu / twin.cpu)?;
        }
        let ratios = self.ratios();
        line(f, "median", middle(&self.declared), middle(&self.twin), median(&ratios))?;
        let (least, most) = (ratios.first().unwrap_or(&f64::NAN), ratios.last().unwrap_or(&f64::NAN));
        let verdict = if self.holds() { "holds" } else { "FAILS" };
        writeln!(f, "CPU ratio {:.2} ({least:.2}..{most:.2}); the gate of {GATE} {verdict}", median(&ratios))
    }
}

/// The medians of the rates and of the processor times.
fn middle(samples: &[Sample]) -> Sample {
    let of = |value: fn(&Sample) -> f64| median(&sorted(samples.iter().map(value)));
    Sample { rate: of(|sample| sample.rate), cpu: of(|sample| sample.cpu) }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle of an odd number of values in ascending order.
fn median(values: &[f64]) -> f64 {
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
