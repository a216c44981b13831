//! `implicit`: the authorization endpoint answers with an access token in the fragment of the redirect URI (RFC 6749 section
//! 4.2). Nobody should use it any more (RFC 9700 section 2.1.2): it needs
//! `allow(implicit_grant, reason = "..")`, without which it is an error, or under `profile = "rfc6749"` a warning.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{
    AuthorizationGrant, AuthorizationHandler, Dispatch, Grant, GrantContext, Granted, KindHandler,
    PkceWithoutCode, RefreshTokensInUrls, WITHDRAWN,
};
use crate::error::OAuthError;
use crate::extension::{AuthorizationContext, Extensions, Steps, TokenContext};
use crate::issue::{Refresh, mint};
use crate::server::OAuth2Server;
use crate::store::{Issuance, Store};
use crate::types::{AuthorizationResponse, DefaultRight, GrantProperties, Legacy, Secret, TokenResponse};

/// Handles `response_type=token`.
#[derive(Debug)]
pub enum Kind {}

/// The keys of `#[grant(implicit, ..)]`.
#[derive(Debug, Clone, Copy)]
pub struct Spec(GrantProperties);

/// The grant without any key: access tokens live one hour. Only clients whose `grant_types` lists it may use it, since a client
/// that expects codes would be sent tokens by anybody who asks for them in its name.
#[must_use]
pub const fn grant() -> Spec {
    let properties = GrantProperties::new("implicit").default_right(DefaultRight::Nobody);
    Spec(properties.answers_with_tokens().legacy(Legacy::Implicit))
}

impl Spec {
    /// How long access tokens live, such as `10m`.
    #[must_use]
    pub const fn access_token_ttl(self, ttl: Duration) -> Self {
        Self(self.0.access_token_ttl(ttl))
    }

    /// Refused: it would be in the URL.
    #[doc(hidden)]
    #[must_use]
    pub const fn refresh_token<'a>(self) -> Self
    where
        &'a (): RefreshTokensInUrls,
    {
        self
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
        self.0
    }
}

impl<S: OAuth2Server, G: Grant<Kind = Self>> KindHandler<S, G> for Kind
where
    G::Extensions: Extensions<S>,
{
    const STEPS: Steps<S> = Steps::of::<G::Extensions>();

    /// There is no token request.
    async fn handle(_: G, _: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
        Err(OAuthError::unsupported_grant_type("this server has no such grant type"))
    }

    fn authorization() -> Option<AuthorizationHandler<S>>
    where
        S: Dispatch,
    {
        Some(<Self as AuthorizationGrant<S, G>>::handler())
    }
}

impl<S: Dispatch, G: Grant<Kind = Self>> AuthorizationGrant<S, G> for Kind
where
    G::Extensions: Extensions<S>,
{
    /// Answers with an access token, and never with a refresh token (RFC 6749 section 4.2.2).
    fn respond<'a>(
        cx: &'a AuthorizationContext<'a, S>,
        granted: Granted<'a, S>,
    ) -> BoxFuture<'a, Result<AuthorizationResponse, OAuthError>> {
        Box::pin(async move {
            let token = TokenContext {
                server: cx.server(),
                client: cx.client(),
                form: cx.form(),
                now: cx.now(),
                request: None,
                grant: cx.grant,
                subject: Some(granted.subject),
                scope: cx.scope(),
                code: None,
                refreshed: None,
            };
            let steps = [Steps::of::<S::Extensions>(), Steps::of::<G::Extensions>()];
            let mut minted = mint(cx.server(), cx.client(), granted.permit, None, &Refresh::Never).await?;
            for steps in &steps {
                minted.extend(steps, &token).await?;
            }
            let mut response = AuthorizationResponse::default();
            S::Extensions::authorization_response(cx, &mut response).await?;
            G::Extensions::authorization_response(cx, &mut response).await?;
            for (name, value) in minted.additional() {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                response.insert(name, text)?;
            }
            let issuance = Issuance { rows: minted.rows(), kept: None, agreed: granted.agreed };
            if !cx.server().store().issue(issuance).await? {
                return Err(OAuthError::access_denied(WITHDRAWN));
            }
            let issued = minted.hand_out(cx.server()).await;
            response.put("access_token", issued.access_token);
            response.put("token_type", Secret::new("Bearer".to_owned()));
            response.put("expires_in", Secret::new(issued.expires_in.as_secs().to_string()));
            response.put("scope", Secret::new(issued.scope));
            Ok(response)
        })
    }
}
