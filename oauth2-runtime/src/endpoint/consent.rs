//! The page where people are asked for their consent.

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::request::Parts;
use http::{Method, StatusCode};
use tracing::Instrument;

use super::{Endpoint, forward, to_its_end};
use crate::authorize::{Agreement, AuthorizationRequest, CONSENT_PATH, Refusal, SIGN_IN_PATH, send_code};
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::{method_not_allowed, read_body};
use crate::model::{OAuth2Client, Session};
use crate::pages::Consent;
use crate::server::Ready;
use crate::session::{Browser, FormToken, comes_from_elsewhere};
use crate::signal::{ConsentDenied, Event};
use crate::types::{Scope, ServerMetadata, destination};

/// `GET` and `POST /consent`, for the authorization request in its query: what the client may have is what that says, and
/// what the form sends besides the decision is ignored. Nobody agrees to what they were not shown: when the client's name,
/// its redirect URI or what it may have is another by then, the form is refused.
///
/// People who have agreed to all of it before are not asked again, unless `prompt=consent`, or the client is public and its
/// redirect URI could be another application's (RFC 8252 section 8.6).
#[derive(Debug)]
pub enum ConsentPage {}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for ConsentPage {
    const PATH: &'static str = CONSENT_PATH;
    const METHODS: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

    fn describe(_: &mut ServerMetadata, _: String) {}

    async fn call(server: Ready<S>, request: Request) -> Response {
        let span = tracing::info_span!("consent");
        answer(server, request).instrument(span).await
    }
}

async fn answer<S: Dispatch>(server: Ready<S>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = match parts.method {
        Method::GET => None,
        Method::POST => Some(read_body(&parts, body).await),
        _ => return method_not_allowed("GET, POST"),
    };
    let this = server.clone();
    to_its_end(&server, async move {
        let answered = async {
            match form.transpose().map_err(Refusal::Here)? {
                None => show(&this, &parts).await,
                Some(form) => submit(&this, &parts, &form).await,
            }
        };
        answered.await.unwrap_or_else(|refusal: Refusal| refusal.response(&this))
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
    let request = AuthorizationRequest::read(server, &form).await?;
    let Some(browser) = Browser::of(server, &parts.headers) else {
        return Ok(Err(forward(server, SIGN_IN_PATH, query)));
    };
    match browser.session(server).await {
        Ok(Some(session)) => {
            // A request may leave these to the client's row, which can be changed while a person reads the page.
            let (scope, name) = (request.admission.scope().to_string(), request.client_name());
            let shown = [scope.as_str(), request.redirect.uri(), name.as_str()];
            let form_token = browser.form_token(CONSENT_PATH, query, &shown);
            // Written anew, since it becomes part of the page.
            let sign_in_url = format!("{}{SIGN_IN_PATH}?{}", server.issuer().path(), form.query());
            Ok(Ok(Visit { request, session, form_token, sign_in_url }))
        }
        Ok(None) => Ok(Err(forward(server, SIGN_IN_PATH, query))),
        Err(error) => Err(Refusal::There(Box::new(request.redirect), error.into())),
    }
}

async fn show<S: Dispatch>(server: &Ready<S>, parts: &Parts) -> Result<Response, Refusal> {
    let Visit { request, session, form_token, sign_in_url } = match visit(server, parts).await? {
        Ok(visit) => visit,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let names = S::Scopes::NAMES.iter().zip(S::Scopes::TEXTS);
    let granted: Vec<_> = request.admission.scope().names().collect();
    let texts = names.filter(|(name, _)| granted.contains(name));
    // A scope without a doc comment is shown by its name.
    let scopes: Vec<_> = texts.map(|(name, text)| if text.is_empty() { *name } else { *text }).collect();
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
        Some("allow") => allow(server, &request, &session).await,
        Some("deny") => Err(deny(server, &request, &session).await),
        _ => return Err(Refusal::Here(OAuthError::invalid_request("`decision` must be `allow` or `deny`"))),
    };
    decided.map_err(|error| Refusal::There(Box::new(request.redirect), error))
}

async fn allow<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    session: &Session,
) -> Result<Response, OAuthError> {
    let permit = request.admission.permit(server, Some(session.subject.clone())).await;
    // At the authorization endpoint there is no such thing as an invalid grant.
    let permit = permit.map_err(|error| match error.code() {
        ErrorCode::InvalidGrant => OAuthError::new(ErrorCode::AccessDenied, "the person may not be served"),
        _ => error,
    })?;
    send_code(server, request, permit, &session.subject, Agreement::Now).await
}

async fn deny<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    session: &Session,
) -> OAuthError {
    let event = ConsentDenied {
        client_id: request.client.client_id().clone(),
        subject: session.subject.clone(),
        scope: request.admission.scope().to_string(),
        at: server.now(),
    };
    server.emit(Event::consent_denied(&event)).await;
    OAuthError::new(ErrorCode::AccessDenied, "the person has refused")
}
