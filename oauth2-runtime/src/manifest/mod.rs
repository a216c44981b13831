//! The surface of a server: everything that a client, a person or the database can notice of its declaration, as data.
//!
//! `Auth::MANIFEST` follows from the declaration alone and has neither the issuer nor a secret;
//! [`Ready::manifest`](crate::server::Ready::manifest) has the addresses as well. Displayed it is a text with one fact a line, which
//! changes when the declaration or the framework does, and for no other reason.
//!
//! What is constant is a field, also for the compiler:
//!
//! ```
//! # use oauth2_runtime::prelude::*;
//! # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
//! # #[grant(client_credentials)] struct Robots;
//! # async fn employed(_: &Auth, _: &Subject) -> Result<SubjectState, Error> { Ok(SubjectState::Active) }
//! #[oauth2_server(
//!     issuer = "https://id.example",
//!     scopes = Access,
//!     grants(Robots),
//!     client_auth(client_secret_basic),
//!     subjects = employed,
//! )]
//! struct Auth {
//!     #[oauth2(store)]
//!     db: SqlStore<Sqlite>,
//! }
//!
//! const _: () = assert!(Auth::MANIFEST.subjects, "people who have left must not get tokens");
//!
//! let paths: Vec<_> = Auth::MANIFEST.routes().into_iter().map(|route| route.path).collect();
//! assert_eq!(paths, ["/.well-known/oauth-authorization-server", "/oauth/token"]);
//! ```
//!
//! # Pinned to a file
//!
//! With the feature `testing` one line keeps the text in a file of your repository, so that an upgrade or a change of the
//! declaration shows as a difference for somebody to read:
//!
//! ```no_run
//! # use oauth2_runtime::prelude::*;
//! # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
//! # #[grant(client_credentials)] struct Robots;
//! # #[oauth2_server(issuer = "https://id.example", scopes = Access, grants(Robots), client_auth(client_secret_basic))]
//! # struct Auth { #[oauth2(store)] db: SqlStore<Sqlite> }
//! # #[cfg(feature = "testing")]
//! #[test]
//! fn surface() {
//!     oauth2_runtime::testing::pin_manifest(&Auth::MANIFEST, "auth.manifest");
//! }
//! ```

mod json;
mod lifetimes;
mod route;
mod running;
mod text;

pub use lifetimes::Lifetimes;
pub use route::Route;
pub use running::{Address, RunningManifest};

use std::fmt;

use route::{name, plain, routes};

use crate::error::ErrorCode;
use crate::grant::Handler;
use crate::protect;
use crate::router::DeclaredServer;
use crate::spec::{Relaxation, SignInBy};
use crate::store::{Schema, Store, TableSpec};
use crate::types::{GrantProperties, Scope};

/// The surface of a server, as its declaration says: `Auth::MANIFEST`.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Manifest {
    /// The name of the profile whose rules are kept.
    pub profile: &'static str,
    /// The rules that are not, each with the reason given.
    pub relaxations: &'static [Relaxation],
    /// The names of the scopes, in the order of their enum.
    pub scopes: &'static [&'static str],
    /// The grants, in the order of `grants(..)`.
    pub grants: &'static [GrantProperties],
    /// How people sign in.
    pub sign_in: SignInBy,
    /// Whether there is a `subjects = ..` that is asked before every token for a person. Without it everybody is active, also
    /// those who have left.
    pub subjects: bool,
    /// Whether `tokens(..)` has a generator of your own.
    pub own_tokens: bool,
    /// What is done about the tables.
    pub schema: Schema,
    /// Whether rows that nobody can need again are deleted from time to time.
    pub purge: bool,
    /// How long things last that no grant says.
    pub lifetimes: Lifetimes,
    /// The error codes of protected routes (RFC 6750 section 3.1).
    pub protected_route_errors: &'static [ErrorCode],
    client_auth: fn() -> Vec<&'static str>,
    routes: fn() -> Vec<Route>,
    extensions: fn(&str) -> Vec<String>,
    tables: fn() -> Vec<TableSpec>,
}

impl Manifest {
    /// That of a server.
    pub(crate) const fn of<S: DeclaredServer>() -> Self {
        Self {
            profile: S::SPEC.profile.as_str(),
            relaxations: S::SPEC.relaxed,
            scopes: <S::Scopes as Scope>::NAMES,
            grants: S::GRANTS,
            sign_in: S::SPEC.sign_in,
            subjects: S::ASKS_SUBJECTS,
            own_tokens: S::OWN_TOKENS,
            schema: S::SPEC.schema,
            purge: S::SPEC.purge,
            lifetimes: Lifetimes::of(S::GRANTS, S::SPEC.sign_in),
            protected_route_errors: protect::ERROR_CODES,
            client_auth: client_auth::<S>,
            routes: routes::<S>,
            extensions: extensions::<S>,
            tables: <S::Store as Store<S>>::tables,
        }
    }

    /// The client authentication methods, in the order of `client_auth(..)`; endpoints may have others
    /// ([`Route::client_auth`]).
    #[must_use]
    pub fn client_auth(&self) -> Vec<&'static str> {
        (self.client_auth)()
    }

    /// The endpoints that follow from the grants and those of `endpoints(..)`, in the order of their names.
    #[must_use]
    pub fn routes(&self) -> Vec<Route> {
        (self.routes)()
    }

    /// The types of the extensions with steps in the grant that answers `grant_type`, in the order of their steps: those of the
    /// server, then those of the grant.
    #[must_use]
    pub fn extensions(&self, grant_type: &str) -> Vec<String> {
        (self.extensions)(grant_type)
    }

    /// The tables; none when the store does not name any.
    #[must_use]
    pub fn tables(&self) -> Vec<TableSpec> {
        (self.tables)()
    }
}

fn client_auth<S: DeclaredServer>() -> Vec<&'static str> {
    S::METHODS.iter().map(|method| method.name).collect()
}

fn extensions<S: DeclaredServer>(grant_type: &str) -> Vec<String> {
    let names = S::handler(grant_type).as_ref().map(Handler::extensions).unwrap_or_default();
    names.into_iter().map(plain).collect()
}

impl fmt::Debug for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manifest").field("profile", &self.profile).finish_non_exhaustive()
    }
}
