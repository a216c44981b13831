//! The page where people are asked for their consent.

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::request::Parts;
use http::{Method, StatusCode};
use tracing::Instrument;

use super::{Caller, Endpoint, Mount, Mounted, forward, to_its_end};
use crate::authorize::{Agreement, AuthorizationRequest, Refusal, allow, deny};
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::{method_not_allowed, read_body};
use crate::model::Session;
use crate::pages::Consent;
use crate::server::Ready;
use crate::session::{Browser, FormToken, comes_from_elsewhere};
use crate::types::{ServerMetadata, destination};

/// `GET` and `POST /consent`, for the authorization request in its query: what the client may have is what that says, and
/// what the form sends besides the decision is ignored. Nobody agrees to what they were not shown: when the client's name,
/// its redirect URI or what it may have is another by then, the form is refused.
///
/// People who have agreed to all of it before are not asked again, unless `prompt=consent`, or the client is public and its
/// redirect URI could be another application's (RFC 8252 section 8.6).
#[derive(Debug)]
pub enum ConsentPage {}

/// The entry of `endpoints(consent(..))`, which is needed for its keys only.
#[must_use]
pub const fn consent<S: Dispatch>() -> Mount<S> {
    Mount::of::<ConsentPage>()
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for ConsentPage {
    const PATH: &'static str = "/consent";
    const BUILT_IN: &'static str = <Self as Endpoint<S>>::PATH;
    const NAME: &'static str = "consent";
    const CALLER: Caller = Caller::Anybody;
    const ERROR_CODES: &'static [ErrorCode] = &[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
        ErrorCode::UnauthorizedClient,
        ErrorCode::InvalidScope,
        ErrorCode::AccessDenied,
        ErrorCode::UnsupportedResponseType,
        ErrorCode::RequestNotSupported,
        ErrorCode::RequestUriNotSupported,
        ErrorCode::ServerError,
        ErrorCode::TemporarilyUnavailable,
    ];
    const METHODS: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

    fn describe(_: &Mount<S>, _: &mut ServerMetadata, _: String) {}

    async fn call(at: Mounted<S>, request: Request) -> Response {
        let span = tracing::info_span!("consent");
        answer(at.server().clone(), request).instrument(span).await
    }
}

async fn answer<S: Dispatch>(server: Ready<S>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = match parts.method {
        Method::GET => None,
        Method::POST => Some(read_body(&parts, body).await),
        _ => return method_not_allowed("GET, POST"),
    };
    to_its_end(async move {
        let answered = async {
            match form.transpose().map_err(Refusal::Here)? {
                None => show(&server, &parts).await,
                Some(form) => submit(&server, &parts, &form).await,
            }
        };
        answered.await.unwrap_or_else(|refusal: Refusal| refusal.response(&server))
    })
    .await
}

/// A person who is signed in, on the page.
struct Visit<S: Dispatch> {
    request: AuthorizationRequest<S>,
    session: Session,
    form_token: FormToken,
    /// Where somebody else signs in for the same request.
    sign_in_url: String,
}

/// Who is on the page and for what; the answer when nobody is signed in.
async fn visit<S: Dispatch>(server: &Ready<S>, parts: &Parts) -> Result<Result<Visit<S>, Response>, Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    let form = Form::parse(query.as_bytes()).map_err(Refusal::Here)?;
    let request = AuthorizationRequest::read(server, form).await?;
    let Some(browser) = Browser::of(server, &parts.headers) else {
        return Ok(Err(forward(&server.pages().sign_in, query)));
    };
    match browser.session(server).await {
        Ok(Some(session)) => {
            let shown = request.shown();
            let form_token = browser.form_token("consent", query, &shown.each_ref().map(String::as_str));
            // Written anew, since it becomes part of the page.
            let sign_in_url = format!("{}?{}", server.pages().sign_in, request.form.query());
            Ok(Ok(Visit { request, session, form_token, sign_in_url }))
        }
        Ok(None) => Ok(Err(forward(&server.pages().sign_in, query))),
        Err(error) => Err(Refusal::There(Box::new(request.redirect), error.into())),
    }
}

async fn show<S: Dispatch>(server: &Ready<S>, parts: &Parts) -> Result<Response, Refusal> {
    let Visit { request, session, form_token, sign_in_url } = match visit(server, parts).await? {
        Ok(visit) => visit,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let scopes: Vec<_> = request.scopes().map(|(_, text)| text).collect();
    let page = Consent {
        client_name: &request.client_name(),
        redirect_host: &destination(request.redirect.uri()),
        username: &session.username,
        scopes: &scopes,
        sign_in_url: &sign_in_url,
        form_token: &form_token.value(),
        client: request.redirect.form_target(),
    };
    Ok(page.response(StatusCode::OK))
}

async fn submit<S: Dispatch>(server: &Ready<S>, parts: &Parts, form: &Form) -> Result<Response, Refusal> {
    let Visit { request, session, form_token, .. } = match visit(server, parts).await? {
        Ok(visit) => visit,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let presented = form.get("form_token").map_err(Refusal::Here)?;
    if !form_token.is(presented) || comes_from_elsewhere(&parts.headers, server.issuer()) {
        let error = OAuthError::invalid_request("this form was not shown to this browser for this request");
        return Err(Refusal::Here(error.with_status(StatusCode::FORBIDDEN)));
    }
    let decided = match form.get("decision").map_err(Refusal::Here)? {
        Some("allow") => allow(server, &request, &session.subject, Agreement::Now).await,
        Some("deny") => Err(deny(server, &request, Some(session.subject)).await),
        _ => return Err(Refusal::Here(OAuthError::invalid_request("`decision` must be `allow` or `deny`"))),
    };
    decided.map_err(|error| Refusal::There(Box::new(request.redirect), error))
}
