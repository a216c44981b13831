//! For tests of your own: [`pin_manifest`] keeps a server's surface in a file, and [`conformance`] has what every [`Store`]
//! promises, as a suite that tries to break it, for whoever writes a store of their own.
//!
//! The compiler checks that a store has all commands, but not that they are atomic. The suite checks that on a real, empty
//! database, mostly by running commands against each other over two handles, as two processes would:
//!
//! ```no_run
//! # use oauth2_runtime::prelude::*;
//! # use oauth2_runtime::models::Client;
//! # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
//! # #[grant(authorization_code)] struct People;
//! # async fn who(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> { Ok(None) }
//! # #[oauth2_server(issuer = "http://127.0.0.1", scopes = Access, grants(People), client_auth(none), sign_in = password(who))]
//! # struct Auth { #[oauth2(store)] db: SqlStore<Sqlite> }
//! #[tokio::test]
//! async fn the_store_keeps_its_promises() {
//!     let url = "sqlite://target/conformance.db"; // of a file that is not there yet
//!     let handles = [SqlStore::<Sqlite>::open(url).await.unwrap(), SqlStore::open(url).await.unwrap()];
//!     let client = |client_id: &str| Client::new(client_id, ScopeSet::all());
//!     let report = oauth2_runtime::testing::conformance::<Auth, _>(handles.each_ref(), client).await;
//!     assert_eq!(report.broken(), []);
//! }
//! ```
//!
//! It works for every server and every model: what a server needs no tables for is left out. It uses no runtime's timers and
//! spawns nothing.

mod bench;
mod clients;
mod codes;
mod consents;
mod difference;
mod pin;
mod purge;
mod races;
mod refresh_tokens;
mod report;
mod sessions;
mod tokens;

use bench::{Bench, Issued, Party, RIVALS, ROUNDS, present};
use difference::difference;
pub use pin::{UPDATE_MANIFEST, pin_manifest};
use report::{Kept, expect};
pub use report::{Report, Violation};

use crate::model::{Extent, Models, OAuth2Token};
use crate::store::{Schema, Store};

/// Tries to make a store break its promises. The two handles are to the same empty database, and as far apart as they can
/// be: with connections of their own.
///
/// `client` makes a client of the server's model with the given identifier, with or without a secret; nothing else about it
/// matters.
///
/// Other rows in the database may be purged, and a few thousand are left behind.
pub async fn conformance<M: Models, S: Store<M>>(
    handles: [&S; 2],
    client: impl Fn(&str) -> M::Client + Sync,
) -> Report {
    let mut report = Report::default();
    let bench = Bench::<M, S>::new(handles, &client);
    report.add("the tables can be prepared again", prepared_again(&bench).await);
    clients::promises(&bench, &mut report).await;
    tokens::promises(&bench, &mut report).await;
    if M::Token::HAS_REFRESH_TOKEN && M::Token::HAS_GRANT_ID {
        refresh_tokens::promises(&bench, &mut report).await;
    }
    if M::EXTENT == Extent::SignIn {
        codes::promises(&bench, &mut report).await;
        sessions::promises(&bench, &mut report).await;
        consents::promises(&bench, &mut report).await;
    }
    races::promises(&bench, &mut report).await;
    purge::promises(&bench, &mut report).await;
    report
}

/// Several processes start over the same database, and one is restarted.
async fn prepared_again<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for handle in [0, 1, 0] {
        bench.store(handle).prepare(Schema::Managed).await?;
    }
    Ok(())
}
