//! What the operator reads.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The framework's lines of one test.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    /// Collects what this thread logs: the test's own runtime has no other.
    #[must_use]
    pub fn open() -> (Self, DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .without_time()
            .with_max_level(LevelFilter::INFO)
            .with_writer(log.clone());
        let guard = tracing::subscriber::set_default(subscriber.finish());
        (log, guard)
    }

    /// Collects what every thread of the process logs, at all levels. Once a process: with tests beside it, whatever another
    /// thread logs first would count as switched off.
    #[must_use]
    pub fn of_process() -> Self {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time();
        subscriber.with_max_level(LevelFilter::TRACE).with_writer(log.clone()).init();
        log
    }

    /// Everything so far.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The framework's lines since the last call, without those about listening.
    pub fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap();
        let own = text.lines().map(str::trim).filter(|line| line.contains("oauth2_runtime::"));
        own.filter(|line| !line.contains("listening")).map(str::to_owned).collect()
    }
}
