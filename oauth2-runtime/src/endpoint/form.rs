//! What the endpoints for clients have in common: a form from a client that authenticates (RFC 6749 section 3.2).

use std::future::Future;

use axum::extract::Request;
use axum::response::Response;
use futures_util::future::BoxFuture;
use http::request::Parts;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::error::OAuthError;
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::{error, read_form, server_failed};
use crate::server::Ready;

/// What an endpoint does with a form.
pub(super) type Work<S> =
    for<'a> fn(&'a Ready<S>, &'a Parts, &'a Form) -> BoxFuture<'a, Result<Response, OAuthError>>;

/// Reads the form, then lets `work` answer.
pub(super) async fn answer<S: Dispatch>(server: Ready<S>, request: Request, work: Work<S>) -> Response {
    let (parts, body) = request.into_parts();
    let form = match read_form(&parts, body).await {
        Ok(form) => form,
        Err(refused) => return error(&refused, server.issuer()),
    };
    let this = server.clone();
    to_its_end(&server, async move {
        match work(&this, &parts, &form).await {
            Ok(response) => response,
            Err(refused) => error(&refused, this.issuer()),
        }
    })
    .await
}

/// A client that hangs up ends the connection's task, and must not end what has begun: after a commit the handlers of
/// signals are told, whoever is still listening.
pub(super) async fn to_its_end<S: Dispatch>(
    server: &Ready<S>,
    work: impl Future<Output = Response> + Send + 'static,
) -> Response {
    match tokio::spawn(work.in_current_span().with_current_subscriber()).await {
        Ok(response) => response,
        Err(_) => server_failed(server.issuer()),
    }
}
