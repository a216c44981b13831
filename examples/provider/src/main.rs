//! The full-featured server of this repository: everything the runtime has, behind flags and a seed file.

mod access;
mod api;
mod audit;
mod check;
mod classic;
mod log;
mod modern;
mod operations;
mod options;
mod seed;
mod server;
mod stop;
#[cfg(test)]
mod surface;
mod users;

use std::future::{Future, poll_fn};
use std::io::Write;
use std::pin::pin;
use std::process::ExitCode;
use std::task::Poll;

use axum::Router;
use oauth2_runtime::http::serve_on;
use oauth2_runtime::prelude::*;
use tokio::net::TcpListener;

use classic::Classic;
use modern::Modern;
use options::{Options, Order, Which};

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    match options::read()? {
        Order::Help => writeln!(std::io::stdout(), "{}", options::HELP)?,
        Order::Check(options) => return check(options).await,
        Order::Run(options) => run(options).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(options: Options) -> Result<ExitCode, Error> {
    let findings = match options.server {
        Which::Modern => check::check::<Modern>(&options).await,
        Which::Classic => check::check::<Classic>(&options).await,
    };
    write!(std::io::stdout(), "{findings}")?;
    Ok(if findings.allow_start() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn run(options: Options) -> Result<(), Error> {
    log::start();
    let mut interrupted = pin!(stop::interrupted()?);
    let (app, listener) = tokio::select! {
        biased;
        () = &mut interrupted => return Ok(()),
        prepared = prepare(&options) => prepared?,
    };
    let address = listener.local_addr()?;
    // Before the line: whoever waits for it may end the server at once.
    let serving = serve_on(app, listener);
    // A signal between the two was heard by `interrupted` alone.
    if poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context).is_ready())).await {
        return Ok(());
    }
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    serving.await
}

/// Everything that has to succeed before there is a server.
async fn prepare(options: &Options) -> Result<(Router, TcpListener), Error> {
    let listener = TcpListener::bind(&options.bind).await;
    let listener = listener.map_err(|source| options.cannot_listen().caused_by(source))?;
    let address = listener.local_addr()?;
    let app = match options.server {
        Which::Modern => server::start::<Modern>(options, address).await?,
        Which::Classic => server::start::<Classic>(options, address).await?,
    };
    Ok((app, listener))
}
