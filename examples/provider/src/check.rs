//! What a start would find, without starting: `--check`.

use oauth2_runtime::prelude::*;
use oauth2_runtime::start_up::Findings;
use tokio::net::lookup_host;

use crate::audit::Audit;
use crate::options::Options;
use crate::seed::Seed;
use crate::server::{House, Server};
use crate::users::Users;

/// Everything that [`start`](crate::server::start) would refuse, and what it would warn of. Nothing is created, stored or
/// listened on: the server may run meanwhile.
pub(crate) async fn check<S: Server>(options: &Options) -> Findings {
    let mut findings = Findings::default();
    let issuer = issuer(options).await.map_err(|error| findings.push(error)).ok();
    if let Some(path) = &options.seed {
        let seed = Seed::read(path, &S::offer()).and_then(|seed| seed.check());
        findings.extend(seed.err());
    }
    findings.extend(options.audit.as_deref().and_then(|path| Audit::check(path).err()));
    let db = match SqlStore::open_to_check(&options.database).await {
        Ok(db) => db,
        Err(error) => {
            findings.push(error);
            return findings;
        }
    };
    let house = House::new(Users::look_at(&db), Audit::none());
    // One that will do, since there is a finding about it already.
    let issuer = issuer.unwrap_or_else(|| "http://127.0.0.1".to_owned());
    findings.extend(S::new(db, issuer, house).check().await);
    findings
}

/// The issuer, with the port of `--bind`.
async fn issuer(options: &Options) -> Result<String, Error> {
    let bind = &options.bind;
    let unknown = || options.cannot_listen();
    let mut addresses = lookup_host(bind).await.map_err(|source| unknown().caused_by(source))?;
    options.issuer(addresses.next().ok_or_else(unknown)?)
}
