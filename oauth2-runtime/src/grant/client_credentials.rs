//! `client_credentials`: a client acts for itself (RFC 6749 section 4.4).

use std::time::Duration;

use super::{Grant, GrantContext, KindHandler, PkceWithoutCode, RefreshTokensForMachines};
use crate::error::OAuthError;
use crate::extension::{Steps, TokenExtensions};
use crate::server::OAuth2Server;
use crate::types::{GrantProperties, TokenResponse};

/// Handles `grant_type=client_credentials`.
#[derive(Debug)]
pub enum Kind {}

/// The keys of `#[grant(client_credentials, ..)]`.
#[derive(Debug, Clone, Copy)]
pub struct Spec(GrantProperties);

/// The grant without any key: access tokens live one hour.
#[must_use]
pub const fn grant() -> Spec {
    Spec(GrantProperties::new("client_credentials").confidential_only())
}

impl Spec {
    /// How long access tokens live, such as `10m`.
    #[must_use]
    pub const fn access_token_ttl(self, ttl: Duration) -> Self {
        Self(self.0.access_token_ttl(ttl))
    }

    /// Refused: machines have their secret.
    #[doc(hidden)]
    #[must_use]
    pub const fn refresh_token<'a>(self) -> Self
    where
        &'a (): RefreshTokensForMachines,
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
    G::Extensions: TokenExtensions<S>,
{
    const STEPS: Steps<S> = Steps::of::<G::Extensions>();

    /// No refresh token: the client can always ask again (RFC 6749 section 4.4.3).
    async fn handle(_: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
        cx.issue(cx.admit::<G>()?, None).await
    }
}
