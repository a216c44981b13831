//! What the endpoints for clients have in common: a form from a client that authenticates (RFC 6749 section 3.2).

use std::future::Future;

use axum::extract::Request;
use axum::response::Response;
use futures_util::future::BoxFuture;
use http::request::Parts;

use super::Mounted;
use crate::error::OAuthError;
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::{error, read_form, server_failed};
use crate::task;

/// What an endpoint does with a form.
pub(super) type Work<S> =
    for<'a> fn(&'a Mounted<S>, &'a Parts, &'a Form) -> BoxFuture<'a, Result<Response, OAuthError>>;

/// Reads the form, then lets `work` answer.
pub(super) async fn answer<S: Dispatch>(at: Mounted<S>, request: Request, work: Work<S>) -> Response {
    let (parts, body) = request.into_parts();
    let form = match read_form(&parts, body).await {
        Ok(form) => form,
        Err(refused) => return error(&refused, at.issuer()),
    };
    let this = at.clone();
    to_its_end(async move {
        match work(&this, &parts, &form).await {
            Ok(response) => response,
            Err(refused) => error(&refused, this.issuer()),
        }
    })
    .await
}

/// Runs `work` whether or not the client hangs up, which ends the connection's task.
pub(super) async fn to_its_end(work: impl Future<Output = Response> + Send + 'static) -> Response {
    task::to_its_end(work).await.unwrap_or_else(|_| server_failed())
}
