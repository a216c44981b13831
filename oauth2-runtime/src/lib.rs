//! OAuth 2.0 providers by declaration: annotate your own structs, and the compiler refuses a misconfigured flow.
//!
//! A server is a struct with [`#[oauth2_server]`](oauth2_server). It lists grants, which are structs with
//! [`#[grant]`](macro@grant); stores clients and tokens, which are structs with [`OAuth2Client`](derive@OAuth2Client) and
//! [`OAuth2Token`](derive@OAuth2Token); and knows the scopes of an enum with [`Scope`](derive@Scope). Handlers ask for
//! scopes with [`#[protect]`](macro@protect). [`prelude`] has the names all of this is written with.
//!
//! ```no_run
//! use oauth2_runtime::prelude::*;
//!
//! #[derive(Scope)]
//! enum Access {
//!     /// See your photos
//!     #[scope("photos:read")]
//!     ReadPhotos,
//! }
//!
//! #[grant(client_credentials)]
//! struct Robots;
//!
//! #[oauth2_server(
//!     issuer = "http://127.0.0.1:8080",
//!     scopes = Access,
//!     grants(Robots),
//!     client_auth(client_secret_basic),
//! )]
//! struct Auth {
//!     #[oauth2(store)]
//!     db: SqlStore<Sqlite>,
//! }
//!
//! #[protect(Auth, Access::ReadPhotos)]
//! async fn photos(token: Bearer<Auth>) -> String {
//!     format!("photos for {}", token.client_id)
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     let auth = Auth { db: SqlStore::open("sqlite://auth.db").await? }.ready().await?;
//!     let app = Router::new().route("/photos", get(photos)).merge(auth.router()).with_state(auth);
//!     serve(app, "127.0.0.1:8080").await
//! }
//! ```
//!
//! # Features
//!
//! | feature | default | brings |
//! |---|---|---|
//! | `sqlite` | yes | [`SqlStore`](store::SqlStore) over SQLite, which is compiled in |
//! | `remote-introspection` | no | `protect::RemoteIntrospection`, for a resource server that is not the authorization server |
//! | `testing` | no | a module of that name, which pins a server's surface to a file, and checks a store of your own against what every store promises |
//!
//! # Modules
//!
//! | | |
//! |---|---|
//! | what a server is made of | [`grant`](mod@grant), [`extension`], [`endpoint`], [`client_auth`], [`sign_in`], [`token`], [`store`], [`signal`], [`protect`](mod@protect) |
//! | what you meet at run time | [`server::Ready`], [`authorize`], [`clients`], [`people`], [`password`], [`session`], [`purge`], [`error`], [`http`] |
//! | what is stored | [`model`], [`models`], [`types`] |
//! | what the compiler checks | [`rules`], [`spec`] |
//! | what all of it amounts to | [`manifest`] |
//! | for grants, endpoints and tests of your own | [`form`], [`time`], [`random`], [`router`] |

#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod authorize;
pub mod client_auth;
pub mod clients;
pub mod endpoint;
pub mod error;
pub mod extension;
pub mod form;
pub mod grant;
pub mod http;
pub mod manifest;
pub mod model;
pub mod models;
pub mod password;
pub mod people;
pub mod protect;
pub mod purge;
pub mod random;
pub mod router;
pub mod rules;
pub mod server;
pub mod session;
pub mod sign_in;
pub mod signal;
pub mod spec;
pub mod start_up;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
pub mod token;
pub mod types;

mod finding;
mod gate;
mod issue;
mod pages;
mod responses;
mod task;

#[doc(hidden)]
pub mod __private;

/// Declares the scopes of a server: each variant has a name, and its doc comment is what a consent screen says.
///
/// ```
/// use oauth2_runtime::prelude::*;
///
/// #[derive(Scope)]
/// enum Access {
///     /// See your photos
///     #[scope("photos:read")]
///     ReadPhotos,
///     /// Upload and delete photos
///     #[scope("photos:write")]
///     WritePhotos,
/// }
///
/// let both: ScopeSet<Access> = [Access::ReadPhotos, Access::WritePhotos].into_iter().collect();
/// assert_eq!(both.to_string(), "photos:read photos:write");
/// ```
///
/// `Access::ReadPhotos | Access::WritePhotos` is a requirement for either, `&` for both. Names have the characters of
/// RFC 6749 section 3.3 and are there once; there are at most 128. `#[oauth2(crate = ..)]` names the runtime where
/// it is called otherwise.
pub use oauth2_macros::Scope;

/// Makes a struct the client model of a server: a row of a table.
///
/// Fields are found by their standard names, or marked with them: `#[oauth2(client_id)] name: ClientId`. Other fields
/// are columns of your own.
///
/// | role | type | |
/// |---|---|---|
/// | `client_id` | `ClientId` | required |
/// | `client_secret` | `Option<SecretHash>` or `SecretHash` | required; `None` is a public client |
/// | `scope` | `ScopeSet<_>` | required: what the client may ask for |
/// | `redirect_uris` | `RedirectUris` | |
/// | `grant_types` | `Option<GrantTypes>` | which grants the client may use; absent or `None`: those its secret and its redirect URIs allow |
/// | `response_types` | `Option<ResponseTypes>` | what it may ask the authorization endpoint for; absent or `None`: what its redirect URIs allow |
/// | `client_name` | `Option<String>` | the name to show people; absent or `None`: its identifier |
/// | `access_token_ttl` | `Option<Lifetime>` | how long its access tokens live, in place of what the grants say |
/// | `introspect` | `bool` | whether it may introspect every token; absent: only those issued to itself |
/// | `token_endpoint_auth_method` | `Option<String>` | the one method the client uses; absent or `None`: what its secret allows |
///
/// On the struct, `#[oauth2(table = "..")]` names the table, else it is the struct's name in snake case. On a field of
/// your own, `#[oauth2(default = expr)]` fills the column where it is added to a table that has rows.
pub use oauth2_macros::OAuth2Client;

/// Makes a struct the token model of a server: an access token and the refresh token issued with it, as digests.
///
/// Roles work as in [`OAuth2Client`](derive@OAuth2Client).
///
/// | role | type | |
/// |---|---|---|
/// | `access_token` | `Digest<AccessToken>` | required |
/// | `client_id` | `ClientId` | required |
/// | `subject` | `Option<Subject>` | required; `None` when the client acts for itself |
/// | `scope` | `ScopeSet<_>` | required |
/// | `issued_at`, `expires_at` | `Timestamp` | required |
/// | `revoked_at` | `Option<Timestamp>` | required |
/// | `refresh_token` | `Option<Digest<RefreshToken>>` | for grants that issue refresh tokens |
/// | `grant_id` | `GrantId` | as well: the token family that ends when a refresh token is used twice |
///
/// The framework inserts the rows, so a column of your own has `#[oauth2(default = expr)]` or a type with `Default`.
pub use oauth2_macros::OAuth2Token;

/// Makes a struct the model of authorization codes: what a person has allowed a client, until it fetches the token.
///
/// Roles work as in [`OAuth2Client`](derive@OAuth2Client); all of them are required.
///
/// | role | type | |
/// |---|---|---|
/// | `code` | `Digest<AuthorizationCode>` | |
/// | `grant_id` | `GrantId` | the authorization the code stands for |
/// | `client_id` | `ClientId` | |
/// | `subject` | `Subject` | who has signed in |
/// | `scope` | `ScopeSet<_>` | what they have allowed |
/// | `redirect_uri` | `Option<String>` | of the authorization request |
/// | `code_challenge` | `Option<CodeChallenge>` | of the authorization request (RFC 7636) |
/// | `expires_at` | `Timestamp` | |
/// | `consumed_at` | `Option<Timestamp>` | when it was used |
///
/// The framework inserts the rows, so a column of your own has `#[oauth2(default = expr)]` or a type with `Default`.
///
/// ```
/// use oauth2_runtime::prelude::*;
/// # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
///
/// #[derive(OAuth2Code)]
/// #[oauth2(table = "app_code")]
/// struct AppCode {
///     code: Digest<AuthorizationCode>,
///     grant_id: GrantId,
///     client_id: ClientId,
///     subject: Subject,
///     scope: ScopeSet<Access>,
///     redirect_uri: Option<String>,
///     code_challenge: Option<CodeChallenge>,
///     expires_at: Timestamp,
///     consumed_at: Option<Timestamp>,
/// }
/// ```
pub use oauth2_macros::OAuth2Code;

/// Makes a struct a grant: a way to obtain a token (RFC 6749 section 4).
///
/// ```
/// use oauth2_runtime::prelude::*;
/// # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
///
/// #[grant(client_credentials, access_token_ttl = 10m, scopes(Access::ReadPhotos))]
/// struct Robots;
///
/// #[grant(refresh_token, ttl = 30d)]
/// struct StaySignedIn;
///
/// /// The fields are the token request's parameters.
/// #[grant(extension = "urn:example:grant-type:sms-code", refresh_token)]
/// struct SmsCode {
///     phone: String,
///     code: Secret<String>,
/// }
/// ```
///
/// First comes the kind: a module of [`grant`](mod@grant), or a path to one of your own. Its keys are the methods of its `Spec`.
/// A duration is a number with a unit: `60s`, `10m`, `12h`, `30d`. `scopes(..)` limits what the grant can give.
/// `default_scopes(..)` is what a request without `scope` asks for (RFC 6749 section 3.3), instead of everything the client may
/// have; a grant that redeems refresh tokens has none. `extensions(MyExtension, ..)` adds your own steps
/// ([`extension`]).
///
/// | kind | keys |
/// |---|---|
/// | `authorization_code` | `code_ttl` (60 s), `access_token_ttl` (1 h), `refresh_token`, `pkce` (`true`) |
/// | `client_credentials` | `access_token_ttl` (1 h) |
/// | `refresh_token` | `ttl` (30 d), `access_token_ttl` (1 h), `rotate` (`true`) |
/// | `implicit` | `access_token_ttl` (1 h); for a reason only: `allow(implicit_grant, ..)` |
/// | `password` | `access_token_ttl` (1 h), `refresh_token`; for a reason only: `allow(password_grant, ..)` |
/// | `extension = "urn:.."` | `access_token_ttl` (1 h), `refresh_token`; it needs an [`ExtensionGrant`](grant::extension::ExtensionGrant) |
pub use oauth2_macros::grant;

/// Makes a struct an authorization server; the struct is your own state.
///
/// | key | value | |
/// |---|---|---|
/// | `issuer` | `"https://.."`, or `env("VARIABLE")`; or a field marked `#[oauth2(issuer)]` | required |
/// | `scopes` | the enum that derives [`Scope`](derive@Scope) | required |
/// | `grants(..)` | structs with [`#[grant]`](macro@grant) | required |
/// | `client_auth(..)` | `none`, `client_secret_basic`, `client_secret_post`, or types with [`ClientAuthMethod`](client_auth::ClientAuthMethod) | required |
/// | `models(client = .., token = .., code = ..)` | the models | [`models`] |
/// | `endpoints(..)` | `revocation`, `introspection`, or types with [`Endpoint`](endpoint::Endpoint); what the grants need is always there, and is listed (`token`, `authorization`, `sign_in`, `consent`, `metadata`) only for its keys. Every entry takes `path = ".."` and `layer = ..` (a CORS layer is not for `authorization`, `sign_in` and `consent`), those that clients authenticate at `client_auth(..)`, and `revocation` takes `cascade = ..` | none |
/// | `sign_in` | `password(function)` with an async function `(&Server, &Credentials) -> Result<Option<Subject>, Error>`; or `own_pages`, and [`Ready::authorization_page`](server::Ready::authorization_page) | required by `authorization_code` and `implicit`; `password` requires `password(function)` |
/// | `extensions(..)` | types with [`Extension`](extension::Extension): your own steps in all grants, before those of each grant | none |
/// | `signals(event = handler, ..)` | async functions `(&Server, &Event)`; several for one event run in order | none |
/// | `metadata(..)` | additions to the [metadata document](types::ServerMetadata): `service_documentation`, `op_policy_uri` and `op_tos_uri` (`= "https://.."`), `ui_locales_supported("en", ..)`, and members of your own: `extra(name = value, ..)` with anything that converts into a `serde_json::Value`; `self` is the server | none |
/// | `tokens(default = .., Grant = ..)` | types with [`TokenGenerator`](token::TokenGenerator), for all grants or the one named as in `grants(..)` | [`OpaqueTokens`](token::OpaqueTokens) |
/// | `subjects` | an async function `(&Server, &Subject) -> Result<SubjectState, Error>` | all active |
/// | `schema` | `managed` or `external` | `managed` |
/// | `purge` | `on` or `off`: whether rows that nobody can need again are deleted from time to time | `on` |
/// | `profile` | `"oauth2.1"`, `"rfc9700"` or `"rfc6749"`: a [list of rules](spec::Profile::rules) | `"oauth2.1"` |
/// | `allow(rule, reason = "..")` | an exception from a rule of the profile, or the answer to a warning; [their names](rules::relaxable) | none |
/// | `crate` | where this crate is | `::oauth2_runtime` |
///
/// One field is marked `#[oauth2(store)]`. [`DeclaredServer::ready`](router::DeclaredServer::ready) starts the server.
pub use oauth2_macros::oauth2_server;

/// Protects a handler: it runs for requests with a live access token that satisfies the requirement (RFC 6750).
///
/// `#[protect(Server, requirement)]`, with scopes joined by `&` and `|`, or `any` for any live token. `when = path` names
/// a `fn(&Bearer<Server>, &http::request::Parts) -> bool` that must agree as well; `realm = "text"` is what challenges call
/// the resource, else it is the issuer. The handler is a free async function whose first argument is `Bearer<Server>`, or
/// `Option<Bearer<Server>>` to answer without a token too.
pub use oauth2_macros::protect;

/// The names a server is declared with, and the parts of axum its routes are written with.
pub mod prelude {
    pub use axum::routing::{get, post};
    pub use axum::{Json, Router};
    // From the macro crate itself: by way of this one the name `grant` would bring the module of that name along.
    pub use oauth2_macros::{OAuth2Client, OAuth2Code, OAuth2Token, Scope, grant, oauth2_server, protect};

    pub use crate::authorize::{AuthorizationRefused, ConsentRequest, Next};
    pub use crate::endpoint::Cascade;
    pub use crate::error::{Error, ErrorCode, OAuthError};
    pub use crate::extension::{
        AuthorizationContext, AuthorizationExtension, AuthorizationRequests, Extension, TokenContext,
        TokenRequests,
    };
    pub use crate::grant::GrantContext;
    pub use crate::grant::extension::{Authorized, ExtensionGrant};
    pub use crate::http::serve;
    pub use crate::model::{OAuth2Client, OAuth2Code, OAuth2Token};
    pub use crate::password::{Credentials, PasswordHash};
    pub use crate::protect::{Bearer, ResourceProtector, TokenInfo, TokenValidator};
    pub use crate::redirect_uris;
    pub use crate::router::DeclaredServer;
    pub use crate::server::{OAuth2Server, Ready, SubjectState};
    pub use crate::signal::{
        ClientAuthenticated, CodeReplayed, ConsentDenied, ConsentGranted, RefreshTokenReused,
        TokenAuthenticated, TokenIssued, TokenRevoked,
    };
    pub use crate::store::SqlStore;
    #[cfg(feature = "sqlite")]
    pub use crate::store::Sqlite;
    pub use crate::token::{GeneratorContext, TokenGenerator};
    pub use crate::types::{
        AccessToken, AuthorizationCode, ClientId, ClientSecret, CodeChallenge, Digest, GrantId, GrantTypes,
        Lifetime, RedirectUris, RefreshToken, ResponseTypes, Scope, ScopeSet, Secret, SecretHash, Subject,
        Timestamp,
    };
}
