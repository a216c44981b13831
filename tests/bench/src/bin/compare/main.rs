//! Whether the comparisons of secrets take a time that tells where two values differ (the method of dudect): one class
//! of inputs differs in the last byte, the other in the first, and a t-test says whether their times do.

mod subject;
mod welch;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use oauth2_bench::Failure;

use subject::{Class, Subject};
use welch::t_of;

/// Samples of one subject, of both classes together.
const SAMPLES: usize = 1_000_000;
/// A difference that is there by chance is larger once in some hundred thousand times.
const GATE: f64 = 4.5;
/// Of so many samples in a hundred the fastest count: the others were interrupted.
const KEPT: usize = 90;
/// Calls of one sample, so that a clock of some ten nanoseconds sees them.
const CALLS: usize = 8;

fn main() -> ExitCode {
    match compare() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

/// Whether the gate holds.
fn compare() -> Result<bool, Failure> {
    let control = measure("a loop that ends early (control)", subject::early_exit()?)?;
    if control < GATE {
        return Err(
            "the control is not told apart: this machine is too busy to measure, or too few samples".into()
        );
    }
    let measured = [
        measure("Digest::matches", subject::digest()?)?,
        measure("SecretHash::verify", subject::secret_hash()?)?,
        measure("CodeChallenge::verify", subject::code_challenge()?)?,
    ];
    let holds = measured.iter().all(|t| *t < GATE);
    println!("the gate of {GATE} {}", if holds { "holds" } else { "does not hold" });
    Ok(holds)
}

/// How far apart the two classes are, |t|.
fn measure<T: Clone>(name: &str, subject: Subject<T>) -> Result<f64, Failure> {
    let mut order = vec![0; SAMPLES];
    getrandom::fill(&mut order)?;
    let mut samples = Vec::with_capacity(SAMPLES);
    for random in order {
        let class = if random & 1 == 0 { Class::First } else { Class::Last };
        // Both classes are copied to the same place, so that only their bytes differ.
        let stored = black_box(subject.stored(class).clone());
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box((subject.call)(black_box(&stored)));
        }
        let passed = start.elapsed();
        samples.push((class, u32::try_from(passed.as_nanos()).unwrap_or(u32::MAX)));
    }
    let report = t_of(&samples, KEPT);
    println!("{name:34} {report}");
    Ok(report.t.abs())
}
