//! What every page has: a language, labels, no scripts, and a policy that lets it load nothing else.

use oauth2_tests::http::Response;

use crate::site::{Site, authorize, query};

#[track_caller]
fn assert_page(page: &Response, form_action: &str) {
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    );
    assert_eq!(page.header("content-security-policy"), Some(policy.as_str()), "{page:?}");
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    assert!(page.body.starts_with("<!doctype html>\n<html lang=\"en\">"), "{page:?}");
    assert!(page.body.contains("<main>") && page.body.matches("<h1>").count() == 1, "{page:?}");
    for forbidden in ["<script", "style=", "onclick", "javascript:", "http-equiv", "src="] {
        assert!(!page.body.contains(forbidden), "{forbidden}: {page:?}");
    }
    // Each field that people fill in has a label of its own.
    for input in page.body.split("<input type=\"").skip(1).filter(|input| !input.starts_with("hidden")) {
        let id = input.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(page.body.contains(&format!("<label for=\"{id}\">")), "{id}: {page:?}");
    }
}

#[tokio::test]
async fn pages_can_be_read_and_used_by_everybody_and_embedded_by_nobody() {
    let site = Site::start().await;
    let mut browser = site.browser();
    assert_page(&browser.get("/").await, "'self'");
    assert_page(&browser.get("/sign-in").await, "'self'");
    let target = format!("/sign-in?{}", query("&login_hint=%22%3E%3Cscript%3E"));
    let page = browser.get(&target).await;
    assert_page(&page, "'self' https:");
    let failed = browser.sign_in(&page, &target, "<script>alert(1)</script>", "wrong").await;
    assert_page(&failed, "'self' https:");
    let mut browser = site.alice().await;
    assert_page(&browser.get("/").await, "'self'");
    let consent = browser.get(&authorize("")).await;
    assert_page(&consent, "'self' https:");
    assert!(consent.body.contains("Allow <bdi>Web &#60;App&#62;</bdi>"), "{consent:?}");
    assert!(consent.body.contains("<bdi>web.example</bdi>"), "{consent:?}");
    let style = browser.get("/style.css").await;
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
}

#[tokio::test]
async fn redirects_are_not_kept_either() {
    let site = Site::start().await;
    let answer = site.browser().get(&authorize("")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (303, Some("no-store")));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
}
