use std::any::type_name;

use super::{Anywhere, AuthorizationContext, Extension, Reach, TokenContext, Verdict, nothing};
use crate::server::OAuth2Server;
use crate::types::{AuthorizationResponse, Subject, TokenResponse};

/// A list of extensions, `(First, (Second, ()))`: the steps of all of them in order.
pub trait Extensions<S: OAuth2Server>: 'static {
    /// Whether there are none.
    const EMPTY: bool;

    /// The names of their types, in order.
    #[doc(hidden)]
    #[must_use]
    fn names() -> Vec<&'static str>;

    /// [`super::AuthorizationExtension::authorization_request`].
    fn authorization_request<'a>(cx: &'a AuthorizationContext<'a, S>) -> Verdict<'a>;
    /// [`super::AuthorizationExtension::consent`].
    fn consent<'a>(cx: &'a AuthorizationContext<'a, S>, subject: &'a Subject) -> Verdict<'a>;
    /// [`super::AuthorizationExtension::before_code`].
    fn before_code<'a>(cx: &'a AuthorizationContext<'a, S>, code: &'a mut S::Code) -> Verdict<'a>;
    /// [`super::AuthorizationExtension::authorization_response`].
    fn authorization_response<'a>(
        cx: &'a AuthorizationContext<'a, S>,
        response: &'a mut AuthorizationResponse,
    ) -> Verdict<'a>;
    /// [`Extension::token_request`].
    fn token_request<'a>(cx: &'a TokenContext<'a, S>) -> Verdict<'a>;
    /// [`Extension::before_issue`].
    fn before_issue<'a>(cx: &'a TokenContext<'a, S>, token: &'a mut S::Token) -> Verdict<'a>;
    /// [`Extension::token_response`].
    fn token_response<'a>(cx: &'a TokenContext<'a, S>, response: &'a mut TokenResponse) -> Verdict<'a>;
}

impl<S: OAuth2Server> Extensions<S> for () {
    const EMPTY: bool = true;

    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    fn authorization_request<'a>(_: &'a AuthorizationContext<'a, S>) -> Verdict<'a> {
        nothing()
    }

    fn consent<'a>(_: &'a AuthorizationContext<'a, S>, _: &'a Subject) -> Verdict<'a> {
        nothing()
    }

    fn before_code<'a>(_: &'a AuthorizationContext<'a, S>, _: &'a mut S::Code) -> Verdict<'a> {
        nothing()
    }

    fn authorization_response<'a>(
        _: &'a AuthorizationContext<'a, S>,
        _: &'a mut AuthorizationResponse,
    ) -> Verdict<'a> {
        nothing()
    }

    fn token_request<'a>(_: &'a TokenContext<'a, S>) -> Verdict<'a> {
        nothing()
    }

    fn before_issue<'a>(_: &'a TokenContext<'a, S>, _: &'a mut S::Token) -> Verdict<'a> {
        nothing()
    }

    fn token_response<'a>(_: &'a TokenContext<'a, S>, _: &'a mut TokenResponse) -> Verdict<'a> {
        nothing()
    }
}

impl<S: OAuth2Server, E: Extension<S>, Rest: Extensions<S>> Extensions<S> for (E, Rest) {
    const EMPTY: bool = false;

    fn names() -> Vec<&'static str> {
        std::iter::once(type_name::<E>()).chain(Rest::names()).collect()
    }

    fn authorization_request<'a>(cx: &'a AuthorizationContext<'a, S>) -> Verdict<'a> {
        Box::pin(async move {
            E::Reach::authorization_request(cx).await?;
            Rest::authorization_request(cx).await
        })
    }

    fn consent<'a>(cx: &'a AuthorizationContext<'a, S>, subject: &'a Subject) -> Verdict<'a> {
        Box::pin(async move {
            E::Reach::consent(cx, subject).await?;
            Rest::consent(cx, subject).await
        })
    }

    fn before_code<'a>(cx: &'a AuthorizationContext<'a, S>, code: &'a mut S::Code) -> Verdict<'a> {
        Box::pin(async move {
            E::Reach::before_code(cx, code).await?;
            Rest::before_code(cx, code).await
        })
    }

    fn authorization_response<'a>(
        cx: &'a AuthorizationContext<'a, S>,
        response: &'a mut AuthorizationResponse,
    ) -> Verdict<'a> {
        Box::pin(async move {
            E::Reach::authorization_response(cx, response).await?;
            Rest::authorization_response(cx, response).await
        })
    }

    fn token_request<'a>(cx: &'a TokenContext<'a, S>) -> Verdict<'a> {
        Box::pin(async move {
            E::token_request(cx).await?;
            Rest::token_request(cx).await
        })
    }

    fn before_issue<'a>(cx: &'a TokenContext<'a, S>, token: &'a mut S::Token) -> Verdict<'a> {
        Box::pin(async move {
            E::before_issue(cx, token).await?;
            Rest::before_issue(cx, token).await
        })
    }

    fn token_response<'a>(cx: &'a TokenContext<'a, S>, response: &'a mut TokenResponse) -> Verdict<'a> {
        Box::pin(async move {
            E::token_response(cx, response).await?;
            Rest::token_response(cx, response).await
        })
    }
}

/// A list of extensions none of which has steps at the authorization endpoint: what a grant without one can have.
pub trait TokenExtensions<S: OAuth2Server>: Extensions<S> {}

impl<S: OAuth2Server> TokenExtensions<S> for () {}

impl<S, E, Rest> TokenExtensions<S> for (E, Rest)
where
    S: OAuth2Server,
    E: Extension<S>,
    E::Reach: Anywhere<E>,
    Rest: TokenExtensions<S>,
{
}
