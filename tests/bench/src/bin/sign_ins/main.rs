//! Has people sign in at `provider`, from the first request to the token, and reads what that took of its memory and its
//! processor time.

mod flow;
mod seed;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use oauth2_bench::Failure;
use oauth2_bench::process::{Folder, Server};
use tokio::task::JoinSet;

use seed::Seed;

/// Each of so many people signs in once for each of so many clients: never twice for the same one, or there would be no
/// consent page.
const PEOPLE: usize = 100;
const CLIENTS: usize = 100;
const FLOWS: usize = PEOPLE * CLIENTS;
/// How many are under way at once.
const AT_ONCE: usize = 16;
/// The peak of resident memory above which the measurement fails.
const GATE_KIB: u64 = 80 * 1024;
/// How long all of them may take.
const LIMIT: Duration = Duration::from_mins(30);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match measure().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

/// Whether the gate holds.
async fn measure() -> Result<bool, Failure> {
    let folder = Folder::create()?;
    let (seed, file) = (Seed::generate(PEOPLE, CLIENTS)?, folder.file("seed.json"));
    std::fs::write(&file, seed.to_json()?)?;
    let (database, file) = (format!("sqlite://{}", folder.file("provider.db").display()), file.display());
    let arguments = ["--bind", "127.0.0.1:0", "--database", &database, "--seed", &file.to_string()];
    let server = Arc::new(Server::start("provider", arguments)?);
    let (memory_before, cpu_before, started) = (server.peak_memory()?, server.cpu()?, Instant::now());
    tokio::time::timeout(LIMIT, run(&server, &Arc::new(seed))).await??;
    let (elapsed, cpu) = (started.elapsed(), server.cpu()?.saturating_sub(cpu_before));
    let (memory, flows) = (server.peak_memory()?, f64::from(u32::try_from(FLOWS)?));
    let holds = memory <= GATE_KIB;
    println!(
        "{FLOWS} sign-ins in {:.0} s, {AT_ONCE} at once: {:.1} a second, {:.1} ms of processor time each",
        elapsed.as_secs_f64(),
        flows / elapsed.as_secs_f64(),
        cpu.as_secs_f64() * 1e3 / flows
    );
    println!(
        "peak resident memory: {memory_before} KiB before, {memory} KiB after; the gate of {GATE_KIB} KiB {}",
        if holds { "holds" } else { "FAILS" }
    );
    Ok(holds)
}

async fn run(server: &Arc<Server>, seed: &Arc<Seed>) -> Result<(), Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (server, seed, next) = (Arc::clone(server), Arc::clone(seed), Arc::clone(&next));
        running.spawn(async move {
            loop {
                let flow = next.fetch_add(1, Ordering::Relaxed);
                if flow >= FLOWS {
                    return Ok::<_, Failure>(());
                }
                if (flow + 1).is_multiple_of(FLOWS / 10) {
                    eprintln!("sign-in {} of {FLOWS}", flow + 1);
                }
                let client = seed.client(flow % CLIENTS)?;
                flow::sign_in(server.address, &Seed::person(flow / CLIENTS), client).await?;
            }
        });
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    Ok(())
}
