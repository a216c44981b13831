//! Requests that are answered with a page, and requests that must have no effect.

use oauth2_tests::http::Request;
use oauth2_tests::portal::{WEB_CALLBACK, request};

use crate::site::{Site, assert_refused, assert_told, authorize, code_of, query};

#[tokio::test]
async fn an_unknown_client_and_an_unregistered_redirect_uri_lead_nowhere() {
    let site = Site::start().await;
    let (mut browser, _) = site.agreed().await;
    let cases = [
        (request("nobody", WEB_CALLBACK, ""), "invalid_client"),
        (request("web", "https://evil.example/cb", ""), "invalid_request"),
        (request("web", "https://web.example/cb/", ""), "invalid_request"),
        (format!("redirect_uri=https%3A%2F%2Fevil.example&{}", query("")), "invalid_request"),
        ("response_type=code".to_owned(), "invalid_request"),
        (String::new(), "invalid_request"),
    ];
    for (query, code) in &cases {
        let target = format!("/oauth/authorize?{query}");
        assert_refused(&browser.get(&target).await, 400, code);
        // Nor is anybody asked to sign in for it.
        assert_refused(&browser.get(&format!("/sign-in?{query}")).await, 400, code);
        if query.contains("client_id") {
            assert_refused(&browser.post(&target, &[("decision", "allow")]).await, 400, code);
        }
    }
    assert_eq!(site.codes().await, 1);
}

#[tokio::test]
async fn what_is_wrong_with_the_request_the_client_is_told() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let wrong = authorize("").replace("response_type=code", "response_type=token");
    let answer = browser.get(&wrong).await;
    assert!(answer.header("location").unwrap().contains("error=unsupported_response_type"), "{answer:?}");
    let wrong = authorize("").replace("photos%3Aread", "photos%3Aburn");
    assert_told(&site, &browser.get(&wrong).await, "invalid_scope");
    assert_eq!(site.codes().await, 0);
}

#[tokio::test]
async fn head_never_mints() {
    let site = Site::start().await;
    let (mut browser, _) = site.agreed().await;
    for method in ["HEAD", "PUT", "DELETE", "OPTIONS"] {
        let answer = browser.send(Request::new(method, &authorize(""))).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST")), "{answer:?}");
        assert_eq!((answer.header("location"), answer.header("cache-control")), (None, Some("no-store")));
    }
    assert_eq!(site.codes().await, 1);
}

/// OpenID Connect Core 1.0 section 3.1.2.1: clients may post it. The browser keeps the cookie back until it is sent on.
#[tokio::test]
async fn a_posted_authorization_request_becomes_a_get() {
    let site = Site::start().await;
    let (mut browser, _) = site.agreed().await;
    let posted = Request::form("/oauth/authorize", query("")).send(site.address).await;
    assert_eq!((posted.status, posted.header("location")), (303, Some(authorize("").as_str())));
    assert_eq!((posted.header("set-cookie"), site.codes().await), (None, 1));
    assert!(code_of(&browser.get(posted.header("location").unwrap()).await).is_some());
    let odd = Request::new("POST", "/oauth/authorize").header("content-type", "text/plain").body(query(""));
    assert_refused(&odd.send(site.address).await, 415, "invalid_request");
    let long = format!("{}{}", query("&a="), "x".repeat(4096));
    let long = Request::form("/oauth/authorize", [long.clone(), long.clone(), long].join("&b=1&"));
    assert_refused(&long.send(site.address).await, 400, "invalid_request");
}

#[tokio::test]
async fn a_database_that_fails_is_a_page_with_503() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    site.database.execute("ALTER TABLE session RENAME TO gone").await;
    for target in [authorize(""), "/sign-in".to_owned(), "/".to_owned()] {
        let answer = browser.get(&target).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{answer:?}");
        assert!(
            answer.body.contains("<h1>The server cannot answer now</h1>") && !answer.body.contains("gone")
        );
    }
}
