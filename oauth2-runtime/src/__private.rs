//! The names that generated code uses. Not a public interface: it changes without notice.

pub use futures_util::future::BoxFuture;
pub use http::request::Parts;
pub use oauth2_macros::redirect_uris;

pub use crate::client_auth::{ClientAuthentication, Method};
pub use crate::endpoint::{Mount, layered};
pub use crate::error::{Error, OAuthError};
pub use crate::form::{Form, Param};
pub use crate::grant::{Dispatch, Grant, Handler};
pub use crate::model::{
    AccessTokenColumn, AccessTokenTtlColumn, ClientFields, ClientIdColumn, ClientNameColumn,
    ClientSecretColumn, CodeChallengeColumn, CodeColumn, CodeFields, CodeRedirectUriColumn,
    CodeSubjectColumn, ConsumedAtColumn, ExpiresAtColumn, Extent, ExtraColumn, GrantIdColumn,
    GrantTypesColumn, IntrospectColumn, IssuedAtColumn, Models, NewCode, NewToken, OAuth2Client, OAuth2Code,
    OAuth2Token, RedirectUrisColumn, RefreshTokenColumn, ResponseTypesColumn, RevokedAtColumn, SubjectColumn,
    TokenClientIdColumn, TokenEndpointAuthMethodColumn, TokenFields,
};
pub use crate::model::{
    HashedAccessToken, HashedClientSecret, HashedCode, HashedRefreshToken, OptionalCodeChallenge,
    OptionalCodeRedirectUri, OptionalConsumedAt, OptionalRefreshToken, OptionalRevokedAt, OptionalSubject,
    PresentAccessToken, PresentClientId, PresentCode, PresentCodeSubject, PresentExpiresAt, PresentGrantId,
    PresentIssuedAt, PresentTokenClientId,
};
pub use crate::models::{Client, Code, Token};
pub use crate::password::Credentials;
pub use crate::protect::{
    Bearer, Challenge, Outcome, Protected, Protection, Realm, TokenArgument, Unchecked,
};
pub use crate::router::DeclaredServer;
pub use crate::rules::{self, relaxable};
pub use crate::server::{OAuth2Server, SubjectState, issuer_from_environment, subject_state};
pub use crate::signal::{Event, emit, in_order, silent};
pub use crate::spec::{Facts, Probe, Profile, ServerSpec, SignInBy, Unknown};
pub use crate::store::{Column, Dialect, Schema, SqlModel, Visit};
pub use crate::token::{GeneratorContext, OpaqueTokens, generate};
pub use crate::types::{
    GrantProperties, Requirement, Scope, ScopeColumn, ServerMetadata, Subject, TokenResponse,
};

pub use oauth2_macros::HalfTyped;

pub use core::option::Option::{None, Some};
pub use core::result::Result::Ok;

/// The store of a server whose store is half-typed: any that fits the models.
#[cfg(feature = "sqlite")]
pub type HalfTypedStore = crate::store::SqlStore<crate::store::Sqlite>;
/// The store of a server whose store is half-typed.
#[cfg(not(feature = "sqlite"))]
#[derive(Debug)]
pub enum HalfTypedStore {}

/// The grant that answers a grant type.
pub type Found<S> = Option<Handler<S>>;
/// The answer of `sign_in = ..`.
pub type SignedIn<'a> = BoxFuture<'a, Result<Option<Subject>, Error>>;
/// The answer of `subjects = ..`.
pub type State<'a> = BoxFuture<'a, Result<SubjectState, Error>>;
/// The values of a token.
pub type Generated<'a> = BoxFuture<'a, Result<crate::token::GeneratedToken, Error>>;
/// The issuer's text.
pub type Issuer = Result<String, Error>;
/// A value, or a protocol error.
pub type OAuthResult<T> = Result<T, OAuthError>;
/// A value, or an error of the database.
pub type SqlResult<T = ()> = Result<T, sqlx::Error>;
/// The argument of a protected handler, or the refusal.
pub type Guarded<A> = Result<A, Challenge>;

/// A field marked `#[oauth2(issuer)]`, as text.
pub fn text<I: ToString + ?Sized>(issuer: &I) -> String {
    issuer.to_string()
}

/// The literals of `redirect_uris!`, which have been checked.
#[must_use]
pub fn redirect_uris<const N: usize>(checked: [&'static str; N]) -> crate::types::RedirectUris {
    checked.into_iter().collect()
}
