//! `authorization_code`: a person signs in with a browser, and the client fetches the token with a code (RFC 6749 section
//! 4.1), bound to the request by PKCE (RFC 7636).
//!
//! A code is good once. It is looked at before it is used, so that a wrong guess does not use it up for the client it
//! belongs to.
//!
//! ```
//! use oauth2_runtime::prelude::*;
//!
//! #[grant(authorization_code, code_ttl = 60s, access_token_ttl = 10m, refresh_token)]
//! struct WebSignIn;
//! ```
//!
//! A server with it needs `sign_in = ..`, and has the endpoints [`authorization`](mod@crate::endpoint::authorization),
//! [`sign_in`](mod@crate::endpoint::sign_in) and [`consent`](mod@crate::endpoint::consent).

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{
    AuthorizationGrant, AuthorizationHandler, Check, Dispatch, Grant, GrantContext, Granted, KindHandler,
    Origin, WITHDRAWN,
};
use crate::error::OAuthError;
use crate::extension::{
    AuthorizationContext, AuthorizationExtension as _, Extension as _, Extensions, Pkce, Steps, Verdict,
    challenge, code_unchanged, is_bound,
};
use crate::gate::Requested;
use crate::issue::{Binding, mint_code};
use crate::model::{CodeFields, OAuth2Client, OAuth2Code};
use crate::server::OAuth2Server;
use crate::signal::{CodeReplayed, Event, TokenRevoked};
use crate::store::{Authorization, CodeRedemption, Redemption, Store};
use crate::types::{
    AuthorizationResponse, DefaultRight, Digest, GrantProperties, RedirectUris, Scope, Timestamp,
    TokenResponse,
};

/// How long after its use a code may come back without ending what it was exchanged for. Every such use is refused; what
/// the window spares is a client that sends a request twice at once, or again because an answer was lost.
pub const RETRY_WINDOW: Duration = Duration::from_secs(10);

/// Handles `grant_type=authorization_code`.
#[derive(Debug)]
pub enum Kind {}

/// The keys of `#[grant(authorization_code, ..)]`.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    properties: GrantProperties,
    code_ttl: Duration,
    pkce: bool,
}

/// The grant without any key: codes live 60 seconds and need PKCE, access tokens live one hour, no refresh tokens.
#[must_use]
pub const fn grant() -> Spec {
    let properties = GrantProperties::new("authorization_code").default_right(DefaultRight::RedirectUris);
    Spec { properties, code_ttl: Duration::from_mins(1), pkce: true }
}

impl Spec {
    /// How long a code lives, such as `60s` (RFC 6749 section 4.1.2: at most ten minutes).
    #[must_use]
    pub const fn code_ttl(self, ttl: Duration) -> Self {
        Self { code_ttl: ttl, ..self }
    }

    /// How long access tokens live, such as `10m`.
    #[must_use]
    pub const fn access_token_ttl(self, ttl: Duration) -> Self {
        Self { properties: self.properties.access_token_ttl(ttl), ..self }
    }

    /// Refresh tokens are issued too, to clients that may use them.
    #[must_use]
    pub const fn refresh_token(self) -> Self {
        Self { properties: self.properties.issues_refresh_tokens(true), ..self }
    }

    /// `false` lets clients leave PKCE out, which `profile = "oauth2.1"` forbids. A request that has a challenge is bound
    /// to it all the same.
    #[must_use]
    pub const fn pkce(self, required: bool) -> Self {
        Self { pkce: required, ..self }
    }

    /// The facts that rules and the gate read.
    #[must_use]
    pub const fn properties(self) -> GrantProperties {
        self.properties.exchanges_codes(self.code_ttl, self.pkce)
    }
}

impl<S: OAuth2Server, G: Grant<Kind = Self, Spec = Spec>> KindHandler<S, G> for Kind
where
    G::Extensions: Extensions<S>,
{
    const STEPS: Steps<S> = Steps::of::<G::Extensions>();
    const CHECK: Option<Check<S>> = Some(|cx| Box::pin(Pkce::token_request(cx)));

    async fn handle(_: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
        let presented = cx.form().require("code")?;
        // A request that repeats a parameter is malformed whatever became of the code, or was bound to it.
        for name in ["redirect_uri", "code_verifier"] {
            cx.form().get(name)?;
        }
        let digest = Digest::of(presented).ok_or_else(refused)?;
        let row = cx.server().store().code(&digest).await?.ok_or_else(refused)?;
        let (code, client_id) = (row.fields(), cx.client().client_id());
        if let Some(at) = code.consumed_at {
            return Err(replayed(cx, &code, at).await);
        }
        // Another client's code: nothing is said about it and nothing happens to it.
        if code.client_id != client_id || code.expires_at <= cx.now() {
            return Err(refused());
        }
        check_redirect(cx, &code)?;
        // The token request has no scope: what the person has allowed, or what is left of it, is what the client gets.
        let admission = cx.admit_to::<G>(Requested::Again(None), code.scope)?;
        let origin = Origin { code: Some(&row), grant_id: Some(code.grant_id.clone()), ..Origin::default() };
        let minted = cx.prepare(admission, Some(code.subject.clone()), origin).await?;
        let redemption = CodeRedemption { code: digest, client_id, at: cx.now(), tokens: minted.rows() };
        match cx.server().store().redeem_code(redemption).await? {
            Redemption::Consumed => Ok(minted.hand_out(cx.server()).await),
            Redemption::AlreadyConsumed { at, .. } => Err(replayed(cx, &code, at).await),
            Redemption::Absent => Err(refused()),
        }
    }

    fn authorization() -> Option<AuthorizationHandler<S>>
    where
        S: Dispatch,
    {
        Some(<Self as AuthorizationGrant<S, G>>::handler())
    }
}

impl<S: Dispatch, G: Grant<Kind = Self, Spec = Spec>> AuthorizationGrant<S, G> for Kind
where
    G::Extensions: Extensions<S>,
{
    fn check<'a>(cx: &'a AuthorizationContext<'a, S>) -> Verdict<'a> {
        Box::pin(Pkce::authorization_request(cx))
    }

    /// Answers with a code that stands for what the person has allowed (RFC 6749 section 4.1.2).
    fn respond<'a>(
        cx: &'a AuthorizationContext<'a, S>,
        granted: Granted<'a, S>,
    ) -> BoxFuture<'a, Result<AuthorizationResponse, OAuthError>> {
        Box::pin(async move {
            let Granted { permit, subject, agreed } = granted;
            let redirect_uri = cx.named_redirect_uri.map(str::to_owned);
            let binding = Binding { redirect_uri, code_challenge: challenge(cx.form())? };
            let (code, mut row) = mint_code(cx.server(), permit, subject, binding)?;
            let unchanged = code_unchanged(&row);
            S::Extensions::before_code(cx, &mut row).await?;
            G::Extensions::before_code(cx, &mut row).await?;
            unchanged(&row)?;
            let mut response = AuthorizationResponse::default();
            response.put("code", code);
            S::Extensions::authorization_response(cx, &mut response).await?;
            G::Extensions::authorization_response(cx, &mut response).await?;
            if !cx.server().store().authorize(Authorization { code: &row, agreed }).await? {
                return Err(OAuthError::access_denied(WITHDRAWN));
            }
            Ok(response)
        })
    }
}

fn refused() -> OAuthError {
    OAuthError::invalid_grant("the code is not valid")
}

/// The token request must name the redirect URI that the authorization request named (RFC 6749 section 4.1.3). Of a request
/// that left it out it is known that the client had one URI only: the token request may leave it out too, or name that one,
/// as clients do that always send it.
fn names_its_redirect_uri<S: OAuth2Server>(
    cx: &GrantContext<'_, S>,
    code: &CodeFields<'_, impl Scope>,
) -> Result<bool, OAuthError> {
    let presented = cx.form().get("redirect_uri")?;
    Ok(match (code.redirect_uri, registered(cx).and_then(RedirectUris::only)) {
        (Some(named), _) => presented == Some(named),
        (None, Some(only)) => presented.is_none_or(|uri| uri == only),
        (None, None) => true,
    })
}

fn check_redirect<S: OAuth2Server>(
    cx: &GrantContext<'_, S>,
    code: &CodeFields<'_, impl Scope>,
) -> Result<(), OAuthError> {
    if !names_its_redirect_uri(cx, code)? {
        return Err(OAuthError::invalid_grant("`redirect_uri` is not that of the authorization request"));
    }
    let kept = registered(cx).is_some_and(|uris| match code.redirect_uri {
        Some(named) => uris.contain(named),
        None => uris.only().is_some(),
    });
    // Taken from the client since: the code was sent to where nothing of the client's may be sent any more.
    if !kept {
        return Err(OAuthError::invalid_grant("the client has this `redirect_uri` no more"));
    }
    Ok(())
}

fn registered<'a, S: OAuth2Server>(cx: &'a GrantContext<'_, S>) -> Option<&'a RedirectUris> {
    cx.client().fields().redirect_uris
}

/// A used code came back. From its own client, and later than a lost answer explains, it was stolen before or after its
/// first use: what it was exchanged for ends (RFC 6749 section 4.1.2). From another client, or from a public one without
/// what binds it to the authorization request, it changes nothing, or anybody who finds an old code in a log could sign people out.
async fn replayed<S: OAuth2Server>(
    cx: &GrantContext<'_, S>,
    code: &CodeFields<'_, impl Scope>,
    used_at: Timestamp,
) -> OAuthError {
    let (server, client_id, at) = (cx.server(), cx.client().client_id(), cx.now());
    let mut tokens = 0;
    // A public client only names itself: its verifier is what tells it from whoever has found the code. Redirect URIs that were
    // taken from it since are no reason to spare what was stolen.
    let bound = || {
        names_its_redirect_uri(cx, code).unwrap_or(false)
            && is_bound(code.code_challenge, cx.form()).unwrap_or(false)
    };
    let proven = cx.client_is_confidential() || bound();
    if proven && client_id == code.client_id && at > used_at.after(RETRY_WINDOW) {
        match server.store().revoke_grant(code.grant_id, at).await {
            Ok(count) => tokens = count,
            Err(error) => return error.into(),
        }
    }
    let revoked = tokens > 0;
    tracing::warn!(%client_id, issued_to = %code.client_id, grant_id = %code.grant_id, revoked, "a used code came back");
    let event = CodeReplayed {
        client_id: client_id.clone(),
        issued_to: code.client_id.clone(),
        subject: code.subject.clone(),
        grant_id: code.grant_id.clone(),
        revoked,
        at,
    };
    server.emit(Event::code_replayed(&event)).await;
    if revoked {
        let CodeReplayed { client_id, subject, grant_id, .. } = event;
        let (subject, grant_id) = (Some(subject), Some(grant_id));
        server.emit(Event::token_revoked(&TokenRevoked { client_id, subject, grant_id, tokens, at })).await;
    }
    refused()
}
