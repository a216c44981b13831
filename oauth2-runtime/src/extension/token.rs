use std::future::Future;

use super::{Reach, TokenContext};
use crate::error::OAuthError;
use crate::server::OAuth2Server;
use crate::types::TokenResponse;

/// Steps at the token endpoint, which every grant has. Write the ones you need.
///
/// An extension with steps at the authorization endpoint says so, and has them in its `impl AuthorizationExtension`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an extension",
    label = "not an extension",
    note = "implement `Extension<{S}>` for it"
)]
pub trait Extension<S: OAuth2Server>: Sized + 'static {
    /// Where it has steps: [`TokenRequests`](super::TokenRequests), or [`AuthorizationRequests`](super::AuthorizationRequests) for
    /// an [`AuthorizationExtension`](super::AuthorizationExtension).
    type Reach: Reach<S, Self>;

    /// Checks the token request. Everything else about it is in order, and nothing has been used up yet.
    ///
    /// # Errors
    ///
    /// What the client is told.
    #[must_use]
    fn token_request(cx: &TokenContext<'_, S>) -> impl Future<Output = Result<(), OAuthError>> + Send {
        let _ = cx;
        std::future::ready(Ok(()))
    }

    /// Fills in your own columns of the token's row, before it is stored. The framework's columns must stay as they are: it
    /// refuses the request if one of them is another, except for the digests, of which it keeps no copy.
    ///
    /// # Errors
    ///
    /// What the client is told.
    fn before_issue(
        cx: &TokenContext<'_, S>,
        token: &mut S::Token,
    ) -> impl Future<Output = Result<(), OAuthError>> + Send {
        let _ = (cx, token);
        std::future::ready(Ok(()))
    }

    /// Adds parameters to the answer, with [`TokenResponse::insert`]. It is built, and the token is stored after this.
    ///
    /// # Errors
    ///
    /// What the client is told instead.
    fn token_response(
        cx: &TokenContext<'_, S>,
        response: &mut TokenResponse,
    ) -> impl Future<Output = Result<(), OAuthError>> + Send {
        let _ = (cx, response);
        std::future::ready(Ok(()))
    }
}
