//! Extensions: your own steps inside the built-in grants.
//!
//! An extension is a type of yours, listed with a grant, `#[grant(.., extensions(MyExtension))]`, or with the server for all of
//! its grants, `#[oauth2_server(.., extensions(MyExtension))]`. Its steps are the methods it writes of two traits: [`Extension`]
//! has those of the token endpoint, which every grant has, and [`AuthorizationExtension`] the ones before them, at the
//! authorization endpoint. An extension with steps there does not compile on a grant that is never there.
//!
//! Steps run in the order of the declaration, the server's extensions before the grant's, and after the framework's own
//! checks; in a grant type of your own also after its [`authorize`](crate::grant::extension::ExtensionGrant::authorize). Any of them
//! can refuse with any OAuth error, and the framework has then stored nothing and used nothing up. [`Pkce`] is such an extension,
//! built in, and the first of all.
//!
//! ```
//! use oauth2_runtime::prelude::*;
//!
//! /// Machines are served on working days only.
//! struct OfficeHours;
//!
//! impl<S: OAuth2Server> Extension<S> for OfficeHours {
//!     type Reach = TokenRequests;
//!
//!     async fn token_request(cx: &TokenContext<'_, S>) -> Result<(), OAuthError> {
//!         // 1970 began on a Thursday.
//!         match (cx.now().unix_seconds() / 86_400 + 3) % 7 {
//!             5 | 6 => Err(OAuthError::invalid_grant("come back on Monday")),
//!             _ => Ok(()),
//!         }
//!     }
//! }
//!
//! #[grant(client_credentials, extensions(OfficeHours))]
//! struct Machines;
//! ```

mod authorization;
mod context;
mod guard;
mod list;
mod pkce;
mod reach;
mod steps;
mod token;

pub use authorization::AuthorizationExtension;
pub use context::{AuthorizationContext, TokenContext};
pub(crate) use guard::{code_unchanged, token_unchanged};
pub use list::{Extensions, TokenExtensions};
pub use pkce::Pkce;
pub(crate) use pkce::{challenge, is_bound};
pub use reach::{Anywhere, AuthorizationRequests, Reach, TokenRequests};
pub use steps::Steps;
pub use token::Extension;

use futures_util::future::BoxFuture;

use crate::error::OAuthError;

/// What a step answers.
pub type Verdict<'a> = BoxFuture<'a, Result<(), OAuthError>>;

/// Nothing to say against it.
pub(crate) fn nothing<'a>() -> Verdict<'a> {
    Box::pin(std::future::ready(Ok(())))
}
