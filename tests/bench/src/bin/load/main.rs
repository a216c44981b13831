//! Drives `declared` and `twin` over loopback and compares the processor time each spends on a request.

mod connection;
mod load;
mod process;
mod report;
mod side;

use std::process::ExitCode;

use process::Folder;
use report::{Comparison, Sample};
use side::Side;

/// One of `declared`, one of `twin`.
type Pair<T> = [T; 2];
type Failure = Box<dyn std::error::Error + Send + Sync>;

const ROUNDS: usize = 5;
const TOKEN_REQUESTS: usize = 9_600;
const RESOURCE_REQUESTS: usize = 48_000;
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
    let (mut tokens, mut resources) = (Comparison::new("token endpoint"), Comparison::new("protected route"));
    for round in 1..=ROUNDS {
        let (token, resource) = measure(&folder, round).await?;
        eprintln!("round {round} of {ROUNDS} is done");
        tokens.add(token);
        resources.add(resource);
    }
    print!("{tokens}\n{resources}\n");
    for name in SERVERS {
        let side = Side::start(name, &folder.database(&format!("{name}-memory"))).await?;
        let peak = side.peak_memory(MEMORY_TOKENS).await?;
        println!("peak resident memory after {MEMORY_TOKENS} tokens, {name}: {peak} KiB");
    }
    Ok(tokens.holds() & resources.holds())
}

/// One round: both servers, each with a database of its own, stopped at the end.
async fn measure(folder: &Folder, round: usize) -> Result<(Pair<Sample>, Pair<Sample>), Failure> {
    let [declared, twin] = SERVERS.map(|name| (name, folder.database(&format!("{name}-{round}"))));
    let mut sides = [Side::start(declared.0, &declared.1).await?, Side::start(twin.0, &twin.1).await?];
    let tokens = in_turns(round, &mut sides, TOKEN_REQUESTS).await?;
    for side in &mut sides {
        side.use_tokens().await?;
    }
    let resources = in_turns(round, &mut sides, RESOURCE_REQUESTS).await?;
    Ok((tokens, resources))
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
