//! The servers that are measured: sibling programs of the one that measures, each a child with a database of its own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, io, thread};

use crate::Failure;

/// The unit of the times in `/proc/PID/stat`: the kernel reports them to programs in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A temporary folder; removed at the end.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// When the file system refuses.
    pub fn create() -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("oauth2-bench-{}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    /// A file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running server; stopped when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    said: Vec<String>,
}

impl Server {
    /// Starts the program `name` and waits until it says `listening on ADDRESS`.
    ///
    /// # Errors
    ///
    /// When there is no such program beside this one, or it ends before it listens.
    pub fn start<A: AsRef<OsStr>>(
        name: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Self, Failure> {
        let program = env::current_exe()?.with_file_name(name);
        let child = Command::new(&program)
            .args(arguments)
            // A line for every request would hide what this program prints.
            .env("RUST_LOG", "warn")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}; build it first", program.display()))?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { child, address, said: Vec::new() };
        let mut output = BufReader::new(server.child.stdout.take().ok_or("the server has no output")?);
        for line in output.by_ref().lines() {
            let line = line?;
            let Some(address) = line.strip_prefix("listening on ") else {
                server.said.push(line);
                continue;
            };
            server.address = address.trim_start_matches("http://").trim_end_matches('/').parse()?;
            // Nobody may wait for us to read what else it has to say, or fail because we do not.
            thread::spawn(move || io::copy(&mut output, &mut io::sink()));
            return Ok(server);
        }
        Err(format!("{name} ended before it listened").into())
    }

    /// What it has called `name` before it listened.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<&str> {
        self.said.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
    }

    /// The processor time it has spent, in user code and in the kernel.
    ///
    /// # Errors
    ///
    /// When the process has ended.
    pub fn cpu(&self) -> Result<Duration, Failure> {
        let stat = fs::read_to_string(self.proc("stat"))?;
        // The second field is the program's name in parentheses; user and kernel time are fields 14 and 15.
        let (_, fields) = stat.rsplit_once(')').ok_or("an unknown form of /proc/PID/stat")?;
        let ticks: Vec<u32> =
            fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(TICK * ticks.iter().sum())
    }

    /// The most memory that was resident at any one time, in KiB.
    ///
    /// # Errors
    ///
    /// When the process has ended.
    pub fn peak_memory(&self) -> Result<u64, Failure> {
        let status = fs::read_to_string(self.proc("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        Ok(line.ok_or("no VmHWM in /proc/PID/status")?.trim().trim_end_matches(" kB").parse()?)
    }

    fn proc(&self, file: &str) -> PathBuf {
        Path::new("/proc").join(self.child.id().to_string()).join(file)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
