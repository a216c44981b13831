//! `password`: the client sends a person's user name and password (RFC 6749 section 4.3). Nobody should use it any more (RFC 9700
//! section 2.4): it needs `allow(password_grant, reason = "..")`, without which it is an error, or under
//! `profile = "rfc6749"` a warning.
//!
//! The function of `sign_in = password(..)` says whose they are, as it does for the sign-in page.

use std::time::Duration;

use super::{Grant, GrantContext, KindHandler, PkceWithoutCode};
use crate::error::OAuthError;
use crate::extension::{Steps, TokenExtensions};
use crate::password::Credentials;
use crate::server::{OAuth2Server, SubjectState};
use crate::types::{DefaultRight, GrantProperties, Legacy, Secret, TokenResponse};

/// Handles `grant_type=password`.
#[derive(Debug)]
pub enum Kind {}

/// The keys of `#[grant(password, ..)]`.
#[derive(Debug, Clone, Copy)]
pub struct Spec(GrantProperties);

/// The grant without any key: access tokens live one hour, no refresh tokens. Only clients whose `grant_types` lists it may use
/// it.
#[must_use]
pub const fn grant() -> Spec {
    let properties = GrantProperties::new("password").default_right(DefaultRight::Nobody);
    Spec(properties.legacy(Legacy::Password))
}

impl Spec {
    /// How long access tokens live, such as `10m`.
    #[must_use]
    pub const fn access_token_ttl(self, ttl: Duration) -> Self {
        Self(self.0.access_token_ttl(ttl))
    }

    /// Refresh tokens are issued too, to clients that may use them.
    #[must_use]
    pub const fn refresh_token(self) -> Self {
        Self(self.0.issues_refresh_tokens(true))
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

    async fn handle(_: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
        let (username, password) = (cx.form().require("username")?, cx.form().require("password")?);
        let admission = cx.admit::<G>()?;
        let credentials = Credentials::new(username.to_owned(), Secret::new(password.to_owned()));
        let wrong = || OAuthError::invalid_grant("the user name or the password is wrong");
        let subject = cx.server().sign_in(&credentials).await?.ok_or_else(wrong)?;
        // Somebody who is disabled is told no more than somebody with a wrong password.
        if cx.server().subject_state(&subject).await? != SubjectState::Active {
            return Err(wrong());
        }
        cx.issue(admission, Some(subject)).await
    }
}
