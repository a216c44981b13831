//! Protected resources: who may pass with which token (RFC 6750).
//!
//! A [`ResourceProtector`] asks a [`TokenValidator`] what an access token is worth. That of a server,
//! [`Ready::protector`](crate::server::Ready::protector), looks into the server's own store; everything else here is a way to use one.

mod attribute;
mod bearer;
mod challenge;
mod handler;
mod layer;
mod or;
mod presented;
mod protector;
#[cfg(feature = "remote-introspection")]
pub mod remote_introspection;
mod stored_tokens;
mod validator;

pub use bearer::Bearer;
pub use challenge::Challenge;
pub use handler::{Outcome, Protected, Protection, Realm, TokenArgument, Unchecked};
pub use layer::{Protect, ProtectLayer};
pub use or::{Either, Or};
pub use protector::ResourceProtector;
#[cfg(feature = "remote-introspection")]
pub use remote_introspection::{Introspected, RemoteIntrospection};
pub use stored_tokens::{Require, RequireLayer, StoredTokens};
pub use validator::{TokenInfo, TokenValidator};

/// The error codes of protected resources (RFC 6750 section 3.1); a validator of your own may add others.
pub const ERROR_CODES: &[ErrorCode] = &[
    ErrorCode::InvalidRequest,
    ErrorCode::InvalidToken,
    ErrorCode::InsufficientScope,
    ErrorCode::TemporarilyUnavailable,
];

use attribute::{Attributes, quoted};
use challenge::forgive_missing;
use presented::presented;

use crate::error::ErrorCode;
