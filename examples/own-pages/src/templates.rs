//! From the templates to answers. All that comes from outside is escaped by them.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use oauth2_runtime::prelude::*;

use crate::Auth;
use crate::users::User;

type Request = ConsentRequest<Auth>;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    request: Option<&'a Request>,
    csrf: &'a str,
    name: &'a str,
    failed: bool,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct Consent<'a> {
    request: &'a Request,
    user: &'a User,
    csrf: &'a str,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    /// Who, and the anti-forgery token of the button with which they sign out.
    signed_in: Option<(&'a User, &'a str)>,
}

/// Where people sign in for `request`; `typed` is the name they have typed in vain.
pub(crate) fn sign_in_page(request: Option<&Request>, csrf: &str, typed: Option<&str>) -> Response {
    let name = typed.or(request.and_then(ConsentRequest::login_hint)).unwrap_or_default();
    let status = if typed.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    document(status, &SignIn { request, csrf, name, failed: typed.is_some() }, request)
}

/// Where a person is asked.
pub(crate) fn consent_page(request: &Request, user: &User, csrf: &str) -> Response {
    document(StatusCode::OK, &Consent { request, user, csrf }, Some(request))
}

/// The application itself.
pub(crate) fn home_page(signed_in: Option<(&User, &str)>) -> Response {
    document(StatusCode::OK, &Home { signed_in }, None)
}

/// A page may load the application's stylesheet and send its form, and nothing else.
fn document(status: StatusCode, page: &impl Template, request: Option<&Request>) -> Response {
    let Ok(html) = page.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let form_action = request.map_or("'self'".to_owned(), ConsentRequest::form_action);
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    );
    (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}

/// What every answer to a person has: a page is about one person at one moment, and its address has the request in it.
pub(crate) async fn unkept(mut response: Response) -> Response {
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

pub(crate) async fn stylesheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../templates/style.css"))
}
