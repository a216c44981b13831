//! The log, on standard error.

use std::io::{IsTerminal, stderr};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Logs what `RUST_LOG` asks for, such as `warn` or `info,oauth2_runtime=debug`, else `info` and above.
pub(crate) fn start() {
    let wanted = std::env::var("RUST_LOG").ok().filter(|wanted| !wanted.is_empty());
    let parsed = wanted.as_deref().map(str::parse::<Targets>);
    let unreadable = matches!(parsed, Some(Err(_)));
    let targets =
        parsed.and_then(Result::ok).unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal());
    tracing_subscriber::registry().with(lines).with(targets).init();
    if unreadable {
        tracing::warn!("RUST_LOG is not a list of levels such as `info,oauth2_runtime=debug`: it is ignored");
    }
}
