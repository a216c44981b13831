//! What every server of this program does, whatever it declares.

use std::net::SocketAddr;

use axum::Router;
use oauth2_runtime::model::Models;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;

use crate::access::Access;
use crate::audit::{Audit, Entry};
use crate::operations;
use crate::options::Options;
use crate::seed::{Offer, Seed};
use crate::users::Users;

/// Apps stay signed in.
#[grant(refresh_token)]
pub(crate) struct StaySignedIn;

/// Machines act for themselves.
#[grant(client_credentials)]
pub(crate) struct Machines;

/// What the functions of a server need.
pub(crate) struct House {
    users: Users,
    audit: Audit,
}

impl House {
    /// With these people and this audit file.
    pub(crate) const fn new(users: Users, audit: Audit) -> Self {
        Self { users, audit }
    }
}

/// A server of this program.
pub(crate) trait Server: DeclaredServer + Models<Scopes = Access, Client = Client<Access>> {
    /// One over this store, with this issuer.
    fn new(db: SqlStore<Sqlite>, issuer: String, house: House) -> Self;

    /// What its functions need.
    fn house(&self) -> &House;

    /// What its clients may be registered for.
    fn offer() -> Offer;

    /// The protected API.
    fn api() -> Router<Ready<Self>>;
}

pub(crate) async fn check_password<S: Server>(
    server: &S,
    credentials: &Credentials,
) -> Result<Option<Subject>, Error> {
    server.house().users.check(credentials).await
}

pub(crate) async fn subject_state<S: Server>(server: &S, subject: &Subject) -> Result<SubjectState, Error> {
    server.house().users.state(subject).await
}

pub(crate) async fn record<S: Server, E: Entry>(server: &S, event: &E) -> Result<(), Error> {
    server.house().audit.record(event)
}

/// Opens the database, loads the seed, and answers all routes. `address` is the one that is listened on.
pub(crate) async fn start<S: Server>(options: &Options, address: SocketAddr) -> Result<Router, Error> {
    let issuer = options.issuer(address)?;
    let seed = options.seed.as_deref().map(|path| Seed::read(path, &S::offer())).transpose()?;
    let audit = Audit::open(options.audit.as_deref())?;
    let db = SqlStore::open(&options.database).await?;
    let users = Users::open(&options.database, &db).await?;
    let auth = S::new(db, issuer, House::new(users, audit)).ready().await?;
    if let Some(seed) = seed {
        seed.load(&auth, &auth.house().users).await?;
    }
    let app = S::api().merge(operations::routes()).merge(auth.router());
    Ok(app.with_state(auth))
}
