//! The server `modern`: OAuth 2.1 with every grant and endpoint of the runtime.

use std::net::SocketAddr;

use axum::Router;
use oauth2_runtime::client_auth::ClientAuthentication;
use oauth2_runtime::grant::Grant;
use oauth2_runtime::prelude::*;

use crate::access::Access;
use crate::audit::{Audit, Entry};
use crate::options::Options;
use crate::seed::{Offer, Seed};
use crate::users::Users;
use crate::{api, operations};

/// People sign in with a browser, and apps act for them.
#[grant(authorization_code, refresh_token)]
struct SignIn;

/// Apps stay signed in.
#[grant(refresh_token)]
struct StaySignedIn;

/// Machines act for themselves.
#[grant(client_credentials)]
struct Machines;

/// The server and what its own functions need.
#[oauth2_server(
    scopes = Access,
    grants(SignIn, StaySignedIn, Machines),
    endpoints(revocation, introspection),
    client_auth(none, client_secret_basic, client_secret_post),
    sign_in = password(check_password),
    subjects = subject_state,
    signals(
        client_authenticated = record,
        token_issued = record,
        token_authenticated = record,
        token_revoked = record,
        refresh_token_reused = record,
        code_replayed = record,
        consent_granted = record,
        consent_denied = record,
    ),
)]
pub(crate) struct Modern {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: String,
    users: Users,
    audit: Audit,
}

async fn check_password(server: &Modern, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    server.users.check(credentials).await
}

async fn subject_state(server: &Modern, subject: &Subject) -> Result<SubjectState, Error> {
    server.users.state(subject).await
}

async fn record<E: Entry>(server: &Modern, event: &E) -> Result<(), Error> {
    server.audit.record(event)
}

/// What clients of this server may be registered for.
fn offer() -> Offer {
    Offer {
        grant_types: vec![SignIn::GRANT_TYPE, StaySignedIn::GRANT_TYPE, Machines::GRANT_TYPE],
        response_types: vec!["code"],
        auth_methods: Modern::METHODS.iter().map(|method| method.name).collect(),
    }
}

/// Opens the database, loads the seed, and answers all routes. `address` is the one that is listened on.
pub(crate) async fn start(options: &Options, address: SocketAddr) -> Result<Router, Error> {
    let issuer = options.issuer(address)?;
    let seed = options.seed.as_deref().map(|path| Seed::read(path, &offer())).transpose()?;
    let audit = Audit::open(options.audit.as_deref())?;
    let db = SqlStore::open(&options.database).await?;
    let users = Users::open(&options.database, &db).await?;
    let auth = Modern { db, issuer, users, audit }.ready().await?;
    if let Some(seed) = seed {
        seed.load(&auth, &auth.users).await?;
    }
    let app = api::routes().merge(operations::routes()).merge(auth.router());
    Ok(app.with_state(auth))
}
