use std::future::Future;

use super::{AuthorizationContext, AuthorizationRequests, Extension};
use crate::error::OAuthError;
use crate::server::OAuth2Server;
use crate::types::{AuthorizationResponse, Subject};

/// Steps at the authorization endpoint, for grants that start in a browser (RFC 6749 section 4.1.1). Write the ones you need.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no steps at the authorization endpoint",
    label = "no `impl AuthorizationExtension<{S}>`",
    note = "implement `AuthorizationExtension<{S}>` for it, or write `type Reach = TokenRequests`"
)]
pub trait AuthorizationExtension<S: OAuth2Server>: Extension<S, Reach = AuthorizationRequests> {
    /// Checks the authorization request. Everything else about it is in order. It is asked at each step on the way of the browser,
    /// so several times for one request.
    ///
    /// # Errors
    ///
    /// What the client is told.
    #[must_use]
    fn authorization_request(
        cx: &AuthorizationContext<'_, S>,
    ) -> impl Future<Output = Result<(), OAuthError>> + Send {
        let _ = cx;
        std::future::ready(Ok(()))
    }

    /// Checks the request for the person who has signed in, before they are asked and when they have agreed.
    ///
    /// # Errors
    ///
    /// What the client is told.
    #[must_use]
    fn consent(
        cx: &AuthorizationContext<'_, S>,
        subject: &Subject,
    ) -> impl Future<Output = Result<(), OAuthError>> + Send {
        let _ = (cx, subject);
        std::future::ready(Ok(()))
    }

    /// Fills in your own columns of the code's row, before it is stored. The framework's columns must stay as they are: it
    /// refuses the request if one of them is another, except for the digests, of which it keeps no copy. Not in
    /// the implicit grant, which has no codes.
    ///
    /// # Errors
    ///
    /// What the client is told.
    fn before_code(
        cx: &AuthorizationContext<'_, S>,
        code: &mut S::Code,
    ) -> impl Future<Output = Result<(), OAuthError>> + Send {
        let _ = (cx, code);
        std::future::ready(Ok(()))
    }

    /// Adds parameters to the answer to the client, with [`AuthorizationResponse::insert`]. It is built, and nothing is stored
    /// yet.
    ///
    /// # Errors
    ///
    /// What the client is told.
    fn authorization_response(
        cx: &AuthorizationContext<'_, S>,
        response: &mut AuthorizationResponse,
    ) -> impl Future<Output = Result<(), OAuthError>> + Send {
        let _ = (cx, response);
        std::future::ready(Ok(()))
    }
}
