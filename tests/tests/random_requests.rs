//! Whatever strangers send to any endpoint, no answer is an error of the server. `PROPTEST_CASES` says how many cases
//! are tried.

use axum::Router;
use axum::body::Body;
use http::{Request, header};
use http_body_util::BodyExt;
use oauth2_tests::http::basic;
use oauth2_tests::portal::{CHALLENGE, RunningPortal, VERIFIER, WEB_CALLBACK, redemption, request};
use oauth2_tests::running::{Credentials, Database};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// A server that all cases ask, without a socket.
struct Site {
    runtime: Runtime,
    router: Router,
    web: Credentials,
    /// Of a browser in which Alice has signed in.
    cookie: String,
    paths: Vec<String>,
    /// What a good request has, so that others come further than their first parameter.
    good: Vec<String>,
    /// The folder goes with it.
    _database: Database,
}

fn site() -> Site {
    let runtime = Runtime::new().unwrap();
    let running = runtime.block_on(RunningPortal::start());
    let manifest = running.portal.manifest();
    let paths: Vec<_> = manifest.routes().into_iter().map(|route| route.path.to_string()).collect();
    assert!(paths.len() >= 7, "{paths:?}");
    let browser = runtime.block_on(running.signed_in("alice"));
    let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}"));
    let cookie = cookies.collect::<Vec<_>>().join("; ");
    let (code, tokens) = runtime
        .block_on(async { (running.code("alice", "read").await, running.tokens("alice", "read").await) });
    let good = vec![
        request("web", WEB_CALLBACK, "&scope=read&state=1"),
        redemption(&code),
        format!("grant_type=refresh_token&refresh_token={}", tokens.refresh),
        "grant_type=client_credentials&scope=write".to_owned(),
        format!("token={}", tokens.access),
        "username=alice&password=alice-password&form_token=x&decision=allow".to_owned(),
    ];
    let router = running.portal.router();
    Site { runtime, router, web: running.web, cookie, paths, good, _database: running.database }
}

/// Names and values that mean something somewhere.
const WORDS: &[&str] = &[
    "access_token",
    "allow",
    "authorization_code",
    "client_credentials",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "consent",
    "decision",
    "form_token",
    "grant_type",
    "login_hint",
    "native",
    "password",
    "prompt",
    "read",
    "redirect_uri",
    "refresh_token",
    "request",
    "response_mode",
    "response_type",
    "S256",
    "scope",
    "state",
    "token",
    "token_type_hint",
    "username",
    "web",
    CHALLENGE,
    VERIFIER,
];

/// A word, a text or bytes in their percent-encoding, or what should have been in it.
fn part() -> impl Strategy<Value = String> {
    let encoded = |bytes: &[u8]| url::form_urlencoded::byte_serialize(bytes).collect::<String>();
    let bytes = proptest::collection::vec(any::<u8>(), 0..20).prop_map(move |bytes| encoded(&bytes));
    prop_oneof![
        8 => proptest::sample::select(WORDS).prop_map(str::to_owned),
        4 => ".{0,20}".prop_map(move |text| encoded(text.as_bytes())),
        1 => bytes,
        1 => "[!-~&&[^#]]{0,20}",
    ]
}

/// Mostly those of a good request, and others.
fn parameters(good: &[String]) -> impl Strategy<Value = String> + use<> {
    let pairs = proptest::collection::vec((part(), part()), 0..4);
    let good = proptest::option::weighted(0.9, proptest::sample::select(good.to_vec()));
    (good, pairs).prop_map(|(good, pairs)| {
        let pairs = pairs.into_iter().map(|(name, value)| format!("{name}={value}"));
        good.into_iter().chain(pairs).collect::<Vec<_>>().join("&")
    })
}

fn body(good: &[String]) -> impl Strategy<Value = Vec<u8>> + use<> {
    prop_oneof![
        7 => parameters(good).prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..2_000),
    ]
}

/// F19: at every path of the manifest, with and without credentials, in the body and in the query.
#[test]
fn no_request_is_an_error_of_the_server() {
    let site = site();
    let weighted = proptest::bool::weighted;
    let request = (body(&site.good), parameters(&site.good), any::<bool>(), weighted(0.25), weighted(0.75));
    let config = Config { failure_persistence: None, ..Config::default() };
    let tried = TestRunner::new(config).run(&request, |(body, query, posted, with_query, authenticated)| {
        for path in &site.paths {
            let (method, target) = match (posted, with_query) {
                (true, false) => ("POST", path.clone()),
                (true, true) => ("POST", format!("{path}?{query}")),
                (false, _) => ("GET", format!("{path}?{query}")),
            };
            let mut request = Request::builder().method(method).uri(&target);
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            request = request.header(header::COOKIE, &site.cookie);
            if authenticated {
                request = request.header(header::AUTHORIZATION, basic(&site.web.id, &site.web.secret));
            }
            // What is no URI does not reach a server.
            let Ok(request) = request.body(Body::from(body.clone())) else { continue };
            let (status, answer) = site.runtime.block_on(async {
                let (head, body) = site.router.clone().oneshot(request).await.unwrap().into_parts();
                (head.status, body.collect().await.unwrap().to_bytes())
            });
            prop_assert!(status.as_u16() < 500, "{} {}: {} {:?}", method, target, status, answer);
        }
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}
