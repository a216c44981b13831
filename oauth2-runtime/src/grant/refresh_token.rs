//! `refresh_token`: a new access token without the person (RFC 6749 section 6, RFC 9700 section 4.14.2).
//!
//! A refresh token is good once. Of several uses one succeeds and the others are `invalid_grant`; a use that comes
//! later than a lost answer explains ends the whole authorization.

use std::time::Duration;

use super::{Grant, GrantContext, KindHandler, Origin, PkceWithoutCode};
use crate::error::OAuthError;
use crate::extension::{Steps, TokenExtensions};
use crate::issue::{Refresh, issue};
use crate::model::{OAuth2Client, OAuth2Token};
use crate::server::OAuth2Server;
use crate::signal::{Event, RefreshTokenReused, TokenRevoked};
use crate::store::{Redemption, Rotation, Store, Superseded};
use crate::types::{
    DefaultRight, Digest, GrantId, GrantProperties, RefreshToken, Subject, Timestamp, TokenResponse,
};

/// How long after its use a refresh token may come back without ending the authorization. Every such use is refused; what
/// the window spares is the family of a client that sends a request twice at once, or again because an answer was lost.
pub const RETRY_WINDOW: Duration = Duration::from_secs(10);

/// Handles `grant_type=refresh_token`.
#[derive(Debug)]
pub enum Kind {}

/// The keys of `#[grant(refresh_token, ..)]`.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    properties: GrantProperties,
    ttl: Duration,
    rotate: bool,
}

/// The grant without any key: refresh tokens live 30 days and rotate.
#[must_use]
pub const fn grant() -> Spec {
    let properties = GrantProperties::new("refresh_token").default_right(DefaultRight::SecretOrRedirectUris);
    Spec { properties, ttl: Duration::from_hours(30 * 24), rotate: true }
}

impl Spec {
    /// How long a refresh token lives, such as `30d`.
    #[must_use]
    pub const fn ttl(self, ttl: Duration) -> Self {
        Self { ttl, ..self }
    }

    /// How long the access tokens live, such as `10m`.
    #[must_use]
    pub const fn access_token_ttl(self, ttl: Duration) -> Self {
        Self { properties: self.properties.access_token_ttl(ttl), ..self }
    }

    /// `false` keeps a refresh token until it expires, for servers whose clients all authenticate.
    #[must_use]
    pub const fn rotate(self, rotate: bool) -> Self {
        Self { rotate, ..self }
    }

    /// Refused: there is no code.
    #[doc(hidden)]
    #[must_use]
    pub const fn pkce<'a>(self, _: bool) -> Self
    where
        &'a (): PkceWithoutCode,
    {
        self
    }

    /// The facts that rules and the gate read.
    #[must_use]
    pub const fn properties(self) -> GrantProperties {
        self.properties.redeems_refresh_tokens(self.ttl, self.rotate)
    }
}

impl<S: OAuth2Server, G: Grant<Kind = Self, Spec = Spec>> KindHandler<S, G> for Kind
where
    G::Extensions: TokenExtensions<S>,
{
    const STEPS: Steps<S> = Steps::of::<G::Extensions>();

    async fn handle(_: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
        let presented = cx.form().require("refresh_token")?;
        // A request that repeats a parameter is malformed whatever became of the token.
        cx.form().get("scope")?;
        let digest = Digest::presented(presented, S::OWN_TOKENS).ok_or_else(refused)?;
        let row = cx.server().store().refresh_token(&digest).await?.ok_or_else(refused)?;
        let (token, client_id) = (row.fields(), cx.client().client_id());
        // Another client's token: nothing is said about it and nothing happens to it.
        if token.client_id != client_id {
            return Err(refused());
        }
        if let Some(at) = token.revoked_at {
            return Err(reused(cx, digest, at, token.grant_id, token.subject).await);
        }
        let issued_after = cx.now().before(G::SPEC.ttl);
        if token.issued_at <= issued_after {
            return Err(refused());
        }
        let rotates = G::PROPERTIES.rotates_refresh_tokens;
        let refresh = if rotates { Refresh::Yes(token.scope) } else { Refresh::Kept };
        let grant_id = token.grant_id.cloned();
        let origin = Origin { code: None, refreshed: Some(&row), grant_id, refresh };
        let admission = cx.admit_within::<G>(token.scope)?;
        let minted = cx.prepare(admission, token.subject.cloned(), origin).await?;
        if !rotates {
            return issue(cx.server(), minted, Some(digest)).await;
        }
        let rotation = Rotation {
            refresh_token: digest,
            client_id,
            at: cx.now(),
            issued_after,
            successors: minted.rows(),
        };
        match cx.server().store().rotate(rotation).await? {
            Redemption::Consumed => Ok(minted.hand_out(cx.server()).await),
            Redemption::AlreadyConsumed { at, grant_id, .. } => {
                Err(reused(cx, digest, at, grant_id.as_ref(), token.subject).await)
            }
            Redemption::Absent => Err(refused()),
        }
    }
}

fn refused() -> OAuthError {
    OAuthError::invalid_grant("the refresh token is not valid")
}

/// A used token came back from its own client: decide whether that was a lost answer or a theft. A client that lost the
/// answer asks again soon, and cannot have used what it never received.
async fn reused<S: OAuth2Server>(
    cx: &GrantContext<'_, S>,
    refresh_token: Digest<RefreshToken>,
    used_at: Timestamp,
    grant_id: Option<&GrantId>,
    subject: Option<&Subject>,
) -> OAuthError {
    let Some(grant_id) = grant_id else {
        return refused();
    };
    let (server, client_id, at) = (cx.server(), cx.client().client_id(), cx.now());
    let revoked = if at > used_at.after(RETRY_WINDOW) {
        server.store().revoke_grant(grant_id, at).await
    } else {
        server.store().revoke_superseded(Superseded { refresh_token, grant_id, used_at, at }).await
    };
    let tokens = match revoked {
        Ok(tokens) => tokens,
        Err(error) => return error.into(),
    };
    let revoked = tokens > 0;
    tracing::warn!(%client_id, %grant_id, revoked, "a used refresh token came back");
    let (client_id, subject, grant_id) = (client_id.clone(), subject.cloned(), grant_id.clone());
    let event = RefreshTokenReused { client_id, subject, grant_id, revoked, at };
    server.emit(Event::refresh_token_reused(&event)).await;
    if revoked {
        let RefreshTokenReused { client_id, subject, grant_id, .. } = event;
        let event = TokenRevoked { client_id, subject, grant_id: Some(grant_id), tokens, at };
        server.emit(Event::token_revoked(&event)).await;
    }
    refused()
}
