//! What a browser is sent, and where to: nothing that somebody else chose, and nothing that somebody else can read (RFC 9700
//! sections 4.2, 4.3, 4.11 and 4.12).

use oauth2_tests::answer::Answer;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, VERIFIER, WEB_CALLBACK, request};
use oauth2_tests::running::Tokens;

const COOKIE: &str = "oauth2_session";

/// S13: after signing in a person comes to the request they came from, or to the page itself, whatever else is asked for.
#[tokio::test]
async fn s13_signing_in_leads_to_own_pages_only() {
    for (issuer, path) in [("http://127.0.0.1", ""), ("http://127.0.0.1/tenant", "/tenant")] {
        let running = RunningPortal::start_as(issuer).await;
        let places = [
            "/%5Cevil.test",
            "//evil.test",
            "https:evil.test",
            "https://evil.test/",
            "%09//evil.test",
            "/%09/evil.test",
            "%5C%5Cevil.test",
            "javascript:alert(1)",
            "%0D%0Alocation:%20https://evil.test",
        ];
        for place in places {
            for name in ["return_to", "next", "redirect", "continue", "url", "redirect_uri"] {
                let target = format!("{path}/login?{name}={place}");
                let mut browser = running.browser();
                let page = browser.get(&target).await;
                let answer = browser.sign_in(&page, &target, "alice", "alice-password").await;
                let login = format!("{path}/login");
                assert_eq!(
                    (answer.status, answer.header("location")),
                    (303, Some(login.as_str())),
                    "{target}"
                );
            }
            let query = request("web", WEB_CALLBACK, &format!("&return_to={place}"));
            let target = format!("{path}/login?{query}");
            let mut browser = running.browser();
            let page = browser.get(&target).await;
            let answer = browser.sign_in(&page, &target, "alice", "alice-password").await;
            let back = format!("{path}/oauth/authorize?{query}");
            assert_eq!((answer.status, answer.header("location")), (303, Some(back.as_str())), "{target}");
        }
    }
}

/// A browser that remembers every answer, of one person's whole way and some detours.
struct Walk {
    browser: Browser,
    answers: Vec<(&'static str, Response)>,
}

impl Walk {
    async fn get(&mut self, target: &str) -> Response {
        let answer = self.browser.get(target).await;
        self.answers.push(("GET", answer.clone()));
        answer
    }

    fn posted(&mut self, answer: Response) -> Response {
        self.answers.push(("POST", answer.clone()));
        answer
    }

    /// Everything there is to see, once; the code at the end.
    async fn everything(running: &RunningPortal, mode: &str) -> (Self, String) {
        let mut walk = Self { browser: running.browser(), answers: Vec::new() };
        let query = request("web", WEB_CALLBACK, &format!("&scope=read&state=s{mode}"));
        let authorize = format!("/oauth/authorize?{query}");
        let sign_in = walk.get(&authorize).await.header("location").unwrap().to_owned();
        let page = walk.get(&sign_in).await;
        let page = walk.browser.sign_in(&page, &sign_in, "alice", "wrong").await;
        walk.posted(page.clone());
        let stale = walk.browser.post(&sign_in, &[("username", "alice"), ("password", "x")]).await;
        walk.posted(stale);
        let answer = walk.browser.sign_in(&page, &sign_in, "alice", "alice-password").await;
        let back = walk.posted(answer).header("location").unwrap().to_owned();
        let consent = walk.get(&back).await.header("location").unwrap().to_owned();
        let page = walk.get(&consent).await;
        let forged = walk.browser.post(&consent, &[("decision", "allow")]).await;
        walk.posted(forged);
        let answer = walk.browser.decide(&page, &consent, "deny").await;
        walk.posted(answer);
        let answer = walk.browser.decide(&page, &consent, "allow").await;
        let code = Answer::in_mode(mode, &walk.posted(answer)).value("code");
        let answer = walk.browser.send(Request::form("/oauth/authorize", query)).await;
        walk.posted(answer);
        walk.get("/login").await;
        walk.get("/oauth/authorize?client_id=nobody").await;
        (walk, code)
    }
}

/// S14: the browser is sent on with a GET, so no password and no decision goes along.
#[tokio::test]
async fn s14_posts_are_answered_with_303() {
    let running = RunningPortal::start().await;
    let (walk, _) = Walk::everything(&running, "").await;
    let redirects: Vec<_> =
        walk.answers.iter().filter(|(_, answer)| answer.header("location").is_some()).collect();
    assert_eq!(redirects.iter().filter(|(method, _)| *method == "POST").count(), 4);
    for (method, answer) in redirects {
        assert_eq!((answer.status, answer.body.as_str()), (303, ""), "{method} {answer:?}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert!(walk.answers.iter().all(|(_, answer)| ![301, 302, 307, 308].contains(&answer.status)));
}

/// S15: a page tells nobody its address, and loads nothing from anywhere.
#[tokio::test]
async fn s15_pages_have_no_referrer_and_load_nothing() {
    let mut seen = 0;
    for mode in ["", "&response_mode=form_post"] {
        let running = RunningPortal::start().await;
        let (walk, _) = Walk::everything(&running, mode).await;
        for (_, page) in walk.answers.iter().filter(|(_, answer)| !answer.body.is_empty()) {
            seen += 1;
            for (name, value) in [
                ("content-type", "text/html; charset=utf-8"),
                ("referrer-policy", "no-referrer"),
                ("cache-control", "no-store"),
                ("x-frame-options", "DENY"),
            ] {
                assert_eq!(page.header(name), Some(value), "{page:?}");
            }
            let policy = page.header("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none';"), "{policy}");
            // The client's address, and ours, are text: where the form leads, and who answers.
            let form = format!("action=\"{WEB_CALLBACK}\"");
            let body = page.body.replace(&form, "").replace("value=\"http://127.0.0.1\"", "");
            // So is the one link, to our own page, which a person follows.
            let body = body.replace("<a id=\"sign-in-again\" href=\"/login?", "");
            for way in [
                "src=",
                "href=",
                "url(",
                "@import",
                "<link",
                "<img",
                "<iframe",
                "<object",
                "http-equiv",
                "//",
            ] {
                assert!(!body.contains(way), "{way}: {page:?}");
            }
        }
    }
    assert!(seen >= 16, "{seen}");
}

/// S15, S39: no token, no session and no secret is in any address that the server makes; the code is in the client's only.
#[tokio::test]
async fn s39_no_address_has_a_token() {
    for mode in ["", "&response_mode=form_post"] {
        let running = RunningPortal::start().await;
        let (walk, code) = Walk::everything(&running, mode).await;
        let tokens = Tokens::of(&running.redeem(&code).await);
        let session = walk.browser.cookies[COOKIE].clone();
        let form_tokens = walk.answers.iter().flat_map(|(_, answer)| hidden_fields(&answer.body));
        let form_tokens: Vec<_> = form_tokens.filter(|(name, _)| name == "form_token").collect();
        assert!(form_tokens.len() >= 4);
        let mut secrets =
            vec![tokens.access, tokens.refresh, session, VERIFIER.into(), running.web.secret.clone()];
        secrets.extend(form_tokens.into_iter().map(|(_, value)| value));
        for (_, answer) in &walk.answers {
            let location = answer.header("location").unwrap_or_default();
            assert!(secrets.iter().all(|secret| !location.contains(secret)), "{location}");
            let to_client = location.starts_with(WEB_CALLBACK) || answer.body.contains("action=\"https://");
            assert!(to_client || !location.contains("ac_"), "{location}");
            // What is random, and may be there, may read like the beginning of anything.
            let fields = hidden_fields(&answer.body).into_iter();
            let random = fields.filter(|(name, _)| name == "form_token" || to_client && name == "code");
            let body = random.fold(answer.body.clone(), |body, (_, value)| body.replace(&value, ""));
            // No page shows a session either: scripts could not read the cookie, but they could read that.
            assert!(
                ["ac_", "si_", "at_", "rt_", "cs_"].iter().all(|prefix| !body.contains(prefix)),
                "{answer:?}"
            );
        }
    }
}

/// S39: nor does it look at a token in an address, or at credentials there.
#[tokio::test]
async fn s39_a_token_in_an_address_is_not_looked_at() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    let whoami = format!("/whoami?access_token={}", tokens.access);
    let answer = running.send(Request::get(&whoami)).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"http://127.0.0.1\""));
    let body = format!("access_token={}", tokens.access);
    let form =
        Request::new("GET", "/whoami").header("content-type", "application/x-www-form-urlencoded").body(body);
    assert_eq!(running.send(form).await.status, 401);
    let query = format!("token={}&client_id=web&client_secret={}", tokens.access, running.web.secret);
    for path in ["/oauth/introspect", "/oauth/revoke", "/oauth/token"] {
        let target = format!("{path}?{query}");
        assert_eq!(running.send(Request::get(&target)).await.status, 405);
        let answer = running.send(Request::form(&target, "")).await;
        answer.assert_error(400, "invalid_request", "parameters go into the body, not into the URL");
    }
    assert!(running.is_active(&tokens.access).await);
}
