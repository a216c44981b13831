use std::path::PathBuf;
use std::time::{Duration, Instant};

use oauth2_bench::Failure;
use oauth2_bench::process::{Folder, Server};

use crate::codes::Codes;
use crate::load::Load;
use crate::report::Sample;

/// One of the two servers, and what it is loaded with.
pub(crate) struct Side {
    database: PathBuf,
    server: Server,
    load: Load,
    cpu_before: Duration,
    elapsed: Duration,
    requests: usize,
}

impl Side {
    /// Starts the server with a new database and prepares requests for tokens.
    pub(crate) async fn start(name: &str, folder: &Folder, database: &str) -> Result<Self, Failure> {
        let database = folder.file(database);
        let server = Server::start(name, [&database])?;
        let load = Load::tokens(&server).await?;
        let nothing = Duration::ZERO;
        Ok(Self { database, server, load, cpu_before: nothing, elapsed: nothing, requests: 0 })
    }

    /// Stores the codes for [`Side::redeem`].
    pub(crate) async fn add(&self, codes: &Codes) -> Result<(), Failure> {
        let client_id = self.server.said("client").unwrap_or_default();
        codes.store(&self.database, client_id).await
    }

    /// Goes on from requests for tokens to requests of the protected route.
    pub(crate) async fn use_tokens(&mut self) -> Result<(), Failure> {
        self.load = Load::resource(&self.server, self.load.access_tokens()?).await?;
        Ok(())
    }

    /// Goes on with redemptions of codes.
    pub(crate) async fn redeem(&mut self, codes: &Codes) -> Result<(), Failure> {
        self.load = Load::codes(&self.server, codes).await?;
        Ok(())
    }

    /// Goes on from redemptions of codes to refreshes.
    pub(crate) async fn refresh(&mut self) -> Result<(), Failure> {
        self.load = Load::refresh(&self.server, self.load.refresh_tokens()?).await?;
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
        self.load.run(tokens).await?;
        self.server.peak_memory()
    }
}
