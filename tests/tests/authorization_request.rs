//! Authorization requests as clients and people make them (RFC 6749 section 4.1.1, OpenID Connect Core 1.0 section 3.1.2.1).

use oauth2_runtime::models::Client;
use oauth2_tests::answer::Answer;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    CHALLENGE, NATIVE_CALLBACK, RunningPortal, VERIFIER, WEB_CALLBACK, client, encoded, request, value,
};

async fn ask(browser: &mut Browser, query: &str) -> Response {
    browser.get(&format!("/oauth/authorize?{query}")).await
}

fn leads_to(response: &Response, path: &str) -> String {
    assert_eq!(response.status, 303, "{response:?}");
    let location = response.header("location").unwrap();
    assert!(location.starts_with(path), "{path}: {location}");
    location.to_owned()
}

/// With one registered URI a request may leave it out, and then the token request may too.
#[tokio::test]
async fn the_only_redirect_uri_may_be_left_out() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = format!(
        "response_type=code&client_id=web&code_challenge={CHALLENGE}&code_challenge_method=S256&scope=read"
    );
    let code = value(&running.authorize(&mut browser, &query).await, "code");
    assert_eq!(running.database.texts("SELECT COALESCE(redirect_uri, '-') FROM portal_code").await, ["-"]);
    let body = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let answer = running.token(&running.web, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["scope"], "read");
    // Named once, it must be named again.
    let query = format!("{query}&redirect_uri={}", encoded(WEB_CALLBACK));
    let code = value(&running.authorize(&mut browser, &query).await, "code");
    let body = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let answer = running.token(&running.web, &body).await;
    answer.assert_error(400, "invalid_grant", "`redirect_uri` is not that of the authorization request");
    let two = client("two", &[WEB_CALLBACK, "https://web.example/2"]);
    running.portal.clients().ensure(two).await.unwrap();
    let query = query.replace("client_id=web", "client_id=two").replace("redirect_uri=", "x=");
    ask(&mut browser, &query).await.assert_refused_page("invalid_request");
}

/// The order of the parameters says nothing, and those that nobody knows are ignored, also twice.
#[tokio::test]
async fn order_and_unknown_parameters_do_not_matter() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read+write&state=s");
    let mut pairs: Vec<_> = query.split('&').collect();
    let unknown =
        ["nonce=n", "audience=a", "resource=r", "resource=r", "max_age=1", "ui_locales=de", "display=page"];
    pairs.extend(unknown);
    for turn in 0..pairs.len() {
        pairs.rotate_left(1);
        if turn % 2 == 0 {
            pairs.reverse();
        }
        let answered = running.authorize(&mut browser, &pairs.join("&")).await;
        let names: Vec<_> = answered.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["code", "state", "iss"]);
        let answer = running.redeem(&value(&answered, "code")).await;
        assert_eq!((answer.status, &answer.json()["scope"]), (200, &"read write".into()));
    }
}

/// Without `scope` a client asks for all it may have; the answer and the page say what that is (RFC 6749 section 3.3).
#[tokio::test]
async fn without_a_scope_the_client_asks_for_what_it_may_have() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let answered = running.authorize(&mut browser, &request("web", WEB_CALLBACK, "")).await;
    assert_eq!(running.redeem(&value(&answered, "code")).await.json()["scope"], "read write admin");
}

/// RFC 6749 section 3.1: the endpoint answers POST too. From another site's form it comes without our cookie, so the
/// browser is sent once more, with a GET.
#[tokio::test]
async fn a_request_may_be_posted() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read&state=x%26y");
    let target = "/oauth/authorize";
    let answer = Request::form(target, query.clone()).send(running.address).await;
    assert_eq!(leads_to(&answer, "/oauth/authorize?"), format!("{target}?{query}"));
    let mut browser = running.signed_in("alice").await;
    let answer = browser.send(Request::form(target, query.clone())).await;
    let consent = leads_to(&answer, "/consent?");
    assert_eq!(consent, format!("/consent?{query}"));
    let page = browser.get(&consent).await;
    let answer = Answer::of(&browser.decide(&page, &consent, "allow").await);
    assert_eq!((answer.names(), answer.value("state")), (vec!["code", "state", "iss"], "x&y".into()));
    let answer = browser.send(Request::form(target, query.clone())).await;
    let code = Answer::of(&answer).value("code");
    assert_eq!(running.redeem(&code).await.status, 200);
    // The parameters are in one place.
    let both = Request::form(&format!("{target}?{query}"), query.clone());
    browser.send(both).await.assert_refused_page("invalid_request");
    let json = Request::new("POST", target).header("content-type", "application/json").body("{}");
    let answer = browser.send(json).await;
    assert_eq!((answer.status, answer.header("location")), (415, None));
    let evil = Request::form(target, request("web", "https://evil.test/", ""));
    browser.send(evil).await.assert_refused_page("invalid_request");
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
        let answer = browser.send(Request::new(method, &format!("{target}?{query}"))).await;
        assert_eq!((answer.status, answer.header("location")), (405, None), "{method}");
    }
}

/// `prompt=none` never shows a page: the client is told what would have been asked.
#[tokio::test]
async fn prompt_none_asks_nobody() {
    let running = RunningPortal::start().await;
    let silent = request("web", WEB_CALLBACK, "&scope=read&state=s&prompt=none");
    let answer = Answer::of(&ask(&mut running.browser(), &silent).await);
    answer.assert_error(WEB_CALLBACK, "login_required", "s");
    let mut browser = running.signed_in("alice").await;
    let answer = Answer::of(&ask(&mut browser, &silent).await);
    answer.assert_error(WEB_CALLBACK, "consent_required", "s");
    running.authorize(&mut browser, &request("web", WEB_CALLBACK, "&scope=read")).await;
    let answer = Answer::of(&ask(&mut browser, &silent).await);
    assert_eq!(running.redeem(&answer.value("code")).await.status, 200);
    // More than was agreed to.
    let more = request("web", WEB_CALLBACK, "&scope=read+write&state=s&prompt=none");
    Answer::of(&ask(&mut browser, &more).await).assert_error(WEB_CALLBACK, "consent_required", "s");
    // Another client, and a person who is disabled since.
    let other = request("other", "https://other.example/cb", "&scope=read&state=s&prompt=none");
    let answer = Answer::of(&ask(&mut browser, &other).await);
    answer.assert_error("https://other.example/cb", "consent_required", "s");
    running.portal.journal.disable("u-alice");
    Answer::of(&ask(&mut browser, &silent).await).assert_error(WEB_CALLBACK, "login_required", "s");
}

/// RFC 8252 section 8.6: an application that anybody can pass for is asked about every time.
#[tokio::test]
async fn an_application_on_a_device_is_asked_about_every_time() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    for _ in 0..2 {
        let answer = ask(&mut browser, &request("native", NATIVE_CALLBACK, "&scope=read")).await;
        let consent = leads_to(&answer, "/consent?");
        let page = browser.get(&consent).await;
        let answer = Answer::of(&browser.decide(&page, &consent, "allow").await);
        assert_eq!(answer.names(), ["code", "iss"]);
    }
    let silent = request("native", NATIVE_CALLBACK, "&scope=read&state=s&prompt=none");
    let answer = Answer::of(&ask(&mut browser, &silent).await);
    answer.assert_error(NATIVE_CALLBACK, "consent_required", "s");
}

/// `prompt=login` asks for the password again, once, and whoever gives one is signed in afterwards.
#[tokio::test]
async fn prompt_login_asks_for_the_password_again() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    running.authorize(&mut browser, &request("web", WEB_CALLBACK, "&scope=read")).await;
    for prompt in ["login", "select_account"] {
        let query = request("web", WEB_CALLBACK, &format!("&scope=read&prompt={prompt}&state=s"));
        let sign_in = leads_to(&ask(&mut browser, &query).await, "/login?");
        assert!(!sign_in.contains("prompt="), "{sign_in}");
        let before = browser.cookies.clone();
        let page = browser.get(&sign_in).await;
        assert!(page.body.contains("<h1>Sign in</h1>"), "{page:?}");
        let answer = browser.sign_in(&page, &sign_in, "alice", "alice-password").await;
        let back = leads_to(&answer, "/oauth/authorize?");
        assert_ne!(browser.cookies, before);
        let answer = Answer::of(&browser.get(&back).await);
        assert_eq!(answer.names(), ["code", "state", "iss"]);
    }
    // With `consent` besides, both are asked, in this order.
    let query = request("web", WEB_CALLBACK, "&scope=read&prompt=login+consent");
    let sign_in = leads_to(&ask(&mut browser, &query).await, "/login?");
    assert!(sign_in.ends_with("&prompt=consent"), "{sign_in}");
    let page = browser.get(&sign_in).await;
    let back = leads_to(&browser.sign_in(&page, &sign_in, "bob", "bob-password").await, "/oauth/authorize?");
    let consent = leads_to(&browser.get(&back).await, "/consent?");
    let page = browser.get(&consent).await;
    assert!(page.body.contains("<bdi>bob</bdi>"), "{page:?}");
    let code = Answer::of(&browser.decide(&page, &consent, "allow").await).value("code");
    assert_eq!(running.redeem(&code).await.status, 200);
}

/// `prompt=consent` asks again what has been agreed to.
#[tokio::test]
async fn prompt_consent_asks_again() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    running.authorize(&mut browser, &request("web", WEB_CALLBACK, "&scope=read")).await;
    let query = request("web", WEB_CALLBACK, "&scope=read&state=s&prompt=consent");
    for decision in ["allow", "deny"] {
        let consent = leads_to(&ask(&mut browser, &query).await, "/consent?");
        let page = browser.get(&consent).await;
        let answer = Answer::of(&browser.decide(&page, &consent, decision).await);
        match decision {
            "allow" => assert_eq!(answer.names(), ["code", "state", "iss"]),
            _ => answer.assert_error(WEB_CALLBACK, "access_denied", "s"),
        }
    }
    // To refuse once is not to take back.
    let answer = ask(&mut browser, &request("web", WEB_CALLBACK, "&scope=read")).await;
    assert_eq!(Answer::of(&answer).names(), ["code", "iss"]);
}

/// `login_hint` fills in the user name, as text.
#[tokio::test]
async fn a_login_hint_fills_in_the_user_name() {
    let running = RunningPortal::start().await;
    for (hint, shown) in [
        ("alice", "value=\"alice\""),
        ("a b&c=d", "value=\"a b&#38;c=d\""),
        ("\"><script>x</script>", "value=\"&#34;&#62;&#60;script&#62;x&#60;/script&#62;\""),
    ] {
        let query = request("web", WEB_CALLBACK, &format!("&login_hint={}", encoded(hint)));
        let mut browser = running.browser();
        let sign_in = leads_to(&ask(&mut browser, &query).await, "/login?");
        let page = browser.get(&sign_in).await;
        assert!(page.body.contains(shown) && !page.body.contains("<script"), "{shown}: {page:?}");
        // It only fills in: the password decides.
        let answer = browser.sign_in(&page, &sign_in, "bob", "bob-password").await;
        leads_to(&answer, "/oauth/authorize?");
    }
    // A name that was typed in stays, and the hint does not come back.
    let query = request("web", WEB_CALLBACK, "&login_hint=alice");
    let mut browser = running.browser();
    let sign_in = leads_to(&ask(&mut browser, &query).await, "/login?");
    let page = browser.get(&sign_in).await;
    let page = browser.sign_in(&page, &sign_in, "carol", "wrong").await;
    assert!(page.status == 403 && page.body.contains("value=\"carol\""), "{page:?}");
}

/// The pages call a client by its name, and a name is text.
#[tokio::test]
async fn a_client_is_called_by_its_name() {
    let running = RunningPortal::start().await;
    let shop = Client { client_name: Some("<b>Shop</b>".into()), ..client("shop", &[WEB_CALLBACK]) };
    running.portal.clients().ensure(shop).await.unwrap();
    let mut browser = running.signed_in("alice").await;
    let consent = leads_to(&ask(&mut browser, &request("shop", WEB_CALLBACK, "")).await, "/consent?");
    let page = browser.get(&consent).await;
    assert!(page.body.contains("&#60;b&#62;Shop&#60;/b&#62;") && !page.body.contains("<b>"), "{page:?}");
}
