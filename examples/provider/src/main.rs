//! The full-featured server of this repository: everything the runtime has, behind flags and a seed file.

mod access;
mod api;
mod audit;
mod classic;
mod log;
mod modern;
mod operations;
mod options;
mod seed;
mod server;
mod users;

use std::io::Write;

use oauth2_runtime::http::serve_on;
use oauth2_runtime::prelude::*;
use tokio::net::TcpListener;

use classic::Classic;
use modern::Modern;
use options::{Options, Order, Which};

#[tokio::main]
async fn main() -> Result<(), Error> {
    match options::read()? {
        Order::Help => Ok(writeln!(std::io::stdout(), "{}", options::HELP)?),
        Order::Run(options) => run(options).await,
    }
}

async fn run(options: Options) -> Result<(), Error> {
    log::start();
    let bind = &options.bind;
    let listener = TcpListener::bind(bind).await.map_err(|source| {
        Error::new(format!("cannot listen on {bind}: choose another address with --bind")).caused_by(source)
    })?;
    let address = listener.local_addr()?;
    let app = match options.server {
        Which::Modern => server::start::<Modern>(&options, address).await?,
        Which::Classic => server::start::<Classic>(&options, address).await?,
    };
    // Before the line: whoever waits for it may end the server at once.
    let serving = serve_on(app, listener);
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    serving.await
}
