//! Forms that another site makes a browser send (RFC 6819 section 4.4.1.8), and requests that change while somebody reads.

use oauth2_runtime::models::Client;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};

use crate::site::{PASSWORD, Site, assert_refused, authorize, code_of};

/// The hidden fields of a page, and the decision to allow, without or with others for some.
fn fields(page: &Response, replaced: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
    let mut fields = hidden_fields(&page.body);
    assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["csrf", "shown"]);
    for (name, value) in replaced {
        fields.retain(|(found, _)| found != name);
        fields.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
    }
    fields.push(("decision".into(), "allow".into()));
    fields
}

async fn send(browser: &mut Browser, target: &str, fields: &[(String, String)]) -> Response {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(target, &fields).await
}

#[tokio::test]
async fn a_decision_without_the_token_of_this_browser_is_forbidden() {
    let site = Site::start().await;
    let (mut browser, mut other) = (site.alice().await, site.alice().await);
    let target = authorize("");
    let page = browser.get(&target).await;
    let theirs = other.get(&target).await;
    let theirs = hidden_fields(&theirs.body).remove(0).1;
    for wrong in [None, Some(""), Some("AAAAAAAAAAAAAAAAAAAAAA"), Some(theirs.as_str())] {
        let answer = send(&mut browser, &target, &fields(&page, &[("csrf", wrong)])).await;
        assert_refused(&answer, 403, "access_denied");
    }
    assert_eq!(site.codes().await, 0);
    assert_eq!(site.database.number("SELECT COUNT(*) FROM oauth2_consent").await, 0);
    // Nothing else was wrong with it.
    assert!(code_of(&send(&mut browser, &target, &fields(&page, &[])).await).is_some());
    assert_eq!(site.codes().await, 1);
}

#[tokio::test]
async fn a_form_of_another_site_has_no_cookie_and_sets_none() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let page = browser.get(&authorize("")).await;
    let body: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields(&page, &[]))
        .extend_pairs([("username", "bob"), ("password", "builder")])
        .finish();
    let forged = async |target: &str| Request::form(target, body.clone()).send(site.address).await;
    let consent = forged(&authorize("")).await;
    assert!(consent.header("location").unwrap().starts_with("/sign-in?"), "{consent:?}");
    let sign_in = forged("/sign-in").await;
    assert_refused(&sign_in, 403, "access_denied");
    let sign_out = forged("/sign-out").await;
    assert_refused(&sign_out, 403, "access_denied");
    for answer in [consent, sign_in, sign_out] {
        assert_eq!(answer.header("set-cookie"), None, "it would take the place of the real one");
    }
    assert_eq!(site.codes().await, 0);
}

#[tokio::test]
async fn a_form_is_good_for_the_request_it_was_shown_for() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let target = authorize("");
    let page = browser.get(&target).await;
    for changed in [
        target.replace("photos%3Aread", "photos%3Awrite"),
        target.replace("state=s", "state=t"),
        target.replace("client_id=web", "client_id=photo-album").replace("web.example%2Fcb", "web.example"),
        format!("{target}&nonce=1"),
    ] {
        let answer = send(&mut browser, &changed, &fields(&page, &[])).await;
        assert_eq!(code_of(&answer), None, "{answer:?}");
        assert!(answer.status == 403 || answer.status == 400, "{changed}: {answer:?}");
        assert_eq!(answer.header("location"), None);
    }
    for shown in [None, Some("AAAA")] {
        let answer = send(&mut browser, &target, &fields(&page, &[("shown", shown)])).await;
        assert_refused(&answer, 403, "access_denied");
    }
    assert_eq!(site.codes().await, 0);
}

#[tokio::test]
async fn nobody_agrees_to_what_changed_while_they_were_reading() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    // Without a scope, so that the client's row says what it may have.
    let target = authorize("").replace("&scope=photos%3Aread", "");
    let web = || async { site.auth.clients().get(&"web".into()).await.unwrap().unwrap() };
    let narrow =
        || async { Client { scope: [own_pages::Access::ReadPhotos].into_iter().collect(), ..web().await } };
    for changed in [web().await, Client { client_name: Some("Printer".into()), ..narrow().await }] {
        assert!(site.auth.clients().replace(narrow().await).await.unwrap());
        let page = browser.get(&target).await;
        assert!(!page.body.contains("Upload and delete photos"), "{page:?}");
        assert!(site.auth.clients().replace(changed).await.unwrap());
        let answer = browser.decide(&page, &target, "allow").await;
        assert_refused(&answer, 403, "access_denied");
    }
    // Its redirect URI is gone: there is nowhere to send the answer to.
    let page = browser.get(&target).await;
    let moved = Client { redirect_uris: "https://other.example/cb".into(), ..web().await };
    assert!(site.auth.clients().replace(moved).await.unwrap());
    assert_refused(&browser.decide(&page, &target, "allow").await, 400, "invalid_request");
    assert_eq!(site.codes().await, 0);
}

#[tokio::test]
async fn nobody_agrees_on_the_page_of_somebody_else() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let target = authorize("");
    let page = browser.get(&target).await;
    let sign_in = browser.get("/sign-in").await;
    assert_eq!(browser.sign_in(&sign_in, "/sign-in", "bob", "builder").await.status, 303);
    assert_refused(&browser.decide(&page, &target, "allow").await, 403, "access_denied");
    // Not with the token of the new session either.
    let csrf = hidden_fields(&browser.get(&target).await.body).remove(0).1;
    let answer = send(&mut browser, &target, &fields(&page, &[("csrf", Some(&csrf))])).await;
    assert_refused(&answer, 403, "access_denied");
    assert_eq!(site.codes().await, 0);
}

#[tokio::test]
async fn a_sign_in_without_the_token_signs_nobody_in() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.get("/sign-in").await;
    let cookie = browser.cookies.clone();
    let typed = [("username", "alice"), ("password", PASSWORD)];
    assert_refused(&browser.post("/sign-in", &typed).await, 403, "access_denied");
    assert_eq!(browser.cookies, cookie);
    assert!(browser.get("/").await.body.contains("href=\"/sign-in\""));
}

#[tokio::test]
async fn a_decision_that_is_none_is_refused() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let target = authorize("");
    let page = browser.get(&target).await;
    let mut without = fields(&page, &[]);
    without.pop();
    assert_refused(&send(&mut browser, &target, &without).await, 400, "invalid_request");
    let twice = [without, fields(&page, &[])].concat();
    assert_refused(&send(&mut browser, &target, &twice).await, 400, "invalid_request");
    assert_eq!(site.codes().await, 0);
}
