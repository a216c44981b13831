use super::{AuthorizationContext, AuthorizationExtension, Extension, Verdict, nothing};
use crate::server::OAuth2Server;
use crate::types::{AuthorizationResponse, Subject};

/// The extension has steps at the token endpoint only, and fits every grant.
#[derive(Debug)]
pub enum TokenRequests {}

/// The extension has steps at the authorization endpoint too, and fits grants that start in a browser.
#[derive(Debug)]
pub enum AuthorizationRequests {}

/// Where the extension `E` has steps: [`TokenRequests`] or [`AuthorizationRequests`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say where `{E}` has steps",
    label = "expected `TokenRequests` or `AuthorizationRequests`"
)]
pub trait Reach<S: OAuth2Server, E: Extension<S>>: 'static {
    /// [`AuthorizationExtension::authorization_request`].
    fn authorization_request<'a>(cx: &'a AuthorizationContext<'a, S>) -> Verdict<'a>;
    /// [`AuthorizationExtension::consent`].
    fn consent<'a>(cx: &'a AuthorizationContext<'a, S>, subject: &'a Subject) -> Verdict<'a>;
    /// [`AuthorizationExtension::before_code`].
    fn before_code<'a>(cx: &'a AuthorizationContext<'a, S>, code: &'a mut S::Code) -> Verdict<'a>;
    /// [`AuthorizationExtension::authorization_response`].
    fn authorization_response<'a>(
        cx: &'a AuthorizationContext<'a, S>,
        response: &'a mut AuthorizationResponse,
    ) -> Verdict<'a>;
}

impl<S: OAuth2Server, E: Extension<S>> Reach<S, E> for TokenRequests {
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
}

impl<S: OAuth2Server, E: AuthorizationExtension<S>> Reach<S, E> for AuthorizationRequests {
    fn authorization_request<'a>(cx: &'a AuthorizationContext<'a, S>) -> Verdict<'a> {
        Box::pin(E::authorization_request(cx))
    }

    fn consent<'a>(cx: &'a AuthorizationContext<'a, S>, subject: &'a Subject) -> Verdict<'a> {
        Box::pin(E::consent(cx, subject))
    }

    fn before_code<'a>(cx: &'a AuthorizationContext<'a, S>, code: &'a mut S::Code) -> Verdict<'a> {
        Box::pin(E::before_code(cx, code))
    }

    fn authorization_response<'a>(
        cx: &'a AuthorizationContext<'a, S>,
        response: &'a mut AuthorizationResponse,
    ) -> Verdict<'a> {
        Box::pin(E::authorization_response(cx, response))
    }
}

/// Holds for extensions that a grant without an authorization request can have.
#[diagnostic::on_unimplemented(
    message = "`{E}` cannot extend this grant",
    label = "it has steps at the authorization endpoint, where this grant never is",
    note = "RFC 6749 section 4.1.1: grants that start in a browser have an authorization request",
    note = "an extension with `type Reach = TokenRequests` fits every grant"
)]
pub trait Anywhere<E> {}

#[diagnostic::do_not_recommend]
impl<E> Anywhere<E> for TokenRequests {}
