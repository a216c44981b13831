//! The servers under load: sibling programs of this one, each a child with a database of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, io};

use crate::Failure;

/// The unit of the times in `/proc/PID/stat`: the kernel reports them to programs in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A temporary folder; removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn create() -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("oauth2-bench-{}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    pub(crate) fn database(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.db"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running server; stopped when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

impl Server {
    pub(crate) fn start(name: &str, database: &Path) -> Result<Self, Failure> {
        let program = env::current_exe()?.with_file_name(name);
        let child = Command::new(&program)
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}; build it first", program.display()))?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { child, address, client_id: String::new(), secret: String::new() };
        let output = server.child.stdout.take().ok_or("the server has no output")?;
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(client_id) = line.strip_prefix("client ") {
                client_id.clone_into(&mut server.client_id);
            } else if let Some(secret) = line.strip_prefix("secret ") {
                secret.clone_into(&mut server.secret);
            } else if let Some(address) = line.strip_prefix("listening on ") {
                server.address = address.parse()?;
                return Ok(server);
            }
        }
        Err(format!("{name} ended before it listened").into())
    }

    /// The processor time it has spent, in user code and in the kernel.
    pub(crate) fn cpu(&self) -> Result<Duration, Failure> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The second field is the program's name in parentheses; user and kernel time are fields 14 and 15.
        let (_, fields) = stat.rsplit_once(')').ok_or("an unknown form of /proc/PID/stat")?;
        let ticks: Vec<u32> =
            fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(TICK * ticks.iter().sum())
    }

    /// The most memory that was resident at any one time, in KiB.
    pub(crate) fn peak_memory(&self) -> Result<u64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        Ok(line.ok_or("no VmHWM in /proc/PID/status")?.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
