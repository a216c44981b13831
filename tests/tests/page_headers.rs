//! What every answer to a browser has in its head, page by page, and which answers nobody may keep.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, redemption, request, value};
use oauth2_tests::running::Tokens;
use sha2::{Digest, Sha256};

/// Everything but the policy and the length.
const HEADERS: [(&str, &str); 6] = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("pragma", "no-cache"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
];

/// The policy's part for what the page has inline between these tags.
fn inline(page: &Response, open: &str, close: &str) -> String {
    let text = page.body.split_once(open).unwrap().1.split_once(close).unwrap().0;
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

#[track_caller]
fn assert_page(page: &Response, status: u16, form_action: &str) {
    assert_eq!(page.status, status, "{page:?}");
    for (name, value) in HEADERS {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
    let style = inline(page, "<style>", "</style>");
    let script = if page.body.contains("<script>") {
        format!("script-src {}; ", inline(page, "<script>", "</script>"))
    } else {
        String::new()
    };
    let policy = format!(
        "default-src 'none'; style-src {style}; {script}form-action {form_action}; frame-ancestors 'none'; base-uri \
         'none'"
    );
    assert_eq!(page.header("content-security-policy"), Some(policy.as_str()));
    // Nothing but what is in the page itself.
    for word in
        ["src=", "<link", "<img", "<iframe", "<object", "url(", "@import", "onload", "onclick", "<base"]
    {
        assert!(!page.body.contains(word), "{word}: {}", page.body);
    }
    assert_eq!(page.body.matches("<script").count(), usize::from(!script.is_empty()));
}

async fn consent(running: &RunningPortal, query: &str) -> (Browser, Response) {
    let mut browser = running.signed_in("alice").await;
    let page = browser.get(&format!("/consent?{query}")).await;
    (browser, page)
}

/// S90, S15: no page can be framed, kept, made to load anything, or tell anybody its address.
#[tokio::test]
async fn every_page_is_closed() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read");
    assert_page(&running.browser().get("/login").await, 200, "'self'");
    let login = format!("/login?{query}");
    assert_page(&running.browser().get(&login).await, 200, "'self' https:");
    let mut browser = running.browser();
    let page = browser.get(&login).await;
    assert_page(&browser.sign_in(&page, &login, "alice", "wrong").await, 403, "'self' https:");
    let stale = Request::form(&login, "username=alice&password=alice-password");
    assert_page(&browser.send(stale).await, 403, "'self' https:");
    assert_page(&running.signed_in("alice").await.get("/login").await, 200, "'none'");
    let (mut browser, page) = consent(&running, &query).await;
    assert_page(&page, 200, "'self' https:");
    let foreign = browser.send(Request::form(&format!("/consent?{query}"), "decision=allow")).await;
    assert_page(&foreign, 403, "'none'");
    let native = request("native", "http://127.0.0.1:7/cb", "&scope=read");
    assert_page(&browser.get(&format!("/consent?{native}")).await, 200, "'self' http: https:");
    for path in ["/oauth/authorize", "/login", "/consent"] {
        let refused = running.send(Request::get(&format!("{path}?client_id=nobody"))).await;
        assert_page(&refused, 400, "'none'");
        let twice = running.send(Request::get(&format!("{path}?client_id=web&client_id=web"))).await;
        assert_page(&twice, 400, "'none'");
        let unread = Request::new("POST", path).header("content-type", "text/plain").body("x");
        assert_page(&running.send(unread).await, 415, "'none'");
    }
}

#[tokio::test]
async fn a_page_that_posts_to_the_client_is_closed_too() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read&response_mode=form_post&state=s");
    let (mut browser, page) = consent(&running, &query).await;
    assert_page(&page, 200, "'self' https:");
    let page = browser.decide(&page, &format!("/consent?{query}"), "allow").await;
    assert_page(&page, 200, "'self' https:");
    assert!(page.body.contains("<script>") && page.body.contains("action=\"https://web.example/cb\""));
    let refused = browser.get(&format!("/oauth/authorize?{query}&request=x")).await;
    assert_page(&refused, 200, "'self' https:");
}

#[tokio::test]
async fn the_page_of_a_database_that_is_down_is_closed() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "");
    running.portal.db.pool().close().await;
    for path in ["/oauth/authorize", "/login", "/consent"] {
        let page = running.send(Request::get(&format!("{path}?{query}"))).await;
        assert_page(&page, 503, "'none'");
        assert_eq!(page.header("retry-after"), Some("2"));
    }
}

/// S14, S15: a redirect after a form is a GET, is not kept, and tells the next site nothing.
#[tokio::test]
async fn every_redirect_is_a_303_that_nobody_keeps() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let mut browser = running.browser();
    let target = format!("/oauth/authorize?{query}");
    let mut answers = vec![browser.get(&target).await];
    answers.push(browser.send(Request::form("/oauth/authorize", query.clone())).await);
    let login = format!("/login?{query}");
    let page = browser.get(&login).await;
    answers.push(browser.sign_in(&page, &login, "alice", "alice-password").await);
    answers.push(browser.get(&target).await);
    let consent = format!("/consent?{query}");
    let page = browser.get(&consent).await;
    answers.push(browser.decide(&page, &consent, "deny").await);
    answers.push(browser.decide(&page, &consent, "allow").await);
    answers.push(browser.get(&target).await);
    answers.push(browser.get(&format!("{target}&request_uri=x")).await);
    for answer in &answers {
        assert_eq!((answer.status, answer.body.as_str()), (303, ""), "{answer:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("pragma"), Some("no-cache"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    }
}

/// S100: whatever has a token, says something about one, or refuses one.
#[tokio::test]
async fn no_answer_of_an_endpoint_may_be_kept() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let answered = running.authorize(&mut browser, &request("web", WEB_CALLBACK, "&scope=read")).await;
    let redeemed = running.redeem(&value(&answered, "code")).await;
    let tokens = Tokens::of(&redeemed);
    let web = &running.web;
    let form = |path: &str, body: &str| Request::form(path, body).basic(&web.id, &web.secret);
    let mut answers = vec![redeemed, running.redeem("ac_x").await, running.refresh(&tokens.refresh).await];
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
        answers.push(running.send(form(path, "")).await);
        answers.push(running.send(form(path, "token=%")).await);
        answers.push(running.send(Request::form(path, "token=x&grant_type=client_credentials")).await);
        answers.push(running.send(form(&format!("{path}?x"), "token=x")).await);
        answers.push(running.send(Request::new("POST", path).body("{}")).await);
        answers.push(running.send(form(path, &"x".repeat(70_000))).await);
        answers.push(running.send(form(path, &format!("token={}&grant_type=x", tokens.refresh))).await);
    }
    answers.push(running.send(Request::get("/whoami").bearer("at_x")).await);
    answers.push(running.send(Request::get("/whoami").bearer(&tokens.refresh)).await);
    answers.push(running.token(web, &redemption("ac_y")).await);
    running.portal.db.pool().close().await;
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
        answers.push(running.send(form(path, "token=x&grant_type=client_credentials")).await);
    }
    let statuses: std::collections::BTreeSet<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [200, 400, 401, 413, 415, 503]);
    for answer in &answers {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
        assert_eq!(answer.header("pragma"), Some("no-cache"), "{answer:?}");
    }
    let metadata = running.send(Request::get("/.well-known/oauth-authorization-server")).await;
    assert_eq!(metadata.header("cache-control"), Some("public, max-age=300"));
}
