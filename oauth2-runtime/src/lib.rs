//! OAuth 2.0 providers by declaration: annotate your own structs, and the compiler refuses a misconfigured flow.
//!
//! This crate is the runtime and re-exports the macros; depend on it alone. [`prelude`] has the names a server is
//! declared with.

#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod client_auth;
pub mod clients;
pub mod endpoint;
pub mod error;
pub mod form;
pub mod grant;
pub mod http;
pub mod model;
pub mod models;
pub mod protect;
pub mod random;
pub mod router;
pub mod rules;
pub mod server;
pub mod signal;
pub mod spec;
pub mod store;
pub mod time;
pub mod types;

mod gate;
mod issue;
mod token;

#[doc(hidden)]
pub mod __private;

pub use oauth2_macros::{OAuth2Client, OAuth2Token, Scope, grant, oauth2_server, protect};

/// The names a server is declared with, and the parts of axum its routes are written with.
pub mod prelude {
    pub use axum::routing::{get, post};
    pub use axum::{Json, Router};

    pub use crate::error::{Error, ErrorCode, OAuthError};
    pub use crate::grant::GrantContext;
    pub use crate::grant::extension::{Authorized, ExtensionGrant};
    pub use crate::http::serve;
    pub use crate::model::{OAuth2Client, OAuth2Token};
    pub use crate::protect::Bearer;
    pub use crate::router::DeclaredServer;
    pub use crate::server::{OAuth2Server, Ready, SubjectState};
    pub use crate::signal::{
        ClientAuthenticated, RefreshTokenReused, TokenAuthenticated, TokenIssued, TokenRevoked,
    };
    pub use crate::store::SqlStore;
    #[cfg(feature = "sqlite")]
    pub use crate::store::Sqlite;
    pub use crate::types::Scope;
    pub use crate::types::{
        AccessToken, ClientId, ClientSecret, Digest, GrantId, GrantTypes, RedirectUris, RefreshToken,
        ScopeSet, Secret, SecretHash, Subject, Timestamp,
    };
    // From the macro crate itself: here the name `grant` would bring the module of that name along.
    pub use oauth2_macros::{OAuth2Client, OAuth2Token, Scope, grant, oauth2_server, protect};
}
