//! The page where people sign in.

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use tracing::Instrument;

use super::{Caller, Endpoint, Mount, Mounted, forward};
use crate::authorize::{AuthorizationRequest, Refusal};
use crate::error::{Error, ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::{method_not_allowed, read_body, to_own_page};
use crate::pages::{SignIn, SignedIn};
use crate::password::Credentials;
use crate::server::{Ready, SubjectState};
use crate::session::{Browser, comes_from_elsewhere, start};
use crate::types::{Secret, ServerMetadata, Subject};

const FAILED: &str = "The user name or the password is wrong.";
const STALE: &str = "This page was open for too long, or cookies are blocked. Please try again.";

/// `GET` and `POST /login`: for the authorization request in its query, to which it returns, or for none.
///
/// `sign_in = password(..)` says whose credentials were sent; a person who is disabled is told no more than one with a wrong
/// password. Signing in gives the browser a new [session](crate::session).
#[derive(Debug)]
pub enum SignInPage {}

/// The entry of `endpoints(sign_in(..))`, which is needed for its keys only.
#[must_use]
pub const fn sign_in<S: Dispatch>() -> Mount<S> {
    Mount::of::<SignInPage>()
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for SignInPage {
    const PATH: &'static str = "/login";
    const BUILT_IN: &'static str = <Self as Endpoint<S>>::PATH;
    const NAME: &'static str = "sign_in";
    const CALLER: Caller = Caller::Anybody;
    const ERROR_CODES: &'static [ErrorCode] = &[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
        ErrorCode::UnauthorizedClient,
        ErrorCode::InvalidScope,
        ErrorCode::UnsupportedResponseType,
        ErrorCode::RequestNotSupported,
        ErrorCode::RequestUriNotSupported,
        ErrorCode::ServerError,
        ErrorCode::TemporarilyUnavailable,
    ];
    const METHODS: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

    fn describe(_: &Mount<S>, _: &mut ServerMetadata, _: String) {}

    async fn call(at: Mounted<S>, request: Request) -> Response {
        let server = at.server();
        let (parts, body) = request.into_parts();
        let answered = async {
            let form = match parts.method {
                Method::GET => None,
                Method::POST => Some(read_body(&parts, body).await.map_err(Refusal::Here)?),
                _ => return Ok(method_not_allowed("GET, POST")),
            };
            let visit = Visit::of(server, &parts).await?;
            match form {
                None => visit.show().await,
                Some(form) => visit.submit(&form).await,
            }
        };
        let answered = answered.instrument(tracing::info_span!("sign_in")).await;
        answered.unwrap_or_else(|refusal| refusal.response(server))
    }
}

/// A browser on the page.
struct Visit<'a, S: Dispatch> {
    server: &'a Ready<S>,
    parts: &'a Parts,
    /// The page's query, which its form sends back.
    query: &'a str,
    /// What the person signs in for, if for anything.
    request: Option<AuthorizationRequest<S>>,
    browser: Option<Browser>,
}

impl<'a, S: Dispatch> Visit<'a, S> {
    async fn of(server: &'a Ready<S>, parts: &'a Parts) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        let form = Form::parse(query.as_bytes()).map_err(Refusal::Here)?;
        let wanted = form.get("client_id").map_err(Refusal::Here)?.is_some();
        let request = if wanted { Some(AuthorizationRequest::read(server, form).await?) } else { None };
        Ok(Self { server, parts, query, request, browser: Browser::of(server, &parts.headers) })
    }

    async fn show(self) -> Result<Response, Refusal> {
        if let (None, Some(browser)) = (&self.request, &self.browser)
            && let Some(session) = browser.session(self.server).await.map_err(here)?
        {
            return Ok(SignedIn { username: &session.username }.response(StatusCode::OK));
        }
        let hint = self.request.as_ref().and_then(|request| request.login_hint.clone());
        self.form(StatusCode::OK, &hint.unwrap_or_default(), None).map_err(here)
    }

    /// The form, for a browser that has an identifier from now on.
    fn form(&self, status: StatusCode, username: &str, notice: Option<&str>) -> Result<Response, Error> {
        let (token, cookie) = match &self.browser {
            Some(browser) => (browser.form_token("sign_in", self.query, &[]), None),
            None => {
                let browser = Browser::generate(self.server)?;
                (browser.form_token("sign_in", self.query, &[]), Some(browser.cookie(self.server)?))
            }
        };
        let name = self.request.as_ref().map(AuthorizationRequest::client_name);
        let page = SignIn {
            client_name: name.as_deref(),
            username,
            form_token: &token.value(),
            notice,
            client: self.request.as_ref().map(|request| request.redirect.form_target()),
        };
        Ok(with_cookie(page.response(status), cookie))
    }

    async fn submit(self, form: &Form) -> Result<Response, Refusal> {
        let username = form.get("username").map_err(Refusal::Here)?.unwrap_or_default();
        let presented = form.get("form_token").map_err(Refusal::Here)?;
        let elsewhere = comes_from_elsewhere(&self.parts.headers, self.server.issuer());
        if elsewhere && self.browser.is_none() {
            // The browser keeps its cookie back from another site's form. A new one in the answer would take its place, and so
            // sign out whoever is signed in.
            return Ok(forward(&self.server.pages().sign_in, self.query));
        }
        let known = self
            .browser
            .as_ref()
            .filter(|browser| !elsewhere && browser.form_token("sign_in", self.query, &[]).is(presented));
        let Some(browser) = known else {
            return self.form(StatusCode::FORBIDDEN, username, Some(STALE)).map_err(here);
        };
        let password = form.get("password").map_err(Refusal::Here)?.unwrap_or_default();
        let credentials = Credentials::new(username.to_owned(), Secret::new(password.to_owned()));
        let Some(subject) = self.authenticate(&credentials).await.map_err(here)? else {
            return self.form(StatusCode::FORBIDDEN, username, Some(FAILED)).map_err(here);
        };
        tracing::info!(%subject, "signed in");
        let cookie = start(self.server, subject, username, browser)
            .await
            .and_then(|browser| browser.cookie(self.server));
        let onward = match self.request {
            Some(_) => forward(&self.server.pages().authorization, self.query),
            None => to_own_page(&self.server.pages().sign_in, None),
        };
        Ok(with_cookie(onward, Some(cookie.map_err(here)?)))
    }

    /// Somebody who is disabled is told no more than somebody with a wrong password.
    async fn authenticate(&self, credentials: &Credentials) -> Result<Option<Subject>, Error> {
        let Some(subject) = self.server.sign_in(credentials).await? else { return Ok(None) };
        let active = self.server.subject_state(&subject).await? == SubjectState::Active;
        Ok(active.then_some(subject))
    }
}

fn here(error: Error) -> Refusal {
    Refusal::Here(OAuthError::from(error))
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}
