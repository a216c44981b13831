use std::path::Path;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::load::{CONNECTIONS, Load};
use crate::process::Server;
use crate::report::Sample;

/// One of the two servers, and what it is loaded with.
pub(crate) struct Side {
    server: Server,
    load: Load,
    access_tokens: Vec<String>,
    cpu_before: Duration,
    elapsed: Duration,
    requests: usize,
}

impl Side {
    /// Starts the server and prepares token requests, for which it issues one token on each connection.
    pub(crate) async fn start(name: &str, database: &Path) -> Result<Self, Failure> {
        let server = Server::start(name, database)?;
        let (load, access_tokens) = Load::tokens(&server).await?;
        let nothing = Duration::ZERO;
        Ok(Self { server, load, access_tokens, cpu_before: nothing, elapsed: nothing, requests: 0 })
    }

    /// Goes on with requests of the protected route.
    pub(crate) async fn use_tokens(&mut self) -> Result<(), Failure> {
        self.load = Load::resource(&self.server, &self.access_tokens).await?;
        Ok(())
    }

    /// Starts a measurement.
    pub(crate) async fn begin(&mut self) -> Result<(), Failure> {
        self.load.warm_up().await?;
        (self.cpu_before, self.elapsed, self.requests) = (self.server.cpu()?, Duration::ZERO, 0);
        Ok(())
    }

    pub(crate) async fn turn(&mut self, requests: usize) -> Result<(), Failure> {
        let started = Instant::now();
        self.load.run(requests).await?;
        self.elapsed += started.elapsed();
        self.requests += requests;
        Ok(())
    }

    /// What the turns since [`Side::begin`] cost.
    pub(crate) fn sample(&self) -> Result<Sample, Failure> {
        let spent = self.server.cpu()?.saturating_sub(self.cpu_before);
        Ok(Sample::new(self.requests, self.elapsed, spent))
    }

    /// The peak memory in KiB of a server that was just started, after `tokens` tokens in all.
    pub(crate) async fn peak_memory(mut self, tokens: usize) -> Result<u64, Failure> {
        self.load.run(tokens - CONNECTIONS).await?;
        self.server.peak_memory()
    }
}
