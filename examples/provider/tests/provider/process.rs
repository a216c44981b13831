//! The program as a process.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

/// Starting hashes passwords in a debug build, with other tests beside it.
const LIMIT: Duration = Duration::from_mins(1);

/// What the environment of the tests must not decide.
const VARIABLES: [&str; 7] = [
    "DATABASE_URL",
    "PROVIDER_AUDIT",
    "PROVIDER_BIND",
    "PROVIDER_ISSUER",
    "PROVIDER_SEED",
    "PROVIDER_SERVER",
    "RUST_LOG",
];

/// A running program.
pub(crate) struct Process {
    child: Child,
    lines: Receiver<String>,
    log: Option<JoinHandle<String>>,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code; none when a signal has killed it.
    pub(crate) code: Option<i32>,
    /// The lines on standard output that nobody has read.
    pub(crate) lines: Vec<String>,
    /// What it wrote on standard error.
    pub(crate) log: String,
}

impl Process {
    /// Starts it in `folder`.
    pub(crate) fn start(folder: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command.current_dir(folder).args(flags).envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (said, lines) = channel();
        spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let _ = said.send(line.unwrap());
            }
        });
        let log = spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        Self { child, lines, log: Some(log) }
    }

    /// Where it says it listens.
    pub(crate) fn address(&mut self) -> SocketAddr {
        let Ok(line) = self.lines.recv_timeout(LIMIT) else {
            let _ = self.child.kill();
            panic!("it does not listen: {}", self.read_log());
        };
        let address = line.strip_prefix("listening on http://");
        address.unwrap_or_else(|| panic!("`{line}`")).parse().unwrap()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: &str) {
        let command = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
    }

    /// Waits until it has ended.
    pub(crate) fn end(&mut self) -> Ended {
        let deadline = Instant::now() + LIMIT;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it does not end");
            sleep(Duration::from_millis(5));
        };
        Ended { code: status.code(), lines: self.lines.iter().collect(), log: self.read_log() }
    }

    fn read_log(&mut self) -> String {
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What becomes of a program that must not start: it says nothing, writes one line and exits with 1.
pub(crate) fn refused(folder: &Path, flags: &[&str], variables: &[(&str, &str)]) -> String {
    let ended = Process::start(folder, flags, variables).end();
    assert_eq!((ended.code, ended.lines.len()), (Some(1), 0), "{flags:?} {ended:?}");
    let line = ended.log.strip_prefix("Error: ").and_then(|rest| rest.strip_suffix('\n'));
    let line = line.unwrap_or_else(|| panic!("{flags:?} {ended:?}"));
    assert!(!line.contains('\n'), "{flags:?} {ended:?}");
    line.to_owned()
}
