use std::future::Future;
use std::marker::PhantomData;

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use tracing::Span;

use super::{Caller, ClientEndpoint, Endpoint, Mount, Mounted};
use crate::client_auth::ClientRequest;
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::types::{Issuer, ServerMetadata};

/// Several answers behind one endpoint: `First` may answer or leave it to `Last`, which must. A chain is an endpoint, so that
/// `Chain<A, Chain<B, IntrospectionEndpoint>>` asks three; its path and its description are those of the last one.
#[derive(Debug)]
pub struct Chain<First, Last>(PhantomData<fn() -> (First, Last)>);

/// What can stand before the end of a [`Chain`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand before the end of a chain",
    label = "it cannot leave the answer to the next",
    note = "implement `Link<{S}>` for it"
)]
pub trait Link<S: Dispatch>: 'static {
    /// Answers the client, or leaves it to the next with `None`.
    ///
    /// # Errors
    ///
    /// What the client is told; the next is then not asked.
    fn answer(cx: &ClientRequest<'_, S>)
    -> impl Future<Output = Result<Option<Response>, OAuthError>> + Send;
}

#[diagnostic::do_not_recommend]
impl<S, First, Last> Endpoint<S> for Chain<First, Last>
where
    S: Dispatch,
    First: Link<S>,
    Last: Endpoint<S> + ClientEndpoint<S>,
{
    const PATH: &'static str = Last::PATH;
    const METHODS: MethodFilter = Last::METHODS;
    const BUILT_IN: &'static str = Last::BUILT_IN;
    const NAME: &'static str = Last::NAME;
    const CALLER: Caller = Last::CALLER;
    const ERROR_CODES: &'static [ErrorCode] = Last::ERROR_CODES;

    fn place(path: &str, issuer: &Issuer) -> String {
        Last::place(path, issuer)
    }

    fn describe(at: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
        Last::describe(at, metadata, url);
    }

    async fn call(at: Mounted<S>, request: Request) -> Response {
        at.answer_client::<Self>(request).await
    }
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch, First: Link<S>, Last: ClientEndpoint<S>> ClientEndpoint<S> for Chain<First, Last> {
    fn span() -> Span {
        Last::span()
    }

    fn check(form: &Form) -> Result<(), OAuthError> {
        Last::check(form)
    }

    fn admit(cx: &ClientRequest<'_, S>) -> Result<(), OAuthError> {
        Last::admit(cx)
    }

    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
        match First::answer(cx).await? {
            Some(response) => Ok(response),
            None => Last::answer(cx).await,
        }
    }
}
