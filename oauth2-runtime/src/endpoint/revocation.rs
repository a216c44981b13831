//! The revocation endpoint (RFC 7009).

use axum::extract::Request;
use axum::response::Response;
use http::HeaderValue;
use http::StatusCode;
use http::header::{CACHE_CONTROL, PRAGMA};
use tracing::Span;

use super::{ClientEndpoint, Endpoint, Mount, Mounted};
use crate::client_auth::ClientRequest;
use crate::error::OAuthError;
use crate::form::Form;
use crate::grant::Dispatch;
use crate::model::{OAuth2Client, OAuth2Token};
use crate::server::Ready;
use crate::signal::{Event, TokenRevoked};
use crate::store::Store;
use crate::types::{ClientId, Digest, GrantId, ServerMetadata};

/// `POST /oauth/revoke`, for clients that identify themselves as at the token endpoint.
///
/// Revoking a refresh token ends its whole authorization, access tokens included (RFC 7009 section 2.1). Revoking an access
/// token ends that token only: the client can go on with its refresh token. A token that does not exist, or is another
/// client's, is answered 200 too (section 2.2), and nothing ends. `token_type_hint` is not needed and ignored.
#[derive(Debug)]
pub enum RevocationEndpoint {}

/// The entry of `endpoints(revocation)`.
#[must_use]
pub const fn revocation<S: Dispatch>() -> Mount<S> {
    Mount::of::<RevocationEndpoint>()
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for RevocationEndpoint {
    const PATH: &'static str = "/oauth/revoke";

    fn describe(at: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
        let methods = at.client_auth_methods();
        metadata.revocation_endpoint = Some(url);
        metadata.revocation_endpoint_auth_methods_supported =
            methods.iter().map(|method| method.name).collect();
    }

    async fn call(at: Mounted<S>, request: Request) -> Response {
        at.answer_client::<Self>(request).await
    }
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> ClientEndpoint<S> for RevocationEndpoint {
    fn span() -> Span {
        let empty = tracing::field::Empty;
        tracing::info_span!("revocation", client_id = empty, because = empty)
    }

    fn check(form: &Form) -> Result<(), OAuthError> {
        form.require("token")?;
        // Its form tells what kind of token it is, which the hint could only guess.
        form.get("token_type_hint")?;
        Ok(())
    }

    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
        let (server, client_id) = (cx.server(), cx.client().client_id());
        if let Some((grant_id, tokens)) = end(server, client_id, cx.form().require("token")?).await? {
            tracing::info!(%client_id, tokens, "token revoked");
            let (client_id, at) = (client_id.clone(), server.now());
            server.emit(Event::token_revoked(&TokenRevoked { client_id, grant_id, tokens, at })).await;
        }
        Ok(done())
    }
}

/// Ends the client's token; `None` when there is none such, which the client is not told (RFC 7009 section 2.2).
async fn end<S: Dispatch>(
    server: &Ready<S>,
    client_id: &ClientId,
    token: &str,
) -> Result<Option<(Option<GrantId>, u64)>, OAuthError> {
    let (store, now) = (server.store(), server.now());
    if let Some(digest) = Digest::of(token) {
        let Some(row) = store.refresh_token(&digest).await? else { return Ok(None) };
        let fields = row.fields();
        let Some(grant_id) = fields.grant_id.filter(|_| fields.client_id == client_id) else {
            return Ok(None);
        };
        let tokens = store.revoke_grant(grant_id, now).await?;
        return Ok((tokens > 0).then(|| (Some(grant_id.clone()), tokens)));
    }
    let Some(digest) = Digest::of(token) else { return Ok(None) };
    let Some(row) = store.access_token(&digest).await? else { return Ok(None) };
    let ended = store.end_access_token(&digest, client_id, now).await?;
    Ok(ended.then(|| (row.fields().grant_id.cloned(), 1)))
}

/// 200 and nothing else, also for a token that does not exist (RFC 7009 section 2.2).
fn done() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
