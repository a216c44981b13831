//! The page where people are asked for their consent, and forms that were not shown by it.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    CHALLENGE, NATIVE_CALLBACK, RunningPortal, WEB_CALLBACK, client, encoded, parameters, redemption,
    request, value,
};
use oauth2_tests::provider::Access;

const FOREIGN: &str = "this form was not shown to this browser for this request";

fn target() -> String {
    format!("/consent?{}", request("web", WEB_CALLBACK, "&scope=read&state=s"))
}

async fn form_token(browser: &mut Browser, target: &str) -> String {
    let page = browser.get(target).await;
    assert_eq!(page.status, 200, "{page:?}");
    let hidden = hidden_fields(&page.body);
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    hidden[0].1.clone()
}

async fn assert_no_code(running: &RunningPortal) {
    assert_eq!(running.database.number("SELECT COUNT(*) FROM portal_code").await, 0);
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_consent").await, 0);
}

async fn assert_refused(running: &RunningPortal, answer: &Response) {
    assert_eq!((answer.status, answer.header("location")), (403, None), "{answer:?}");
    assert!(answer.body.contains(FOREIGN) && !answer.body.contains("<form"), "{}", answer.body);
    assert_no_code(running).await;
    assert!(running.portal.journal.signals().is_empty());
}

/// S80: another site's form, also one with a token of the attacker's own session.
#[tokio::test]
async fn a_form_without_this_sessions_token_grants_nothing() {
    let running = RunningPortal::start().await;
    let mut victim = running.signed_in("alice").await;
    let stolen = form_token(&mut running.signed_in("mallory").await, &target()).await;
    let same_person = form_token(&mut running.signed_in("alice").await, &target()).await;
    let own = form_token(&mut victim, &target()).await;
    let before = format!("form_token={}&decision=allow", own.get(1..).unwrap());
    for body in [
        "decision=allow".to_owned(),
        "decision=deny".to_owned(),
        "form_token=&decision=allow".to_owned(),
        format!("form_token={stolen}&decision=allow"),
        format!("form_token={same_person}&decision=allow"),
        before,
        String::new(),
    ] {
        assert_refused(&running, &victim.send(Request::form(&target(), body)).await).await;
    }
}

/// S80: a token from before a sign-in, of the sign-in page, and of another request.
#[tokio::test]
async fn a_form_is_good_for_its_own_page_and_request_only() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let own = form_token(&mut browser, &target()).await;
    let allow = |token: &str| format!("form_token={token}&decision=allow");
    for other in [
        target().replace("scope=read", "scope=admin"),
        target().replace("state=s", "state=t"),
        target().replace("E9M", "E9N"),
        format!("{}&x", target()),
        target().replace("%3A", "%3a"),
    ] {
        assert_refused(&running, &browser.send(Request::form(&other, allow(&own))).await).await;
    }
    let login = target().replace("/consent", "/login");
    let page = browser.get(&login).await;
    let of_sign_in = hidden_fields(&page.body)[0].1.clone();
    assert_refused(&running, &browser.send(Request::form(&target(), allow(&of_sign_in))).await).await;
    let answer = browser.sign_in(&page, &login, "alice", "alice-password").await;
    assert_eq!(answer.status, 303);
    assert_refused(&running, &browser.send(Request::form(&target(), allow(&own))).await).await;
}

/// S80: the browser says that another site made it send the form.
#[tokio::test]
async fn a_form_from_another_origin_grants_nothing() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let body = format!("form_token={}&decision=allow", form_token(&mut browser, &target()).await);
    for (name, value) in [
        ("origin", "https://evil"),
        ("origin", "https://127.0.0.1"),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let request = Request::form(&target(), body.clone()).header(name, value);
        assert_refused(&running, &browser.send(request).await).await;
    }
    // `null` is what the browser says of our own page, which hides its address.
    let answer = browser.send(Request::form(&target(), body).header("origin", "null")).await;
    assert_eq!(answer.status, 303, "{answer:?}");
}

/// S80: a person agrees to what the page said and to nothing else, also where the request leaves it to the client's row and
/// that was changed while the page was open.
#[tokio::test]
async fn nobody_agrees_to_what_they_were_not_shown() {
    let running = RunningPortal::start().await;
    let shown = || Client {
        scope: ScopeSet::parse("read").unwrap(),
        client_name: Some("Printer".to_owned()),
        ..client("printer", &["https://printer.example/cb"])
    };
    let wider = Client { scope: ScopeSet::all(), ..shown() };
    let renamed = Client { client_name: Some("Bank".to_owned()), ..shown() };
    let moved = Client { redirect_uris: ["https://other.example/cb"].into_iter().collect(), ..shown() };
    let query =
        format!("client_id=printer&response_type=code&code_challenge_method=S256&code_challenge={CHALLENGE}");
    let target = format!("/consent?{query}");
    let mut browser = running.signed_in("alice").await;
    for changed in [wider, renamed, moved] {
        running.portal.clients().ensure(shown()).await.unwrap();
        let page = browser.get(&target).await;
        running.portal.clients().ensure(changed).await.unwrap();
        assert_refused(&running, &browser.decide(&page, &target, "allow").await).await;
        running.portal.clients().ensure(shown()).await.unwrap();
        let again = browser.get(&target).await;
        assert_eq!(hidden_fields(&again.body), hidden_fields(&page.body));
    }
    let page = browser.get(&target).await;
    assert_eq!(browser.decide(&page, &target, "allow").await.status, 303);
    assert_eq!(running.database.texts("SELECT scope FROM oauth2_consent").await, ["read"]);
}

/// S28: the page is nobody's without a session: its address gives an attacker, or a victim, nothing.
#[tokio::test]
async fn whoever_opens_the_address_is_asked_as_themselves() {
    let running = RunningPortal::start().await;
    let mut alice = running.signed_in("alice").await;
    let token = form_token(&mut alice, &target()).await;
    let body = format!("form_token={token}&decision=allow");
    let mut stranger = running.browser();
    for answer in [stranger.get(&target()).await, stranger.send(Request::form(&target(), body)).await] {
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location"), Some(target().replace("/consent", "/login").as_str()));
    }
    let page = running.signed_in("bob").await.get(&target()).await;
    assert!(
        page.body.contains("<bdi>bob</bdi>") && !page.body.contains("alice") && !page.body.contains(&token)
    );
    assert_no_code(&running).await;
}

/// S92: the request is that of the address, whatever else the form brings along.
#[tokio::test]
async fn other_fields_of_the_form_are_ignored() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let token = form_token(&mut browser, &target()).await;
    let body = format!(
        "form_token={token}&decision=allow&client_id=other&redirect_uri={}&scope=admin&response_type=token&state=evil\
         &code_challenge=x&response_mode=form_post&subject=u-bob&client_id=other",
        encoded("https://other.example/cb")
    );
    let answer = browser.send(Request::form(&target(), body)).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("https://web.example/cb?"), "{location}");
    let answered = parameters(location);
    assert_eq!(value(&answered, "state"), "s");
    let rows = "SELECT client_id || ' ' || subject || ' ' || scope FROM portal_code";
    assert_eq!(running.database.texts(rows).await, ["web u-alice read"]);
    let redeemed = running.token(&running.web, &redemption(&value(&answered, "code"))).await;
    assert_eq!(redeemed.json()["scope"], "read");
    assert_eq!(running.portal.journal.signals()[0], "consent_granted web u-alice `read`");
}

#[tokio::test]
async fn a_decision_is_one_of_two() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let token = form_token(&mut browser, &target()).await;
    for decision in ["", "&decision=", "&decision=ALLOW", "&decision=yes", "&decision=allow&decision=allow"] {
        let answer = browser.send(Request::form(&target(), format!("form_token={token}{decision}"))).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{decision}");
        assert_no_code(&running).await;
    }
}

#[tokio::test]
async fn the_client_is_told_of_a_refusal() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    for _ in 0..2 {
        let page = browser.get(&target()).await;
        let answer = browser.decide(&page, &target(), "deny").await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (
                303,
                Some(
                    "https://web.example/cb?error=access_denied&error_description=the+person+has+refused&state=s\
                     &iss=http%3A%2F%2F127.0.0.1#"
                )
            )
        );
        assert_eq!(running.portal.journal.signals(), ["consent_denied web u-alice `read`"]);
        assert_no_code(&running).await;
    }
}

/// S35: between the page and the decision.
#[tokio::test]
async fn somebody_disabled_meanwhile_grants_nothing() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let page = browser.get(&target()).await;
    running.portal.journal.disable("u-alice");
    let answer = browser.decide(&page, &target(), "allow").await;
    let answered = parameters(answer.header("location").unwrap());
    assert_eq!(value(&answered, "error"), "access_denied");
    assert_no_code(&running).await;
    assert!(running.portal.journal.signals().is_empty());
}

async fn approve(running: &RunningPortal, browser: &mut Browser, query: &str) {
    let answered = running.authorize(browser, query).await;
    assert!(value(&answered, "code").starts_with("ac_"));
}

/// S81: whoever listens on a port of the device, or has claimed the scheme, may send the identifier of an application
/// that was approved before.
#[tokio::test]
async fn a_public_client_on_the_device_is_approved_each_time() {
    let running = RunningPortal::start().await;
    let native = client("scheme", &["com.example.app:/cb"]);
    running.portal.clients().ensure(native).await.unwrap();
    for (id, uri) in [("native", "http://127.0.0.1:7/cb"), ("scheme", "com.example.app:/cb")] {
        let mut browser = running.signed_in("alice").await;
        let query = request(id, uri, "&scope=read");
        for _ in 0..2 {
            approve(&running, &mut browser, &query).await;
            let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
            assert!(answer.header("location").unwrap().starts_with("/consent?"), "{answer:?}");
            let answer = browser.get(&format!("/oauth/authorize?{query}&prompt=none")).await;
            let location = answer.header("location").unwrap();
            assert!(location.starts_with(&format!("{uri}?error=consent_required&")), "{location}");
        }
    }
    assert_eq!(
        running.database.texts("SELECT DISTINCT client_id FROM oauth2_consent ORDER BY 1").await,
        ["native", "scheme"]
    );
}

/// S81: the same client with a secret, or with an address that leads to one host only, is asked for once.
#[tokio::test]
async fn a_client_that_is_certain_is_approved_once() {
    let running = RunningPortal::start().await;
    let spa = client("spa", &["https://spa.example/cb"]);
    running.portal.clients().ensure(spa).await.unwrap();
    let mut browser = running.signed_in("alice").await;
    for (id, uri) in [("web", WEB_CALLBACK), ("spa", "https://spa.example/cb")] {
        let query = request(id, uri, "&scope=read");
        approve(&running, &mut browser, &query).await;
        let answer = browser.get(&format!("/oauth/authorize?{query}&prompt=none")).await;
        assert!(answer.header("location").unwrap().starts_with(&format!("{uri}?code=ac_")), "{answer:?}");
        // More than was agreed to is asked for; the same agreement of another person is not theirs.
        let more = request(id, uri, "&scope=read+write");
        let answer = browser.get(&format!("/oauth/authorize?{more}")).await;
        assert!(answer.header("location").unwrap().starts_with("/consent?"), "{answer:?}");
        let mut other = running.signed_in("bob").await;
        let answer = other.get(&format!("/oauth/authorize?{query}&prompt=none")).await;
        assert!(answer.header("location").unwrap().contains("error=consent_required"), "{answer:?}");
        let answer = browser.get(&format!("/oauth/authorize?{query}&prompt=consent")).await;
        assert!(answer.header("location").unwrap().starts_with("/consent?"), "{answer:?}");
    }
}

/// What is agreed to in two steps is agreed to: together it is not asked for again.
#[tokio::test]
async fn agreements_add_up() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let agreed = "SELECT scope FROM oauth2_consent";
    for (scope, sum) in [("read", "read"), ("write", "read write")] {
        let query = request("web", WEB_CALLBACK, &format!("&scope={scope}"));
        let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
        assert!(answer.header("location").unwrap().starts_with("/consent?"), "{answer:?}");
        approve(&running, &mut browser, &query).await;
        assert_eq!(running.database.texts(agreed).await, [sum]);
    }
    for scope in ["read+write", "write+read", "read", "write"] {
        let query = request("web", WEB_CALLBACK, &format!("&scope={scope}"));
        let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
        let code = value(&parameters(answer.header("location").unwrap()), "code");
        let granted = running.redeem(&code).await.json()["scope"].as_str().unwrap().to_owned();
        assert_eq!(granted, if scope.contains('+') { "read write" } else { scope });
    }
    let more = request("web", WEB_CALLBACK, "&scope=read+write+admin");
    let answer = browser.get(&format!("/oauth/authorize?{more}")).await;
    assert!(answer.header("location").unwrap().starts_with("/consent?"), "{answer:?}");
    assert_eq!(running.database.texts(agreed).await, ["read write"]);
}

/// What a person agreed to ends with the client: another one of the same name is asked for.
#[tokio::test]
async fn a_client_that_was_deleted_is_asked_for_again() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = request("spa", "https://spa.example/cb", "&scope=read");
    let spa = || client("spa", &["https://spa.example/cb"]);
    running.portal.clients().ensure(spa()).await.unwrap();
    approve(&running, &mut browser, &query).await;
    assert!(running.portal.clients().delete(&"spa".into()).await.unwrap());
    running.portal.clients().ensure(spa()).await.unwrap();
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    assert!(answer.header("location").unwrap().starts_with("/consent?"), "{answer:?}");
}

/// Only what the page says is granted, in the words of the scopes' docs; and the destination is not the client's to name.
#[tokio::test]
async fn the_page_says_what_is_granted() {
    let running = RunningPortal::start().await;
    let named = Client::<Access> {
        client_name: Some("Your Bank".into()),
        ..client("named", &["https://evil.example:8443/bank.example"])
    };
    running.portal.clients().ensure(named).await.unwrap();
    let mut browser = running.signed_in("alice").await;
    let uri = "https://evil.example:8443/bank.example";
    let page = browser.get(&format!("/consent?{}", request("named", uri, "&scope=write"))).await;
    assert!(page.body.contains("<h1>Allow <bdi>Your Bank</bdi> to access your account?</h1>"));
    assert!(page.body.contains("<ul") && page.body.contains("<li>Upload, change and delete photos</li>"));
    assert_eq!(page.body.matches("<li>").count(), 1, "{}", page.body);
    assert!(page.body.contains("<bdi>evil.example</bdi>") && !page.body.contains("<bdi>bank.example"));
    let native =
        browser.get(&format!("/consent?{}", request("native", NATIVE_CALLBACK, "&scope=read"))).await;
    assert!(native.body.contains("<bdi>127.0.0.1 (this device)</bdi>"), "{}", native.body);
    let scheme = client("scheme", &["com.example.app:/cb"]);
    running.portal.clients().ensure(scheme).await.unwrap();
    let query = request("scheme", "com.example.app:/cb", "&scope=read");
    let scheme = browser.get(&format!("/consent?{query}")).await;
    let shown =
        "<dt>You will be sent to</dt><dd><bdi>com.example.app (an application on this device)</bdi></dd>";
    assert!(scheme.body.contains(shown), "{}", scheme.body);
}
