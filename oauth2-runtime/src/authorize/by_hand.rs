//! The way of a browser by hand, for applications with sign-in and consent pages of their own.

use std::error::Error as StdError;

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{Method, StatusCode};
use sha2::{Digest as _, Sha256};

use super::{Agreement, AuthorizationRequest, Decision, Refusal, allow, decide, deny, refused, remembered};
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::{method_not_allowed, read_body};
use crate::server::Ready;
use crate::task::to_its_end;
use crate::types::{ScopeSet, Subject, destination};

/// What an authorization request needs next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// Somebody must sign in, also when somebody has: the client may ask for that. Send them to your own page, and from there to
    /// [`ConsentRequest::after_sign_in`].
    SignIn,
    /// The person who has signed in must be asked.
    Consent,
    /// Nothing: they have agreed to all of it before, and may be sent on at once.
    Nothing,
}

/// An authorization request that may be answered: what a consent page shows; from [`Ready::validate_consent_request`].
pub struct ConsentRequest<S: Dispatch> {
    request: AuthorizationRequest<S>,
    next: Next,
    after_sign_in: String,
    fingerprint: String,
}

impl<S: Dispatch> ConsentRequest<S> {
    /// What it needs next.
    #[must_use]
    pub const fn next(&self) -> Next {
        self.next
    }

    /// Where the browser comes back to when somebody has signed in: path and query.
    #[must_use]
    pub fn after_sign_in(&self) -> &str {
        &self.after_sign_in
    }

    /// The client. It has only named itself.
    #[must_use]
    pub const fn client(&self) -> &S::Client {
        &self.request.client
    }

    /// What to call the client on a page: its name without anything that could mislead, or its identifier.
    #[must_use]
    pub fn client_name(&self) -> String {
        self.request.client_name()
    }

    /// Where the answer goes, as people read it: a host, or the scheme of an application on their device.
    #[must_use]
    pub fn destination(&self) -> String {
        destination(self.request.redirect.uri())
    }

    /// What the client may be granted of what it asks for.
    #[must_use]
    pub const fn scope(&self) -> ScopeSet<S::Scopes> {
        self.request.admission.scope()
    }

    /// The same one by one: the names, and the doc comments as texts for people.
    pub fn scopes(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.request.scopes()
    }

    /// What the client thinks the person's user name is.
    #[must_use]
    pub fn login_hint(&self) -> Option<&str> {
        self.request.login_hint.as_deref()
    }

    /// One text for the request, for the person it was validated for, and for all that a page says of it. Put it into the form of
    /// your consent page, and compare it when the form comes back: what is at stake can change while somebody reads the page,
    /// and nobody agrees to what they were not shown.
    ///
    /// It is no secret and no proof of where a form comes from: that takes an anti-forgery token of your own.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The value of `form-action` (CSP Level 3 section 6.4.1) for a page whose form leads to the client in the end. Browsers
    /// apply it to the redirects that follow a form, so that `'self'` alone would bar the way back.
    #[must_use]
    pub fn form_action(&self) -> String {
        self.request.redirect.form_target().form_action()
    }
}

/// A request to a page of yours that is not answered with what it asks for, and the response that says so: a redirect to the client
/// where its redirect URI is verified, a page where it is not.
///
/// As the error of a handler it takes any other: an [`OAuthError`] is the page that says what is wrong with the request, with 400
/// or the status it was given; everything else goes to the log, and the page asks the person to try again (503).
///
/// ```no_run
/// use axum::extract::State;
/// use axum::response::Response;
/// use http::StatusCode;
/// use oauth2_runtime::form::Form;
/// use oauth2_runtime::prelude::*;
///
/// async fn remove<S: OAuth2Server>(State(auth): State<Ready<S>>, form: Form) -> Result<Response, AuthorizationRefused> {
///     if form.get("sure")? != Some("yes") {
///         return Err(OAuthError::invalid_request("you are not sure").with_status(StatusCode::FORBIDDEN).into());
///     }
///     auth.clients().delete(&form.require("client_id")?.into()).await?;
///     Ok(Response::default())
/// }
/// ```
#[derive(Debug)]
pub struct AuthorizationRefused(Box<Response>);

impl<E: StdError + Send + Sync + 'static> From<E> for AuthorizationRefused {
    fn from(error: E) -> Self {
        let error: Box<dyn StdError + Send + Sync> = Box::new(error);
        let error = error.downcast::<OAuthError>().map_or_else(OAuthError::unavailable, |error| *error);
        Self(Box::new(refused(&error)))
    }
}

impl IntoResponse for AuthorizationRefused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// The body of a request to a page of yours, by the rules of [`Form::parse`] and with the caps of its module. Whatever is in the URL
/// is not part of it.
impl<St: Send + Sync> FromRequest<St> for Form {
    type Rejection = AuthorizationRefused;

    async fn from_request(request: Request, _: &St) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        Ok(read_body(&parts, body).await?)
    }
}

impl<S: Dispatch> Ready<S> {
    /// Reads and checks the authorization request in the query of a request, for `user`, the person whom your own session
    /// says to have signed in.
    ///
    /// # Errors
    ///
    /// The response to give.
    pub async fn validate_consent_request(
        &self,
        parts: &Parts,
        user: Option<&Subject>,
    ) -> Result<ConsentRequest<S>, AuthorizationRefused> {
        let refused = |refusal: Refusal| AuthorizationRefused(Box::new(refusal.response(self)));
        let request = read(self, parts.uri.query()).await.map_err(refused)?;
        let next = match decide(self, &request, user).await {
            Ok(Decision::SignIn) => Next::SignIn,
            Ok(Decision::Consent) => Next::Consent,
            Ok(Decision::Send(_)) => Next::Nothing,
            Err(error) => return Err(refused(Refusal::There(Box::new(request.redirect), error))),
        };
        let query = request.form.query_with("prompt", request.prompt.after_sign_in());
        let after_sign_in = format!("{}?{query}", self.pages().authorization);
        let fingerprint = fingerprint(&request, user);
        Ok(ConsentRequest { request, next, after_sign_in, fingerprint })
    }

    /// Answers the authorization request in the query of a request. `grant_user` is who has allowed it; `None` tells the client that
    /// it was refused (RFC 6749 section 4.1.2.1). That the person has seen your page and pressed its button is for you to know:
    /// a form of another site must not reach this.
    ///
    /// Nobody agrees by a GET, which any link can cause: it answers for people who have agreed to all of it before
    /// ([`Next::Nothing`]), and for others the client is told `consent_required`.
    ///
    /// Everything about the request is checked anew. What the person has agreed to is remembered; see
    /// [`Ready::people`](crate::people::People::withdraw_consent) for taking it back.
    pub async fn create_authorization_response(
        &self,
        parts: &Parts,
        grant_user: Option<Subject>,
    ) -> Response {
        if parts.method == Method::HEAD {
            // A GET route answers HEAD too, which must not have the effects of one.
            return method_not_allowed("GET, POST");
        }
        let (server, query) = (self.clone(), parts.uri.query().map(str::to_owned));
        let posted = parts.method != Method::GET;
        let answered = to_its_end(async move {
            let answered = decided(&server, query.as_deref(), grant_user, posted).await;
            answered.unwrap_or_else(|refusal| refusal.response(&server))
        });
        answered.await.unwrap_or_else(|_| {
            let error = OAuthError::server_error("the server failed");
            refused(&error.with_status(StatusCode::INTERNAL_SERVER_ERROR))
        })
    }
}

fn fingerprint<S: Dispatch>(request: &AuthorizationRequest<S>, user: Option<&Subject>) -> String {
    let mut hash = Sha256::new();
    let (query, user) = (request.form.query(), user.map_or("", Subject::as_str));
    let shown = request.shown();
    for part in ["oauth2/consent", &query, user].into_iter().chain(shown.iter().map(String::as_str)) {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

async fn read<S: Dispatch>(
    server: &Ready<S>,
    query: Option<&str>,
) -> Result<AuthorizationRequest<S>, Refusal> {
    let form = Form::parse(query.unwrap_or_default().as_bytes()).map_err(Refusal::Here)?;
    AuthorizationRequest::read(server, form).await
}

async fn decided<S: Dispatch>(
    server: &Ready<S>,
    query: Option<&str>,
    grant_user: Option<Subject>,
    posted: bool,
) -> Result<Response, Refusal> {
    let request = read(server, query).await?;
    let decided = match grant_user {
        Some(subject) => agree(server, &request, &subject, posted).await,
        None => Err(deny(server, &request, None).await),
    };
    decided.map_err(|error| Refusal::There(Box::new(request.redirect), error))
}

/// Where the person has agreed to all of it before, your page may have asked nothing: nothing new is to be remembered then.
async fn agree<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    subject: &Subject,
    posted: bool,
) -> Result<Response, OAuthError> {
    let before = !request.prompt.consent && remembered(server, request, subject).await?;
    if !before && !posted {
        return Err(OAuthError::new(
            ErrorCode::ConsentRequired,
            "the person has not agreed, which takes a POST",
        ));
    }
    allow(server, request, subject, if before { Agreement::Before } else { Agreement::Now }).await
}
