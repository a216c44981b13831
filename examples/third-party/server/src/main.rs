//! A server made of parts that are not the framework's: a watch signs in by way of a phone, proves itself by signatures, and
//! all of it is kept in one redb file.

mod demo;

#[cfg(test)]
mod tests;

use oauth2_runtime::prelude::*;
use third_party::pairing::{PairingEndpoint, Pairings, Pairs};
use third_party::redb_store::RedbStore;
use third_party::request_signature::{ClientKeys, RequestSignature, SignedRequests};

/// What an app may ask for.
#[derive(Scope)]
enum Access {
    /// See your heart rate
    #[scope("heart:read")]
    ReadHeart,
    /// See where you have been
    #[scope("routes:read")]
    ReadRoutes,
}

/// People sign in on their phone ..
#[grant(authorization_code)]
struct SignIn;

/// .. and the phone signs in their watch.
#[grant(third_party::pairing, ttl = 2m)]
struct Pairing;

/// Machines sign their requests too.
#[grant(client_credentials, scopes(Access::ReadHeart))]
struct Machines;

#[oauth2_server(
    issuer = "http://127.0.0.1:8080",
    scopes = Access,
    grants(SignIn, Pairing, Machines),
    endpoints(PairingEndpoint, revocation),
    client_auth(none, RequestSignature),
    sign_in = password(check_password),
)]
struct Auth {
    #[oauth2(store)]
    db: RedbStore,
    pairings: Pairings,
    keys: ClientKeys,
    alice: PasswordHash,
}

impl Pairs for Auth {
    fn pairings(&self) -> &Pairings {
        &self.pairings
    }
}

impl SignedRequests for Auth {
    fn keys(&self) -> &ClientKeys {
        &self.keys
    }
}

async fn check_password(auth: &Auth, typed: &Credentials) -> Result<Option<Subject>, Error> {
    let known = (typed.username() == "alice").then_some(("alice", &auth.alice));
    typed.verify(known).await
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let db = RedbStore::open("third-party.redb")?;
    let alice = PasswordHash::generate(&Secret::new("wonderland")).await?;
    // Another one at each start, since this is a demonstration. Yours is where your secrets are.
    let keys = ClientKeys::new(demo::random()?);
    let auth = Auth { db, pairings: Pairings::default(), keys, alice }.ready().await?;
    demo::register(&auth).await?;
    demo::explain(&auth)?;
    serve(auth.router::<()>(), "127.0.0.1:8080").await
}
