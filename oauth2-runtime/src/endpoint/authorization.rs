//! The authorization endpoint (RFC 6749 section 3.1).

use axum::extract::Request;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::{HeaderMap, Method};
use tracing::Instrument;

use super::{Caller, Endpoint, Mount, Mounted, to_its_end};
use crate::authorize::{
    Agreement, AuthorizationRequest, Decision, Refusal, answer as answer_client, decide, refused,
};
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::{method_not_allowed, read_form, to_own_page};
use crate::server::Ready;
use crate::session::Browser;
use crate::types::{CodeChallenge, ServerMetadata};

/// Bytes of a request that travels in the URL of our pages: what a browser sends with it must fit into the head of a
/// request (see [`MAX_HEADER_BYTES`](crate::http::MAX_HEADER_BYTES)).
pub const MAX_QUERY_BYTES: usize = 12 * 1024;

/// `GET` and `POST /oauth/authorize`, there when a grant exchanges codes.
///
/// | parameter | |
/// |---|---|
/// | `client_id` | required |
/// | `redirect_uri` | a registered one; may be left out by a client that has one only |
/// | `response_type` | required: `code`, or `token` where the implicit grant is declared |
/// | `response_mode` | `query` (for tokens `fragment`) or `form_post` |
/// | `scope` | all that the client may have, when left out |
/// | `state` | given back |
/// | `code_challenge`, `code_challenge_method` | PKCE by `S256` (RFC 7636); required unless the grant says `pkce = false` |
/// | `prompt`, `login_hint` | OpenID Connect Core 1.0 section 3.1.2.1 |
///
/// It sends the browser to the [sign-in page](mod@super::sign_in), to the [consent page](mod@super::consent), or back to the
/// client with a code or an error (RFC 6749 section 4.1.2), always with `iss` (RFC 9207). A request with an unknown client or a
/// redirect URI that is not registered is answered with a page.
#[derive(Debug)]
pub enum AuthorizationEndpoint {}

/// The entry of `endpoints(authorization(..))`, which is needed for its keys only: a server whose grants start in a browser
/// has this endpoint.
#[must_use]
pub const fn authorization<S: Dispatch>() -> Mount<S> {
    Mount::of::<AuthorizationEndpoint>()
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for AuthorizationEndpoint {
    const PATH: &'static str = "/oauth/authorize";
    const BUILT_IN: &'static str = <Self as Endpoint<S>>::PATH;
    const NAME: &'static str = "authorization";
    const CALLER: Caller = Caller::Anybody;
    const ERROR_CODES: &'static [ErrorCode] = &[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
        ErrorCode::UnauthorizedClient,
        ErrorCode::InvalidScope,
        ErrorCode::AccessDenied,
        ErrorCode::UnsupportedResponseType,
        ErrorCode::LoginRequired,
        ErrorCode::ConsentRequired,
        ErrorCode::RequestNotSupported,
        ErrorCode::RequestUriNotSupported,
        ErrorCode::ServerError,
        ErrorCode::TemporarilyUnavailable,
    ];
    const METHODS: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

    fn describe(_: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
        metadata.authorization_endpoint = Some(url);
        metadata.response_types_supported =
            S::GRANTS.iter().filter_map(|grant| grant.response_type).collect();
        let (codes, tokens) = (
            S::GRANTS.iter().any(|grant| grant.code_ttl.is_some()),
            S::GRANTS.iter().any(|grant| !grant.token_request),
        );
        let modes = [("query", codes), ("fragment", tokens), ("form_post", true)];
        metadata.response_modes_supported =
            modes.into_iter().filter(|(_, there)| *there).map(|(mode, _)| mode).collect();
        if codes {
            metadata.code_challenge_methods_supported = vec![CodeChallenge::METHOD];
        }
        metadata.authorization_response_iss_parameter_supported = Some(true);
    }

    async fn call(at: Mounted<S>, request: Request) -> Response {
        let span = tracing::info_span!("authorization");
        answer(at.server().clone(), request).instrument(span).await
    }
}

async fn answer<S: Dispatch>(server: Ready<S>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = match parts.method {
        Method::GET => Form::parse(parts.uri.query().unwrap_or_default().as_bytes()),
        Method::POST => read_form(&parts, body).await,
        // A GET route answers HEAD too, which must not have the effects of one.
        _ => return method_not_allowed("GET, POST"),
    };
    let form = match form {
        Ok(form) => form,
        Err(error) => return Refusal::Here(error).response(&server),
    };
    let posted = parts.method == Method::POST;
    to_its_end(async move {
        match authorize(&server, &parts.headers, form, posted).await {
            Ok(response) => response,
            Err(refusal) => refusal.response(&server),
        }
    })
    .await
}

async fn authorize<S: Dispatch>(
    server: &Ready<S>,
    headers: &HeaderMap,
    form: Form,
    posted: bool,
) -> Result<Response, Refusal> {
    let request = AuthorizationRequest::read(server, form).await?;
    let browser = Browser::of(server, headers);
    let step = if posted && browser.is_none() {
        // Another site's form comes without our cookie; the browser adds it when it is sent on.
        Ok(Step::Again)
    } else {
        next_step(server, &request, browser.as_ref()).await
    };
    let (form, pages) = (&request.form, server.pages());
    let (path, query) = match step {
        Ok(Step::Again) => (&pages.authorization, form.query()),
        Ok(Step::SignIn) => (&pages.sign_in, form.query_with("prompt", request.prompt.after_sign_in())),
        Ok(Step::Consent) => (&pages.consent, form.query()),
        Ok(Step::Client(response)) => return Ok(response),
        Err(error) => return Err(Refusal::There(Box::new(request.redirect), error)),
    };
    if query.len() > MAX_QUERY_BYTES {
        let error = OAuthError::invalid_request("the request is too long");
        return Err(Refusal::There(Box::new(request.redirect), error));
    }
    Ok(forward(path, &query))
}

/// Where the browser goes.
enum Step {
    Again,
    SignIn,
    Consent,
    Client(Response),
}

async fn next_step<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    browser: Option<&Browser>,
) -> Result<Step, OAuthError> {
    let session = match browser {
        Some(browser) => browser.session(server).await?,
        None => None,
    };
    let subject = session.map(|session| session.subject);
    match (decide(server, request, subject.as_ref()).await?, subject) {
        (Decision::Send(permit), Some(subject)) => {
            let sent = answer_client(server, request, permit, &subject, Agreement::Before);
            Ok(Step::Client(sent.await?))
        }
        (Decision::Consent, _) => Ok(Step::Consent),
        (Decision::SignIn | Decision::Send(_), _) => Ok(Step::SignIn),
    }
}

/// Sends the browser to one of our own pages with the request.
pub(super) fn forward(path: &str, query: &str) -> Response {
    to_own_page(path, Some(query))
}

/// Turns an authorization request that a client posts into a GET. A form of the page itself has the request in its query.
/// Other methods do not reach the page: HEAD must not have the effects of a GET.
pub(crate) async fn posted_request(request: Request, page: axum::middleware::Next) -> Response {
    if request.method() != Method::GET && request.method() != Method::POST {
        return method_not_allowed("GET, POST");
    }
    let asked = request.uri().query().unwrap_or_default();
    if request.method() != Method::POST
        || Form::parse(asked.as_bytes()).is_ok_and(|form| form.has("client_id"))
    {
        return page.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match read_form(&parts, body).await.map(|form| form.query()) {
        Ok(query) if query.len() <= MAX_QUERY_BYTES => forward(parts.uri.path(), &query),
        Ok(_) => refused(&OAuthError::invalid_request("the request is too long")),
        Err(error) => refused(&error),
    }
}
