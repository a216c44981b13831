use std::future::Future;

use axum::extract::Request;
use axum::response::Response;
use tracing::{Instrument, Span};

use super::{Mounted, answer};
use crate::client_auth::ClientRequest;
use crate::error::OAuthError;
use crate::form::Form;
use crate::grant::Dispatch;

/// How an endpoint answers a form from a client that identifies itself (RFC 6749 section 3.2). The built-in ones do it so.
///
/// ```
/// use axum::extract::Request;
/// use axum::response::Response;
/// use oauth2_runtime::client_auth::ClientRequest;
/// use oauth2_runtime::endpoint::{ClientEndpoint, Endpoint, Mount, Mounted};
/// use oauth2_runtime::grant::Dispatch;
/// use oauth2_runtime::prelude::*;
/// use oauth2_runtime::types::ServerMetadata;
///
/// /// Tells a client who it is: list it as `endpoints(WhoAmI)`.
/// enum WhoAmI {}
///
/// impl<S: Dispatch> Endpoint<S> for WhoAmI {
///     const PATH: &'static str = "/oauth/whoami";
///
///     fn describe(_: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
///         metadata.additional.insert("whoami_endpoint", url.into());
///     }
///
///     async fn call(at: Mounted<S>, request: Request) -> Response {
///         at.answer_client::<Self>(request).await
///     }
/// }
///
/// impl<S: Dispatch> ClientEndpoint<S> for WhoAmI {
///     async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
///         Ok(Response::new(cx.client().client_id().as_str().to_owned().into()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not answer clients",
    label = "no `impl ClientEndpoint<{S}>`",
    note = "implement `ClientEndpoint<{S}>` for it"
)]
pub trait ClientEndpoint<S: Dispatch>: 'static {
    /// The span of a request; its fields `client_id` and `because` are filled in.
    #[must_use]
    fn span() -> Span {
        let empty = tracing::field::Empty;
        tracing::info_span!("endpoint", client_id = empty, because = empty)
    }

    /// Refuses a form before the client is looked for, which costs nothing yet.
    ///
    /// # Errors
    ///
    /// Usually `invalid_request`, for a parameter that is missing or repeated.
    fn check(form: &Form) -> Result<(), OAuthError> {
        let _ = form;
        Ok(())
    }

    /// Refuses a client that is known by now, before anybody answers it; in a [`Chain`](super::Chain) it is the last one's.
    ///
    /// # Errors
    ///
    /// Usually `invalid_client` or `unauthorized_client`.
    fn admit(cx: &ClientRequest<'_, S>) -> Result<(), OAuthError> {
        let _ = cx;
        Ok(())
    }

    /// Answers the client.
    ///
    /// # Errors
    ///
    /// What the client is told (RFC 6749 section 5.2).
    fn answer(cx: &ClientRequest<'_, S>) -> impl Future<Output = Result<Response, OAuthError>> + Send;
}

impl<S: Dispatch> Mounted<S> {
    /// Reads the form, establishes which client sent it, and lets `E` answer. It is done to its end, whether or not the client
    /// hangs up.
    pub async fn answer_client<E: ClientEndpoint<S>>(self, request: Request) -> Response {
        let work = answer(self, request, |at, parts, form| {
            Box::pin(async move {
                E::check(form)?;
                let cx = at.authenticate(parts, form).await?;
                E::admit(&cx)?;
                E::answer(&cx).await
            })
        });
        work.instrument(E::span()).await
    }
}
