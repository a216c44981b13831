use std::fmt;
use std::ops::Deref;

use serde::Serialize;

use super::{DeclaredServer, Manifest, name};
use crate::endpoint::Mount;
use crate::router::mounts;
use crate::server::Ready;

/// The surface of a server that runs: [`Ready::manifest`]. Dereferences to what the declaration says.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct RunningManifest {
    /// The issuer identifier.
    pub issuer: String,
    /// Where the endpoints are, in the order of their names.
    pub addresses: Vec<Address>,
    /// What the declaration says.
    #[serde(flatten)]
    pub declared: Manifest,
}

/// Where an endpoint is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The endpoint's name.
    pub endpoint: String,
    /// Its URL.
    pub url: String,
}

impl<S: DeclaredServer> Ready<S> {
    /// The surface of the server, with its issuer and the addresses that follow from it.
    #[must_use]
    pub fn manifest(&self) -> RunningManifest {
        let issuer = self.issuer();
        let address = |mount: Mount<S>| {
            let url = format!("{}{}", issuer.origin(), mount.place(issuer));
            Address { endpoint: name(&mount), url }
        };
        let mut addresses: Vec<_> = mounts::<S>().map(address).collect();
        addresses.sort();
        RunningManifest { issuer: issuer.as_str().to_owned(), addresses, declared: S::MANIFEST }
    }
}

impl Deref for RunningManifest {
    type Target = Manifest;

    fn deref(&self) -> &Manifest {
        &self.declared
    }
}

/// The issuer and the addresses, one a line, then what the declaration says.
impl fmt::Display for RunningManifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "issuer {}", self.issuer)?;
        for Address { endpoint, url } in &self.addresses {
            writeln!(f, "  {endpoint} {url}")?;
        }
        write!(f, "\n{}", self.declared)
    }
}
