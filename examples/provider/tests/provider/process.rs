//! The program as a process, with everything it writes searched for secrets.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{JoinHandle, panicking, sleep, spawn};
use std::time::{Duration, Instant};

use crate::leaks::{Secret, assert_none, secrets_of_seeds};

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
    /// What it has written on standard output and on standard error, until it is searched.
    written: Option<[JoinHandle<String>; 2]>,
    folder: PathBuf,
    /// Of the seed it was started with.
    secrets: Vec<Secret>,
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
    /// Starts it in `folder`. It logs everything there is, unless a variable says otherwise.
    pub(crate) fn start(folder: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command.current_dir(folder).args(flags).env("RUST_LOG", "trace").envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (said, lines) = channel();
        let output = spawn(move || {
            let mut output = String::new();
            for line in BufReader::new(stdout).lines() {
                let line = line.unwrap();
                output.extend([line.as_str(), "\n"]);
                let _ = said.send(line);
            }
            output
        });
        let log = spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let (folder, secrets) = (folder.to_owned(), secrets_of_seeds(folder));
        Self { child, lines, written: Some([output, log]), folder, secrets }
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

    /// The log of a program that has ended. Before anybody prints it, all that the program has written is searched.
    fn read_log(&mut self) -> String {
        let [output, log] = self.written.take().unwrap().map(|written| written.join().unwrap());
        assert_none("standard output", output.as_bytes(), &self.secrets);
        assert_none("the log", log.as_bytes(), &self.secrets);
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            // A seed is what the secrets are from.
            if path.is_file() && path.extension().is_none_or(|extension| extension != "json") {
                assert_none(&path.display().to_string(), &std::fs::read(&path).unwrap(), &self.secrets);
            }
        }
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.written.is_some() && !panicking() {
            self.read_log();
        }
    }
}

/// What becomes of a program that must not start: it says nothing, writes one line and exits with 1.
pub(crate) fn refused(folder: &Path, flags: &[&str], variables: &[(&str, &str)]) -> String {
    let variables = [&[("RUST_LOG", "")], variables].concat();
    let ended = Process::start(folder, flags, &variables).end();
    assert_eq!((ended.code, ended.lines.len()), (Some(1), 0), "{flags:?} {ended:?}");
    let line = ended.log.strip_prefix("Error: ").and_then(|rest| rest.strip_suffix('\n'));
    let line = line.unwrap_or_else(|| panic!("{flags:?} {ended:?}"));
    assert!(!line.contains('\n'), "{flags:?} {ended:?}");
    line.to_owned()
}
