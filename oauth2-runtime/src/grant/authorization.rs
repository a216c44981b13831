use futures_util::future::BoxFuture;

use super::{Dispatch, Grant};
use crate::error::OAuthError;
use crate::extension::{AuthorizationContext, Extensions, Verdict, nothing};
use crate::gate::Permit;
use crate::server::OAuth2Server;
use crate::store::Agreed;
use crate::types::{AuthorizationResponse, Subject};

/// What the authorization endpoint does for one grant: the functions of its kind and the steps of its extensions.
pub struct AuthorizationHandler<S: OAuth2Server> {
    check: for<'a> fn(&'a AuthorizationContext<'a, S>) -> Verdict<'a>,
    consent: for<'a> fn(&'a AuthorizationContext<'a, S>, &'a Subject) -> Verdict<'a>,
    respond: for<'a> fn(&'a AuthorizationContext<'a, S>, Granted<'a, S>) -> Responded<'a>,
}

type Responded<'a> = BoxFuture<'a, Result<AuthorizationResponse, OAuthError>>;

/// What a person has allowed, and how they have agreed to it.
pub(crate) struct Granted<'a, S: OAuth2Server> {
    pub(crate) permit: Permit<S>,
    pub(crate) subject: &'a Subject,
    pub(crate) agreed: Agreed<'a, S::Scopes>,
}

/// A kind of grant that starts at the authorization endpoint.
pub(crate) trait AuthorizationGrant<S: Dispatch, G: Grant<Kind = Self>>: Sized + 'static
where
    G::Extensions: Extensions<S>,
{
    /// What the kind itself checks of a request, before the steps of any extension.
    fn check<'a>(_: &'a AuthorizationContext<'a, S>) -> Verdict<'a> {
        nothing()
    }

    /// Stores what the person has allowed, and gives the answer for the client.
    fn respond<'a>(cx: &'a AuthorizationContext<'a, S>, granted: Granted<'a, S>) -> Responded<'a>;

    /// The functions of the grant.
    fn handler() -> AuthorizationHandler<S> {
        AuthorizationHandler {
            check: |cx| {
                Box::pin(async move {
                    Self::check(cx).await?;
                    S::Extensions::authorization_request(cx).await?;
                    G::Extensions::authorization_request(cx).await
                })
            },
            consent: |cx, subject| {
                Box::pin(async move {
                    S::Extensions::consent(cx, subject).await?;
                    G::Extensions::consent(cx, subject).await
                })
            },
            respond: Self::respond,
        }
    }
}

impl<S: OAuth2Server> AuthorizationHandler<S> {
    pub(crate) async fn check(&self, cx: &AuthorizationContext<'_, S>) -> Result<(), OAuthError> {
        (self.check)(cx).await
    }

    pub(crate) async fn consent(
        &self,
        cx: &AuthorizationContext<'_, S>,
        subject: &Subject,
    ) -> Result<(), OAuthError> {
        (self.consent)(cx, subject).await
    }

    pub(crate) async fn respond(
        &self,
        cx: &AuthorizationContext<'_, S>,
        granted: Granted<'_, S>,
    ) -> Result<AuthorizationResponse, OAuthError> {
        (self.respond)(cx, granted).await
    }
}
