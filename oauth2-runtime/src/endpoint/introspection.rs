//! The introspection endpoint (RFC 7662).

use axum::extract::Request;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use tracing::Span;

use super::{Caller, ClientEndpoint, Endpoint, Mount, Mounted, Presented, PresentedToken};
use crate::client_auth::ClientRequest;
use crate::error::{Error, ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::json;
use crate::model::{OAuth2Client, OAuth2Token, TokenFields};
use crate::server::Ready;
use crate::types::{Scope, ServerMetadata, Timestamp};

/// `POST /oauth/introspect`, for clients that authenticate.
///
/// A client learns about the tokens issued to itself, and with the right `introspect` about all. Every other token is
/// inactive to it (RFC 7662 section 2.2), as are tokens that have ended or do not exist.
///
/// Of a live one the answer has `scope`, `client_id`, `sub` unless the client acts for itself, `iss`, and `iat` and `exp` in
/// seconds since 1970; of an access token also `token_type`. The `exp` of a refresh token is that of the server's refresh grant.
#[derive(Debug)]
pub enum IntrospectionEndpoint {}

/// The entry of `endpoints(introspection)`.
#[must_use]
pub const fn introspection<S: Dispatch>() -> Mount<S> {
    Mount::of::<IntrospectionEndpoint>()
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for IntrospectionEndpoint {
    const PATH: &'static str = "/oauth/introspect";
    const BUILT_IN: &'static str = <Self as Endpoint<S>>::PATH;
    const NAME: &'static str = "introspection";
    const CALLER: Caller = Caller::ConfidentialClient;
    const ERROR_CODES: &'static [ErrorCode] = &[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
        ErrorCode::ServerError,
        ErrorCode::TemporarilyUnavailable,
    ];

    fn describe(at: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
        metadata.introspection_endpoint = Some(url);
        let methods = at.client_auth_methods().iter().filter(|method| method.authenticates());
        metadata.introspection_endpoint_auth_methods_supported = methods.map(|method| method.name).collect();
    }

    async fn call(at: Mounted<S>, request: Request) -> Response {
        at.answer_client::<Self>(request).await
    }
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> ClientEndpoint<S> for IntrospectionEndpoint {
    fn span() -> Span {
        let empty = tracing::field::Empty;
        tracing::info_span!("introspection", client_id = empty, because = empty)
    }

    fn check(form: &Form) -> Result<(), OAuthError> {
        form.require("token")?;
        form.get("token_type_hint")?;
        Ok(())
    }

    fn admit(cx: &ClientRequest<'_, S>) -> Result<(), OAuthError> {
        if cx.client_is_confidential() {
            return Ok(());
        }
        Err(OAuthError::invalid_client("introspection is for clients that authenticate"))
    }

    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
        let (server, client) = (cx.server(), cx.client().fields());
        let (token, hint) = (cx.form().require("token")?, cx.form().get("token_type_hint")?);
        let found = PresentedToken::find(server, token, hint).await?;
        let row = found.as_ref().map(|token| (token.row.fields(), token.kind));
        let visible = row.filter(|(token, _)| client.introspect || token.client_id == client.client_id);
        let active = visible.and_then(|(token, kind)| active(server, &token, kind));
        let answer = Answer { active: active.is_some(), token: active };
        let body = serde_json::to_vec(&answer);
        let body = body.map_err(|source| Error::new("cannot write the answer").caused_by(source))?;
        Ok(json(StatusCode::OK, body))
    }
}

/// What the client learns (RFC 7662 section 2.2).
#[derive(Serialize)]
struct Answer<'a> {
    active: bool,
    #[serde(flatten)]
    token: Option<Active<'a>>,
}

#[derive(Serialize)]
struct Active<'a> {
    scope: String,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    exp: i64,
    iat: i64,
    iss: &'a str,
}

/// The token, if it is live.
fn active<'a, S: Dispatch>(
    server: &'a Ready<S>,
    token: &TokenFields<'a, impl Scope>,
    kind: Presented,
) -> Option<Active<'a>> {
    let (ends_at, token_type) = match kind {
        Presented::Access(_) => (token.expires_at, Some("Bearer")),
        Presented::Refresh(_) => (refresh_token_ends_at::<S>(token.issued_at)?, None),
    };
    let live = token.revoked_at.is_none() && ends_at > server.now();
    live.then(|| Active {
        scope: token.scope.to_string(),
        client_id: token.client_id.as_str(),
        sub: token.subject.map(crate::types::Subject::as_str),
        token_type,
        exp: ends_at.unix_seconds(),
        iat: token.issued_at.unix_seconds(),
        iss: server.issuer().as_str(),
    })
}

/// When the server's grants stop redeeming a refresh token; `None` when none of them redeems any.
fn refresh_token_ends_at<S: Dispatch>(issued_at: Timestamp) -> Option<Timestamp> {
    let longest = S::GRANTS.iter().filter_map(|grant| grant.refresh_token_ttl).max()?;
    Some(issued_at.after(longest))
}
