//! Drives `declared` and `twin` over loopback and compares the processor time each spends on a request.

mod codes;
mod connection;
mod lane;
mod load;
mod report;
mod side;

use std::process::ExitCode;

use oauth2_bench::Failure;
use oauth2_bench::process::Folder;

use codes::Codes;
use report::{Comparison, Sample};
use side::Side;

/// One of `declared`, one of `twin`.
type Pair<T> = [T; 2];

const ROUNDS: usize = 5;
const ENDPOINTS: [&str; 4] = ["token endpoint", "protected route", "code redemption", "refresh"];
const TOKEN_REQUESTS: usize = 9_600;
const RESOURCE_REQUESTS: usize = 48_000;
const REDEMPTIONS: usize = 5_760;
const REFRESHES: usize = 5_760;
/// The tokens after which the declared server's peak memory is read.
const MEMORY_TOKENS: usize = 10_000;
/// Parts of a measurement between which the servers alternate.
const TURNS: usize = 15;
const SERVERS: Pair<&str> = ["declared", "twin"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match compare().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

/// Whether the gate holds.
async fn compare() -> Result<bool, Failure> {
    let folder = Folder::create()?;
    let mut comparisons = ENDPOINTS.map(Comparison::new);
    for round in 1..=ROUNDS {
        let samples = measure(&folder, round).await?;
        eprintln!("round {round} of {ROUNDS} is done");
        for (comparison, sample) in comparisons.iter_mut().zip(samples) {
            comparison.add(sample);
        }
    }
    for comparison in &comparisons {
        println!("{comparison}");
    }
    for name in SERVERS {
        let side = Side::start(name, &folder, &format!("{name}-memory.db")).await?;
        let peak = side.peak_memory(MEMORY_TOKENS).await?;
        println!("peak resident memory after {MEMORY_TOKENS} tokens, {name}: {peak} KiB");
    }
    Ok(comparisons.iter().all(Comparison::holds))
}

/// One round: both servers, each with a database of its own, stopped at the end. What each endpoint of [`ENDPOINTS`]
/// costs.
async fn measure(folder: &Folder, round: usize) -> Result<[Pair<Sample>; 4], Failure> {
    let [declared, twin] = SERVERS.map(|name| (name, format!("{name}-{round}.db")));
    let mut sides =
        [Side::start(declared.0, folder, &declared.1).await?, Side::start(twin.0, folder, &twin.1).await?];
    let codes = Codes::generate(load::sent(REDEMPTIONS))?;
    for side in &sides {
        side.add(&codes).await?;
    }
    let tokens = in_turns(round, &mut sides, TOKEN_REQUESTS).await?;
    for side in &mut sides {
        side.use_tokens().await?;
    }
    let resources = in_turns(round, &mut sides, RESOURCE_REQUESTS).await?;
    for side in &mut sides {
        side.redeem(&codes).await?;
    }
    let redemptions = in_turns(round, &mut sides, REDEMPTIONS).await?;
    for side in &mut sides {
        side.refresh().await?;
    }
    let refreshes = in_turns(round, &mut sides, REFRESHES).await?;
    Ok([tokens, resources, redemptions, refreshes])
}

/// Loads the two servers in short turns, so that what else the machine does meets both. Which one is first
/// changes from turn to turn and from round to round.
async fn in_turns(round: usize, sides: &mut Pair<Side>, requests: usize) -> Result<Pair<Sample>, Failure> {
    for side in &mut *sides {
        side.begin().await?;
    }
    for turn in 0..TURNS {
        let mut order = sides.each_mut();
        if (round + turn).is_multiple_of(2) {
            order.reverse();
        }
        for side in order {
            side.turn(requests / TURNS).await?;
        }
    }
    let [declared, twin] = sides;
    Ok([declared.sample()?, twin.sample()?])
}
