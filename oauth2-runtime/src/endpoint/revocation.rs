//! The revocation endpoint (RFC 7009), and what ends with a token.

use std::future::Future;
use std::marker::PhantomData;

use axum::extract::Request;
use axum::response::Response;
use http::HeaderValue;
use http::StatusCode;
use http::header::{CACHE_CONTROL, PRAGMA};
use tracing::Span;

use super::{ClientEndpoint, Endpoint, Mount, Mounted, Presented, PresentedToken};
use crate::client_auth::ClientRequest;
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::model::{OAuth2Client, OAuth2Token};
use crate::server::{OAuth2Server, Ready};
use crate::signal::{Event, TokenRevoked};
use crate::store::{Redemption, Rotation, Store};
use crate::types::{AccessToken, Digest, RefreshToken, ServerMetadata, Timestamp};

/// `POST /oauth/revoke`, for clients that identify themselves as at the token endpoint, public ones included.
///
/// What ends is up to the policy `P`; see [`Cascade`] for the shipped ones. A token that does not exist, or is another client's,
/// is answered 200 too (RFC 7009 section 2.2), and nothing ends. `token_type_hint` says at most where to look first, and an
/// unknown one nothing.
pub struct RevocationEndpoint<P = WholeGrant>(PhantomData<fn() -> P>);

/// The entry of `endpoints(revocation)`.
#[must_use]
pub const fn revocation<S: Dispatch>() -> Mount<S> {
    Mount::of::<RevocationEndpoint>().cascading()
}

/// What ends when a client revokes a token. An access token ends alone, whichever it is: the server MAY end the refresh
/// token as well (RFC 7009 section 2.1) and does not, so that the client can go on with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cascade {
    /// A refresh token ends its whole authorization: "the authorization server SHOULD also invalidate all access tokens based
    /// on the same authorization grant" (RFC 7009 section 2.1). The default.
    Grant,
    /// A refresh token ends with the access token that was issued with it. Access tokens issued from it on their own, narrowed
    /// ones and those of a refresh token that is kept, go on until they expire, which is less than that SHOULD. A refresh
    /// token that was used already has a successor, which must not survive it: it ends the whole authorization.
    Token,
}

/// How the revocation endpoint finds a token and what it ends: list it as `endpoints(RevocationEndpoint<MyPolicy>)`. Both
/// methods have the shipped answer.
///
/// ```
/// use oauth2_runtime::client_auth::ClientRequest;
/// use oauth2_runtime::endpoint::revocation::RevocationEndpoint;
/// use oauth2_runtime::endpoint::{Cascade, PresentedToken, RevocationPolicy};
/// use oauth2_runtime::prelude::*;
/// # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
/// # #[grant(client_credentials)] struct Robots;
///
/// /// An access token ends its whole authorization too, which RFC 7009 section 2.1 allows.
/// struct Everything;
///
/// impl RevocationPolicy<Auth> for Everything {
///     async fn revoke_token(
///         cx: &ClientRequest<'_, Auth>,
///         token: &PresentedToken<Auth>,
///     ) -> Result<u64, OAuthError> {
///         token.end_grant(cx.server()).await
///     }
/// }
///
/// #[oauth2_server(
///     issuer = "https://id.example",
///     scopes = Access,
///     grants(Robots),
///     endpoints(RevocationEndpoint<Everything>),
///     client_auth(client_secret_basic),
/// )]
/// struct Auth {
///     #[oauth2(store)]
///     db: SqlStore<Sqlite>,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what a revocation ends",
    label = "not a revocation policy",
    note = "write `impl RevocationPolicy<{S}> for {Self}` (RFC 7009 section 2.1)"
)]
pub trait RevocationPolicy<S: Dispatch>: 'static {
    /// Finds the presented token. `hint` is the `token_type_hint`. What is answered is revoked only if it is the client's own,
    /// whatever the policy says: RFC 7009 section 2.1 has the server refuse others.
    ///
    /// # Errors
    ///
    /// What the client is told.
    #[must_use]
    fn query_token(
        cx: &ClientRequest<'_, S>,
        token: &str,
        hint: Option<&str>,
    ) -> impl Future<Output = Result<Option<PresentedToken<S>>, OAuthError>> + Send {
        PresentedToken::find(cx.server(), token, hint)
    }

    /// Ends the token, which is the client's own; how many tokens ended. When none did, nobody is signalled.
    ///
    /// # Errors
    ///
    /// What the client is told; `temporarily_unavailable` lets it try again (RFC 7009 section 2.2.1).
    #[must_use]
    fn revoke_token(
        cx: &ClientRequest<'_, S>,
        token: &PresentedToken<S>,
    ) -> impl Future<Output = Result<u64, OAuthError>> + Send {
        token.end(cx.server(), Cascade::Grant)
    }
}

/// The policy of [`Cascade::Grant`].
#[derive(Debug)]
pub enum WholeGrant {}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> RevocationPolicy<S> for WholeGrant {}

/// The policy of [`Cascade::Token`].
#[derive(Debug)]
pub enum TokenAlone {}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> RevocationPolicy<S> for TokenAlone {
    async fn revoke_token(cx: &ClientRequest<'_, S>, token: &PresentedToken<S>) -> Result<u64, OAuthError> {
        token.end(cx.server(), Cascade::Token).await
    }
}

impl<S: Dispatch> Mount<S> {
    /// `cascade = Cascade::Token`: what ends with a token, at `revocation`.
    #[must_use]
    pub const fn cascade(self, cascade: Cascade) -> Self {
        match cascade {
            Cascade::Grant => self.cascaded::<RevocationEndpoint<WholeGrant>>(),
            Cascade::Token => self.cascaded::<RevocationEndpoint<TokenAlone>>(),
        }
    }
}

impl<S: OAuth2Server> PresentedToken<S> {
    /// Ends it, and what ends with it; how many tokens ended, an access token and the refresh token issued with it counted as
    /// one. None do when it has ended already.
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when the database cannot answer.
    pub async fn end(&self, server: &Ready<S>, cascade: Cascade) -> Result<u64, OAuthError> {
        match (&self.kind, cascade) {
            (Presented::Access(digest), _) => self.end_access_token(server, digest).await,
            (Presented::Refresh(_), Cascade::Grant) => self.end_grant(server).await,
            (Presented::Refresh(digest), Cascade::Token) => self.end_refresh_token(server, digest).await,
        }
    }

    /// Ends every token of its authorization; how many ended.
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when the database cannot answer.
    pub async fn end_grant(&self, server: &Ready<S>) -> Result<u64, OAuthError> {
        match self.row.fields().grant_id {
            Some(grant_id) => Ok(server.store().revoke_grant(grant_id, server.now()).await?),
            // Without a column for it nobody knows what belongs together.
            None => match &self.kind {
                Presented::Access(digest) => self.end_access_token(server, digest).await,
                Presented::Refresh(_) => Ok(0),
            },
        }
    }

    async fn end_access_token(
        &self,
        server: &Ready<S>,
        digest: &Digest<AccessToken>,
    ) -> Result<u64, OAuthError> {
        let (client_id, now) = (self.row.fields().client_id, server.now());
        Ok(server.store().end_access_token(digest, client_id, now).await?.into())
    }

    /// Uses it up for nothing. One that was used before, or in the meantime, has a successor.
    async fn end_refresh_token(
        &self,
        server: &Ready<S>,
        digest: &Digest<RefreshToken>,
    ) -> Result<u64, OAuthError> {
        if self.row.fields().revoked_at.is_some() {
            return self.end_grant(server).await;
        }
        let rotation = Rotation {
            refresh_token: *digest,
            client_id: self.row.fields().client_id,
            at: server.now(),
            issued_after: Timestamp::from_unix_seconds(i64::MIN),
            successors: &[],
        };
        match server.store().rotate(rotation).await? {
            Redemption::Consumed => Ok(1),
            Redemption::AlreadyConsumed { .. } => self.end_grant(server).await,
            Redemption::Absent => Ok(0),
        }
    }
}

impl<S: Dispatch, P: RevocationPolicy<S>> Endpoint<S> for RevocationEndpoint<P> {
    const PATH: &'static str = "/oauth/revoke";
    const BUILT_IN: &'static str = <Self as Endpoint<S>>::PATH;
    const NAME: &'static str = "revocation";
    const ERROR_CODES: &'static [ErrorCode] = &[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
        ErrorCode::ServerError,
        ErrorCode::TemporarilyUnavailable,
    ];

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
impl<S: Dispatch, P: RevocationPolicy<S>> ClientEndpoint<S> for RevocationEndpoint<P> {
    fn span() -> Span {
        let empty = tracing::field::Empty;
        tracing::info_span!("revocation", client_id = empty, because = empty)
    }

    fn check(form: &Form) -> Result<(), OAuthError> {
        form.require("token")?;
        form.get("token_type_hint")?;
        Ok(())
    }

    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
        let (server, client_id) = (cx.server(), cx.client().client_id());
        let (token, hint) = (cx.form().require("token")?, cx.form().get("token_type_hint")?);
        let found = P::query_token(cx, token, hint).await?;
        // The client is not told that a token is another's (RFC 7009 section 2.2).
        let own = found.filter(|token| token.row.fields().client_id == client_id);
        if let Some(token) = own {
            let tokens = P::revoke_token(cx, &token).await?;
            if tokens > 0 {
                tracing::info!(%client_id, tokens, "token revoked");
                let row = token.row.fields();
                let (subject, grant_id) = (row.subject.cloned(), row.grant_id.cloned());
                let (client_id, at) = (client_id.clone(), server.now());
                let event = TokenRevoked { client_id, subject, grant_id, tokens, at };
                server.emit(Event::token_revoked(&event)).await;
            }
        }
        Ok(done())
    }
}

/// 200 and nothing else, also for a token that does not exist (RFC 7009 section 2.2).
fn done() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
