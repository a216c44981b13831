//! Extension grants: a grant type of your own (RFC 6749 section 4.5).

use std::future::Future;
use std::time::Duration;

use super::{Grant, GrantContext, KindHandler, PkceWithoutCode};
use crate::error::OAuthError;
use crate::extension::{Steps, TokenExtensions};
use crate::server::OAuth2Server;
use crate::types::{GrantProperties, Scope, ScopeSet, Subject, TokenResponse};

/// Handles a grant type of your own.
#[derive(Debug)]
pub enum Kind {}

/// The keys of `#[grant(extension = "..", ..)]`.
#[derive(Debug, Clone, Copy)]
pub struct Spec(GrantProperties);

/// The grant without any key: access tokens live one hour, no refresh tokens.
#[must_use]
pub const fn grant(grant_type: &'static str) -> Spec {
    Spec(GrantProperties::new(grant_type))
}

impl Spec {
    /// How long access tokens live, such as `10m`.
    #[must_use]
    pub const fn access_token_ttl(self, ttl: Duration) -> Self {
        Self(self.0.access_token_ttl(ttl))
    }

    /// Refresh tokens are issued too, for tokens that speak for a person.
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

/// The decision of an extension grant, on the struct that declares it. Its fields are the request's parameters.
///
/// The client is authenticated and may use this grant when [`ExtensionGrant::authorize`] is called; the subject it
/// answers is still asked about before a token is made.
#[diagnostic::on_unimplemented(
    message = "the grant `{Self}` does not say what it authorizes",
    label = "`authorize` is missing",
    note = "RFC 6749 section 4.5: what the grant asks for is decided by whoever invented it",
    note = "write `impl ExtensionGrant<{S}> for {Self}` with `async fn authorize(self, cx: &GrantContext<'_, {S}>) -> Result<Authorized, OAuthError>`",
    note = "it answers `Ok(Authorized::subject(..))`, `Ok(Authorized::client())` or `Err(OAuthError::invalid_grant(\"..\"))`"
)]
pub trait ExtensionGrant<S: OAuth2Server>: Grant {
    /// Decides for whom a token is issued.
    ///
    /// # Errors
    ///
    /// What the client is told, usually [`OAuthError::invalid_grant`].
    fn authorize(
        self,
        cx: &GrantContext<'_, S>,
    ) -> impl Future<Output = Result<Authorized, OAuthError>> + Send;
}

/// For whom an extension grant lets a token be issued, and for how much.
#[derive(Debug, Clone)]
pub struct Authorized {
    subject: Option<Subject>,
    /// Names of scopes separated by spaces.
    approved: Option<String>,
}

impl Authorized {
    /// For a person, by the identifier your application knows them by.
    pub fn subject(subject: impl Into<Subject>) -> Self {
        Self { subject: Some(subject.into()), approved: None }
    }

    /// For the client itself.
    #[must_use]
    pub const fn client() -> Self {
        Self { subject: None, approved: None }
    }

    /// For no more than `approved`, for instance what a person has agreed to. Without it, for what the client asks
    /// for and may have.
    #[must_use]
    pub fn limited_to<S: Scope>(self, approved: ScopeSet<S>) -> Self {
        Self { approved: Some(approved.to_string()), ..self }
    }
}

impl<S: OAuth2Server, G: ExtensionGrant<S> + Grant<Kind = Self>> KindHandler<S, G> for Kind
where
    G::Extensions: TokenExtensions<S>,
{
    const STEPS: Steps<S> = Steps::of::<G::Extensions>();

    async fn handle(grant: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
        let mut admission = cx.admit::<G>()?;
        let Authorized { subject, approved } = grant.authorize(cx).await?;
        if let Some(approved) = approved {
            admission = admission.limited_to(ScopeSet::from_stored(&approved))?;
        }
        cx.issue(admission, subject).await
    }
}
