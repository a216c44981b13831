//! From a page to an answer: its headers, of which the content security policy depends on the page.

use askama::Template;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, PRAGMA, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

use super::{FormTarget, STYLE_SOURCE};

/// The headers all pages have. A page's address holds the authorization request, so no one is told it as a referrer.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (PRAGMA, HeaderValue::from_static("no-cache")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// Where the forms of a page may lead.
pub(super) enum Forms<'a> {
    /// The page has no form.
    Absent,
    /// To this server.
    Own,
    /// To this server, and from there or at once to the client.
    Client(&'a FormTarget),
}

/// The answer that shows `page`; `script` is the source of the one script it may run.
pub(super) fn document(
    status: StatusCode,
    page: &impl Template,
    forms: Forms<'_>,
    script: Option<&str>,
) -> Response {
    let (status, body) = match page.render() {
        Ok(body) => (status, body),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, String::new())
        }
    };
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().extend(HEADERS);
    // Should the policy ever be no header value, the page may do nothing at all.
    let policy = HeaderValue::try_from(policy(&forms, script)).unwrap_or(HeaderValue::from_static(
        "default-src 'none'; form-action 'none'; frame-ancestors 'none'",
    ));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn policy(forms: &Forms<'_>, script: Option<&str>) -> String {
    let style = &*STYLE_SOURCE;
    let script = script.map(|source| format!("script-src {source}; ")).unwrap_or_default();
    let form_action = match forms {
        Forms::Absent => "'none'".to_owned(),
        Forms::Own => "'self'".to_owned(),
        Forms::Client(target) => target.form_action(),
    };
    format!(
        "default-src 'none'; style-src {style}; {script}form-action {form_action}; frame-ancestors 'none'; \
         base-uri 'none'"
    )
}

/// The source expression that allows exactly this inline text (CSP Level 3, `hash-source`).
pub(super) fn hash_source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
