//! `response_mode=form_post`: the answer reaches the client in a form (OAuth 2.0 Form Post Response Mode).

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use oauth2_tests::answer::Answer;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    NATIVE_CALLBACK, RunningPortal, VERIFIER, WEB_CALLBACK, client, encoded, request,
};
use oauth2_tests::running::{Tokens, listen};

async fn consented(running: &RunningPortal, client_id: &str, uri: &str, state: &str) -> Response {
    let mut browser = running.signed_in("alice").await;
    let more = format!("&scope=read&response_mode=form_post&state={}", encoded(state));
    let answer = browser.get(&format!("/oauth/authorize?{}", request(client_id, uri, &more))).await;
    let consent = answer.header("location").unwrap().to_owned();
    let page = browser.get(&consent).await;
    browser.decide(&page, &consent, "allow").await
}

/// From the request to the token, with a client that listens on a loopback port of its own.
#[tokio::test]
async fn the_browser_posts_the_answer_to_the_client() {
    let running = RunningPortal::start().await;
    let received = Arc::new(Mutex::new(Vec::new()));
    let inbox = received.clone();
    let receive = post(move |body: String| async move { inbox.lock().unwrap().push(body) });
    let client = listen(Router::new().route("/cb", receive)).await;
    let uri = format!("http://127.0.0.1:{}/cb", client.port());
    let page = consented(&running, "native", &uri, "x&y \"<z>").await;
    let answer = Answer::posted(&page);
    assert_eq!((answer.to.as_str(), answer.names()), (uri.as_str(), vec!["code", "state", "iss"]));
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&answer.parameters).finish();
    assert_eq!(Request::form("/cb", body).send(client).await.status, 200);
    let posted = received.lock().unwrap().pop().unwrap();
    let posted: Vec<_> = url::form_urlencoded::parse(posted.as_bytes()).into_owned().collect();
    assert_eq!(
        posted[1..],
        [("state".into(), "x&y \"<z>".into()), ("iss".into(), "http://127.0.0.1".into())]
    );
    let body = format!(
        "grant_type=authorization_code&client_id=native&code={}&redirect_uri={}&code_verifier={VERIFIER}",
        posted[0].1,
        encoded(&uri)
    );
    let tokens = Tokens::of(&running.send(Request::form("/oauth/token", body)).await);
    let whoami = running.send(Request::get("/whoami").bearer(&tokens.access)).await;
    assert_eq!((whoami.status, whoami.body.as_str()), (200, "u-alice"));
}

/// The page: nothing is in its address, nothing is kept, one script may run, and the form leads to the client only.
#[tokio::test]
async fn the_page_holds_the_answer_and_lets_nothing_else_in() {
    let running = RunningPortal::start().await;
    let page = consented(&running, "web", WEB_CALLBACK, "s").await;
    assert_eq!((page.status, page.header("location")), (200, None));
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(
        policy.contains("; script-src 'sha256-") && policy.contains("; form-action 'self' https:;"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert!(page.body.contains(&format!("<form method=\"post\" action=\"{WEB_CALLBACK}\">")), "{page:?}");
    assert_eq!(page.body.matches("<script>").count(), 1);
    let code = Answer::posted(&page).value("code");
    assert_eq!(running.redeem(&code).await.status, 200);
}

/// S09: values are text in the page, whatever they look like.
#[tokio::test]
async fn values_are_text() {
    let running = RunningPortal::start().await;
    // What would end the attribute cannot be registered; what need not be encoded in a URL is escaped in the page.
    for uri in ["https://web.example/cb?x='b'", "https://web.example/cb?x=\"><b>"] {
        assert!(running.portal.clients().register(client("quote", &[uri])).await.is_err(), "{uri}");
    }
    let uri = "https://web.example/cb?x=a&y=b&amp;z=c";
    running.portal.clients().ensure(client("amp", &[uri])).await.unwrap();
    let state = "\"><script>alert(1)</script><input name='code' value='evil'>&amp;";
    let page = consented(&running, "amp", uri, state).await;
    let answer = Answer::posted(&page);
    assert_eq!((answer.to.as_str(), answer.value("state").as_str()), (uri, state));
    assert!(!page.body.contains("<script>alert") && page.body.matches("<input").count() == 3, "{page:?}");
}

/// The mode survives sign-in and consent, and an error and a refusal of the person travel in a form as well.
#[tokio::test]
async fn refusals_are_posted_too() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let query = request("native", NATIVE_CALLBACK, "&scope=read&state=s&response_mode=form_post");
    let sign_in =
        browser.get(&format!("/oauth/authorize?{query}")).await.header("location").unwrap().to_owned();
    let page = browser.get(&sign_in).await;
    let answer = browser.sign_in(&page, &sign_in, "alice", "alice-password").await;
    let answer = browser.get(answer.header("location").unwrap()).await;
    let consent = answer.header("location").unwrap().to_owned();
    let page = browser.get(&consent).await;
    let refused = browser.decide(&page, &consent, "deny").await;
    assert_eq!(refused.status, 200);
    Answer::posted(&refused).assert_error(NATIVE_CALLBACK, "access_denied", "s");
    let wrong = browser.get(&format!("/oauth/authorize?{query}&request=x")).await;
    assert_eq!(wrong.status, 200);
    Answer::posted(&wrong).assert_error(NATIVE_CALLBACK, "request_not_supported", "s");
}
