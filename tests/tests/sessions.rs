//! Who is signed in where: the cookie, its row, and when both end.

use oauth2_runtime::prelude::*;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::Response;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};

const COOKIE: &str = "oauth2_session";

fn location(answer: &Response) -> &str {
    answer.header("location").unwrap_or_else(|| panic!("{answer:?}"))
}

/// Where the browser is sent with an authorization request.
async fn next(browser: &mut Browser) -> String {
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    location(&answer).split('?').next().unwrap().to_owned()
}

async fn sessions(running: &RunningPortal) -> i64 {
    running.database.number("SELECT COUNT(*) FROM oauth2_session").await
}

/// Opens the page and signs in; the cookie that the page set, and the one of the answer.
async fn cookies(issuer: &str, path: &str, origin: &str) -> [String; 2] {
    let running = RunningPortal::start_as(issuer).await;
    let mut browser = running.browser();
    let target = format!("{path}/login");
    let page = browser.get(&target).await;
    assert_eq!(page.status, 200, "{page:?}");
    let hidden = hidden_fields(&page.body);
    let fields =
        [(hidden[0].0.as_str(), hidden[0].1.as_str()), ("username", "alice"), ("password", "alice-password")];
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = oauth2_tests::http::Request::form(&target, body).header("origin", origin);
    let answer = browser.send(request).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some(target.as_str())), "{answer:?}");
    assert!(browser.get(&target).await.body.contains("<h1>You are signed in</h1>"));
    [page, answer].map(|answer| answer.header("set-cookie").unwrap().to_owned())
}

#[tokio::test]
async fn the_cookie_is_as_narrow_as_the_issuer_allows() {
    for (issuer, path, name, attributes) in [
        ("http://127.0.0.1", "", "oauth2_session", "; Path=/; HttpOnly; SameSite=Lax"),
        ("http://127.0.0.1:8080/t", "/t", "oauth2_session_t", "; Path=/t; HttpOnly; SameSite=Lax"),
        ("https://id.example", "", "__Host-oauth2_session", "; Path=/; HttpOnly; SameSite=Lax; Secure"),
        (
            "https://id.example/tenant",
            "/tenant",
            "__Secure-oauth2_session_tenant",
            "; Path=/tenant; HttpOnly; SameSite=Lax; Secure",
        ),
    ] {
        let origin = issuer.strip_suffix(path).unwrap();
        let mut seen = Vec::new();
        for cookie in cookies(issuer, path, origin).await {
            let (pair, rest) = cookie.split_at(cookie.find(';').unwrap());
            let value = pair.strip_prefix(&format!("{name}=")).unwrap_or_else(|| panic!("{cookie}"));
            assert_eq!((value.len(), rest), (50, attributes), "{cookie}");
            assert!(value.starts_with("si_"), "{cookie}");
            seen.push(value.to_owned());
        }
        assert_ne!(seen[0], seen[1]);
    }
}

#[tokio::test]
async fn a_person_stays_signed_in_for_twelve_hours() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    running.clock.step(12 * 3_600 - 1);
    assert_eq!(next(&mut browser).await, "/consent");
    assert!(browser.get("/login").await.body.contains("<h1>You are signed in</h1>"));
    running.clock.step(1);
    assert_eq!(next(&mut browser).await, "/login");
    let page = browser.get("/login").await;
    assert!(page.body.contains("<h1>Sign in</h1>"), "{}", page.body);
    // Use does not make it longer, and the old identifier may serve the form of the next sign-in.
    let answer = browser.sign_in(&page, "/login", "alice", "alice-password").await;
    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!(next(&mut browser).await, "/consent");
    assert_eq!(sessions(&running).await, 1);
}

/// What the consent page and its form are worth ends with the session.
#[tokio::test]
async fn a_consent_form_ends_with_the_session() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let target = format!("/consent?{}", request("web", WEB_CALLBACK, "&scope=read"));
    let page = browser.get(&target).await;
    running.clock.step(12 * 3_600);
    let answer = browser.decide(&page, &target, "allow").await;
    assert_eq!(answer.status, 303);
    assert!(location(&answer).starts_with("/login?response_type=code"), "{answer:?}");
    assert_eq!(running.database.number("SELECT COUNT(*) FROM portal_code").await, 0);
}

#[tokio::test]
async fn the_database_has_a_digest_only() {
    let running = RunningPortal::start().await;
    let browser = running.signed_in("alice").await;
    let value = browser.cookies[COOKIE].clone();
    let row = "SELECT typeof(session) || ' ' || length(session) || ' ' || subject || ' ' || signed_in_at || ' ' || \
               expires_at FROM oauth2_session";
    assert_eq!(running.database.texts(row).await, ["blob 32 u-alice 1800000000 1800043200"]);
    let files = std::fs::read_dir(running.database.folder()).unwrap();
    let stored: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    let has = |text: &[u8]| stored.windows(text.len()).any(|window| window == text);
    assert!(has(b"u-alice") && !has(value.as_bytes()) && !has(&value.as_bytes()[3..20]));
}

/// S83: an identifier that somebody planted in the browser, or saw, before the sign-in is worth nothing after it.
#[tokio::test]
async fn signing_in_changes_the_identifier() {
    let running = RunningPortal::start().await;
    let mut attacker = running.browser();
    let page = attacker.get("/login").await;
    let mut victim = attacker.clone();
    let answer = victim.sign_in(&page, "/login", "alice", "alice-password").await;
    assert_eq!(answer.status, 303);
    assert_ne!(victim.cookies, attacker.cookies);
    assert_eq!(next(&mut victim).await, "/consent");
    assert_eq!(next(&mut attacker).await, "/login");
}

/// S83: also where somebody signs in again, and another person: no session outlives the next one in its browser.
#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    for (number, name) in ["alice", "bob"].into_iter().enumerate() {
        let mut before = browser.clone();
        let target = format!("/login?{}", request("web", WEB_CALLBACK, "&scope=read"));
        let page = browser.get(&target).await;
        assert_eq!((page.status, page.header("set-cookie")), (200, None), "the identifier is known");
        let answer = browser.sign_in(&page, &target, name, &format!("{name}-password")).await;
        assert!(location(&answer).starts_with("/oauth/authorize?"), "{number}");
        assert_ne!(browser.cookies, before.cookies);
        assert_eq!(next(&mut before).await, "/login");
        assert_eq!(next(&mut browser).await, "/consent");
        let subjects = running.database.texts("SELECT subject FROM oauth2_session").await;
        assert_eq!(subjects, [format!("u-{name}")]);
    }
}

/// A wrong password neither ends nor changes what is there.
#[tokio::test]
async fn a_failed_attempt_changes_nothing() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let before = browser.cookies.clone();
    let target = format!("/login?{}", request("web", WEB_CALLBACK, ""));
    let page = browser.get(&target).await;
    let answer = browser.sign_in(&page, &target, "bob", "wrong").await;
    assert_eq!((answer.status, answer.header("set-cookie")), (403, None));
    assert_eq!(browser.cookies, before);
    assert_eq!(next(&mut browser).await, "/consent");
}

/// S83: what has not the form of an identifier is replaced. One that has it is none of a session before a sign-in, which makes
/// a new one.
#[tokio::test]
async fn an_identifier_without_the_form_of_one_is_replaced() {
    let running = RunningPortal::start().await;
    for planted in ["evil", "", "si_", &format!("si_{}", "A".repeat(47)), &"x".repeat(4_000)] {
        let mut browser = running.browser();
        browser.cookies.insert(COOKIE.into(), planted.into());
        assert_eq!(next(&mut browser).await, "/login");
        let page = browser.get("/login").await;
        assert_ne!(browser.cookies[COOKIE], planted);
        let answer = browser.sign_in(&page, "/login", "alice", "alice-password").await;
        assert_eq!(answer.status, 303, "{planted}");
    }
}

/// Another host of the domain can add a cookie of the same name, and nobody knows which of the two is ours.
#[tokio::test]
async fn two_different_cookies_are_no_session() {
    let running = RunningPortal::start().await;
    let (alice, bob) = (running.signed_in("alice").await, running.signed_in("bob").await);
    let target = format!("/oauth/authorize?{}", request("web", WEB_CALLBACK, "&scope=read"));
    let own = format!("{COOKIE}={}", alice.cookies[COOKIE]);
    for (cookie, expected) in [
        (format!("{own}; {own}"), "/consent?"),
        (format!("{own}; {COOKIE}={}", bob.cookies[COOKIE]), "/login?"),
        (format!("{COOKIE}=; {own}"), "/login?"),
        (format!("other=1; {own}"), "/consent?"),
        (format!("other=\u{e9}; {own}"), "/consent?"),
    ] {
        let request = oauth2_tests::http::Request::get(&target).header("cookie", &cookie);
        let answer = running.send(request).await;
        assert!(location(&answer).starts_with(expected), "{cookie}: {answer:?}");
    }
}

/// S83: all browsers of one person, and of nobody else.
#[tokio::test]
async fn a_person_can_be_signed_out() {
    let running = RunningPortal::start().await;
    let mut one = running.signed_in("alice").await;
    let mut two = running.signed_in("alice").await;
    let mut bob = running.signed_in("bob").await;
    // What was opened before is worth nothing after it.
    let target = format!("/consent?{}", request("web", WEB_CALLBACK, "&scope=read"));
    let page = one.get(&target).await;
    assert_eq!(page.status, 200);
    assert_eq!(running.portal.people().sign_out(&Subject::from("u-alice")).await.unwrap(), 2);
    let answer = one.decide(&page, &target, "allow").await;
    assert_eq!((answer.status, location(&answer)), (303, target.replace("/consent?", "/login?").as_str()));
    assert_eq!(running.database.number("SELECT COUNT(*) FROM portal_code").await, 0);
    assert_eq!(next(&mut one).await, "/login");
    assert_eq!(next(&mut two).await, "/login");
    assert_eq!(next(&mut bob).await, "/consent");
    assert_eq!(running.portal.people().sign_out(&Subject::from("u-alice")).await.unwrap(), 0);
}

#[tokio::test]
async fn somebody_disabled_since_has_to_sign_in_and_cannot() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    running.portal.journal.disable("u-alice");
    assert_eq!(next(&mut browser).await, "/login");
    let page = browser.get(&format!("/login?{}", request("web", WEB_CALLBACK, ""))).await;
    assert!(page.body.contains("<h1>Sign in</h1>"));
    let page = running.browser().get("/login").await;
    let answer = running.browser().sign_in(&page, "/login", "alice", "alice-password").await;
    assert_eq!((answer.status, answer.header("location")), (403, None));
}
