//! What only data can tell: the checks between a declaration that compiles and a running server.
//!
//! [`ready()`](crate::router::DeclaredServer::ready) runs them all and refuses to start with everything that is wrong;
//! [`check()`](crate::router::DeclaredServer::check) answers what they find and starts nothing. An error keeps the server from
//! starting, a warning does not, and a notice says what the start will change.
//!
//! | check | error | warning |
//! |---|---|---|
//! | issuer | not in the environment, or not usable | |
//! | paths, keys and metadata of endpoints of your own | two at one place, a path that is none, a member twice | |
//! | tables | what differs from the models; a newer version's | |
//! | indexes | a unique one is missing | one that makes searching fast is missing |
//! | durability | commits that a crash could undo | a database in memory |
//! | clock | | behind the newest token, or before 2026 |
//! | clients | | rows that contradict the declaration |
//!
//! Of the clients `ready()` reads the first [`CLIENTS_READ`], in order of their identifiers, so that a start does not take longer
//! the more there are. Of each kind the first [`CLIENTS_NAMED`] findings are named and the others counted.

mod clients;
mod clock;
mod issuer;
mod keys;
mod metadata;
mod paths;

use bytes::Bytes;

pub use crate::finding::{Finding, Findings, Severity};

use crate::error::Error;
use crate::router::{DeclaredServer, has_keyed_clients, pages};
use crate::server::{Environment, Ready};
use crate::store::Store;
use crate::types::Issuer;

/// How many clients `ready()` reads.
pub const CLIENTS_READ: u32 = 1_000;

/// How many findings about clients are named of each kind.
pub const CLIENTS_NAMED: usize = 10;

/// What follows from the declaration and the issuer.
struct Declared {
    issuer: Issuer,
    metadata: Bytes,
}

/// Checks everything and starts the server.
pub(crate) async fn ready<S: DeclaredServer>(server: S, environment: Environment) -> Result<Ready<S>, Error> {
    let mut findings = Findings::default();
    let declared = declaration(&server, &mut findings);
    findings.extend(tables(&server).await);
    // Nothing is created for a server that cannot start.
    let mut findings = findings.into_result()?;
    let Some(Declared { issuer, metadata }) = declared else {
        return Err(Error::new("the issuer or the metadata document is not usable"));
    };
    server.store().prepare(S::SPEC.schema).await?;
    findings.extend(clients::check(&server, Some(CLIENTS_READ)).await?);
    findings.extend(clock::check(&server, &environment).await?);
    log(&findings);
    let pages = pages::<S>(&issuer);
    let ready = Ready::new(server, issuer, has_keyed_clients::<S>(), pages, metadata, environment);
    if S::SPEC.purge {
        ready.keep_purged();
    }
    Ok(ready)
}

/// Checks everything and changes nothing.
pub(crate) async fn check<S: DeclaredServer>(server: &S, environment: &Environment) -> Findings {
    let mut findings = Findings::default();
    declaration(server, &mut findings);
    let tables = tables(server).await;
    // What is wrong with the tables, or missing as yet, is why rows cannot be read.
    let explained = tables.iter().any(Finding::hides_rows);
    findings.extend(tables);
    for rows in [clients::check(server, None).await, clock::check(server, environment).await] {
        match rows {
            Ok(found) => findings.extend(found),
            Err(_) if explained => {}
            Err(error) => findings.push(error),
        }
    }
    findings
}

/// What can be told without the database; nothing when there is an error.
fn declaration<S: DeclaredServer>(server: &S, findings: &mut Findings) -> Option<Declared> {
    let issuer = issuer::check(server).map_err(|error| findings.push(error)).ok();
    findings.extend(paths::check::<S>(issuer.as_ref()));
    findings.extend(keys::check::<S>());
    let issuer = issuer?;
    let metadata = metadata::document(server, &issuer).map_err(|errors| findings.extend(errors)).ok()?;
    Some(Declared { issuer, metadata })
}

/// What the store says. When the database does not answer, that is one finding.
async fn tables<S: DeclaredServer>(server: &S) -> Vec<Finding> {
    server.store().check(S::SPEC.schema).await.unwrap_or_else(|error| vec![error.into()])
}

fn log(findings: &Findings) {
    for finding in findings {
        match finding.severity() {
            Severity::Notice => tracing::debug!("{finding}"),
            _ => tracing::warn!("{finding}"),
        }
    }
}
