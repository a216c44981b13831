//! The page where people sign in, and forms that were not shown by it.

use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};

const STALE: &str = "This page was open for too long, or cookies are blocked. Please try again.";

fn query() -> String {
    request("web", WEB_CALLBACK, "&scope=read&state=s")
}

fn form_token(page: &Response) -> String {
    let hidden = hidden_fields(&page.body);
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    assert_eq!(hidden[0].0, "form_token");
    hidden[0].1.clone()
}

fn body(token: &str) -> String {
    format!("form_token={token}&username=alice&password=alice-password")
}

async fn assert_nobody_signed_in(running: &RunningPortal, answer: &Response) {
    assert_eq!((answer.status, answer.header("location")), (403, None), "{answer:?}");
    assert!(answer.body.contains(STALE), "{}", answer.body);
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_session").await, 0);
}

#[tokio::test]
async fn a_person_signs_in_for_no_client() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let page = browser.get("/login").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<h1>Sign in</h1>") && !page.body.contains("to continue to"));
    let answer = browser.sign_in(&page, "/login", "alice", "alice-password").await;
    assert_eq!((answer.status, answer.header("location"), answer.body.as_str()), (303, Some("/login"), ""));
    for _ in 0..2 {
        let page = browser.get("/login").await;
        assert_eq!((page.status, page.header("set-cookie")), (200, None));
        assert!(page.body.contains("<h1>You are signed in</h1>") && page.body.contains("<bdi>alice</bdi>"));
        assert!(!page.body.contains("<form"), "{}", page.body);
    }
}

/// Somebody who is signed in and comes with a request gets the form: that is how `prompt=login` is obeyed.
#[tokio::test]
async fn a_browser_that_is_signed_in_sees_the_form_for_a_request() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let answer = browser.get(&format!("/oauth/authorize?{}&prompt=login", query())).await;
    let target = answer.header("location").unwrap().to_owned();
    assert!(target.starts_with("/login?") && !target.contains("prompt"), "{target}");
    let page = browser.get(&target).await;
    assert!(page.body.contains("<h1>Sign in</h1>") && page.body.contains("<bdi>web</bdi>"), "{}", page.body);
    let answer = browser.sign_in(&page, &target, "alice", "alice-password").await;
    let back = answer.header("location").unwrap();
    assert_eq!(back, target.replace("/login?", "/oauth/authorize?"));
    assert!(browser.get(back).await.header("location").unwrap().starts_with("/consent?"));
}

/// S80: another site's form, also one with a token of the attacker's own browser.
#[tokio::test]
async fn a_form_without_this_browsers_token_signs_nobody_in() {
    let running = RunningPortal::start().await;
    for target in ["/login".to_owned(), format!("/login?{}", query())] {
        let stolen = form_token(&running.browser().get(&target).await);
        let mut victim = running.browser();
        let own = form_token(&victim.get(&target).await);
        let cut = own.get(1..).unwrap().to_owned();
        for body in [
            "username=alice&password=alice-password".to_owned(),
            body(""),
            body(&stolen),
            body(&cut),
            body(&own.to_lowercase()),
            body(&format!("{own}=")),
            body("%2B"),
        ] {
            let answer = victim.send(Request::form(&target, body)).await;
            assert_nobody_signed_in(&running, &answer).await;
        }
        // Without the cookie the right token is worth nothing.
        let answer = running.send(Request::form(&target, body(&own))).await;
        assert_nobody_signed_in(&running, &answer).await;
        assert!(answer.header("set-cookie").is_some());
    }
}

/// S80: a token fits one request and one page.
#[tokio::test]
async fn a_form_is_good_for_its_own_request_only() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let target = format!("/login?{}", query());
    let token = form_token(&browser.get(&target).await);
    for other in
        ["/login".to_owned(), format!("{target}x"), format!("{target}&"), target.replace("read", "write")]
    {
        let answer = browser.send(Request::form(&other, body(&token))).await;
        assert_nobody_signed_in(&running, &answer).await;
    }
    let answer = browser.send(Request::form(&target, body(&token))).await;
    assert_eq!(answer.status, 303, "{answer:?}");
}

/// S80: the browser says that another site made it send the form. Unreadable is no excuse.
#[tokio::test]
async fn a_form_from_another_origin_signs_nobody_in() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let token = form_token(&browser.get("/login").await);
    for (name, value) in [
        ("origin", "https://evil"),
        ("origin", "https://127.0.0.1"),
        ("origin", "http://127.0.0.1:81"),
        ("origin", "http://127.0.0.1.evil.example"),
        ("origin", "\u{e9}"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answer = browser.send(Request::form("/login", body(&token)).header(name, value)).await;
        assert_nobody_signed_in(&running, &answer).await;
    }
    let both = Request::form("/login", body(&token)).header("origin", "http://127.0.0.1");
    let answer = browser.send(both.header("sec-fetch-site", "same-origin")).await;
    assert_eq!(answer.status, 303, "{answer:?}");
}

/// S80: a browser keeps its cookie back from such a form. Were it given another one with the answer, any site could sign people
/// out, so it is sent on to the page, with its cookie.
#[tokio::test]
async fn a_form_from_another_origin_signs_nobody_out() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    for target in ["/login?".to_owned(), format!("/login?{}", query())] {
        for (name, value) in [("origin", "https://evil"), ("sec-fetch-site", "cross-site")] {
            let answer = running.send(Request::form(&target, "username=x").header(name, value)).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (303, Some(target.as_str())),
                "{answer:?}"
            );
            assert_eq!(answer.header("set-cookie"), None);
        }
    }
    assert!(browser.get("/login?").await.body.contains("<h1>You are signed in</h1>"));
}

/// After a refusal the form in the answer works: nobody is locked out by a page that was open for too long.
#[tokio::test]
async fn the_form_of_a_refusal_works() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let page = browser.send(Request::form("/login", body("old"))).await;
    assert_nobody_signed_in(&running, &page).await;
    assert!(page.body.contains("value=\"alice\"") && !page.body.contains("alice-password"), "{}", page.body);
    let answer = browser.sign_in(&page, "/login", "alice", "alice-password").await;
    assert_eq!(answer.status, 303, "{answer:?}");
}

#[tokio::test]
async fn empty_and_missing_fields_are_nobodys() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let page = browser.get("/login").await;
    let token = form_token(&page);
    for body in ["", "&username=alice", "&password=-password", "&username=&password=-password"] {
        let answer = browser.send(Request::form("/login", format!("form_token={token}{body}"))).await;
        assert_eq!((answer.status, answer.header("location")), (403, None), "{body}");
        assert!(answer.body.contains("The user name or the password is wrong."));
    }
}

/// What the form sends besides its own fields changes nothing (S92).
#[tokio::test]
async fn the_request_is_that_of_the_address() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let target = format!("/login?{}", query());
    let token = form_token(&browser.get(&target).await);
    let more =
        "&client_id=other&redirect_uri=https%3A%2F%2Fother.example%2Fcb&scope=admin&return_to=%2F%2Fevil";
    let answer = browser.send(Request::form(&target, format!("{}{more}", body(&token)))).await;
    assert_eq!(answer.header("location"), Some(format!("/oauth/authorize?{}", query()).as_str()));
}

/// S13: nothing in the address of the page says where to go but a request that is checked.
#[tokio::test]
async fn there_is_no_address_to_return_to() {
    let running = RunningPortal::start().await;
    for name in ["return_to", "next", "continue", "redirect_uri", "redirect", "url"] {
        for evil in ["%2F%5Cevil", "%2F%2Fevil", "https%3Aevil", "https%3A%2F%2Fevil", "%09%2F%2Fevil"] {
            let mut browser = running.browser();
            let target = format!("/login?{name}={evil}");
            let page = browser.get(&target).await;
            let answer = browser.sign_in(&page, &target, "alice", "alice-password").await;
            assert_eq!((answer.status, answer.header("location")), (303, Some("/login")), "{target}");
        }
    }
}

/// A request that could not be answered with a code is refused before anybody types a password into its page.
#[tokio::test]
async fn a_request_that_is_refused_has_no_form() {
    let running = RunningPortal::start().await;
    let mut browser: Browser = running.browser();
    let unknown = request("nobody", WEB_CALLBACK, "");
    let elsewhere = request("web", "https://evil.example/cb", "");
    for query in [unknown, elsewhere, "client_id=web&client_id=web".into(), "client_id=%".into()] {
        let answer = browser.get(&format!("/login?{query}")).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{query}");
        assert!(!answer.body.contains("<form"));
        let answer = browser.send(Request::form(&format!("/login?{query}"), body("x"))).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{query}");
    }
    let answer = browser.get(&format!("/login?{}&scope=unknown", request("web", WEB_CALLBACK, ""))).await;
    assert!(answer.header("location").unwrap().starts_with("https://web.example/cb?error=invalid_scope&"));
    assert!(browser.cookies.is_empty());
}
