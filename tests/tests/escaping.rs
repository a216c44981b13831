//! What comes from outside and is shown to people: names of clients, and parameters.

use oauth2_runtime::models::Client;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, client, encoded, parameters, register, request};

/// Ends an attribute, a tag, a style and a script.
const MARKER: &str = "\"'></style></script><img src=x onerror=alert(1)>&lt;marker";

/// Where it would have to start to do harm.
#[track_caller]
fn assert_no_markup(answer: &Response) {
    for part in ["<img", "onerror=alert(1)>", "'></", "\"'>", "</script><"] {
        assert!(!answer.body.contains(part), "{part} in {}", answer.body);
    }
    for (name, value) in answer.headers.iter().filter(|(name, _)| name != "location") {
        assert!(!value.contains("onerror") && !value.contains("marker"), "{name}: {value}");
    }
    if let Some(location) = answer.header("location") {
        assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "{location}");
        assert!(!location.contains(['<', '>', '"', '\'']), "{location}");
    }
}

/// Asserts that the client is told nothing of what was sent but its state, in a redirect and in a page that posts itself.
#[track_caller]
fn assert_only_the_state_is_echoed(answer: &Response) {
    let to_client = answer.header("location").filter(|location| location.starts_with(WEB_CALLBACK));
    let posted = answer.body.contains(&format!("action=\"{WEB_CALLBACK}"));
    let told = match to_client {
        Some(location) => parameters(location),
        None if posted => hidden_fields(&answer.body),
        None => return,
    };
    let told = told.iter().filter(|(name, _)| name != "state");
    let echoed: Vec<_> = told.filter(|(name, value)| format!("{name}{value}").contains("marker")).collect();
    assert!(echoed.is_empty(), "{echoed:?} in {answer:?}");
}

fn without(query: &str, name: &str) -> String {
    let kept = query.split('&').filter(|pair| pair.split('=').next() != Some(name));
    kept.collect::<Vec<_>>().join("&")
}

async fn named(running: &RunningPortal, name: &str) -> (Browser, String) {
    let client = Client { client_name: Some(name.to_owned()), ..client("named", &[WEB_CALLBACK]) };
    register(&running.portal, client).await;
    let browser = running.signed_in("alice").await;
    (browser, request("named", WEB_CALLBACK, "&scope=read"))
}

/// S87: on both pages that say it.
#[tokio::test]
async fn a_clients_name_is_text() {
    let running = RunningPortal::start().await;
    for name in [MARKER, "<img onerror=alert(1)>", "</bdi><script>alert(1)</script>", "a & b"] {
        let (mut browser, query) = named(&running, name).await;
        let escaped = name.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
        let escaped = escaped.replace('"', "&#34;").replace('\'', "&#39;");
        for path in ["/login", "/consent"] {
            let page = browser.get(&format!("{path}?{query}")).await;
            assert_eq!(page.status, 200);
            assert!(page.body.contains(&format!("<bdi>{escaped}</bdi>")), "{}", page.body);
            assert_no_markup(&page);
            assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'; "));
        }
    }
}

/// S87: what turns the text around it, cannot be seen, or fills the screen is left out.
#[tokio::test]
async fn a_clients_name_is_one_short_line() {
    let running = RunningPortal::start().await;
    for (name, shown) in [
        ("Bank\u{202e}gpj.exe\u{2066}\u{200b}".to_owned(), "Bankgpj.exe".to_owned()),
        ("Your\r\n\t Bank\u{2028}".to_owned(), "Your Bank".to_owned()),
        ("n".repeat(10 * 1_024), format!("{}…", "n".repeat(100))),
        ("\u{202e}\u{200b}".to_owned(), "named".to_owned()),
        (String::new(), "named".to_owned()),
    ] {
        let (mut browser, query) = named(&running, &name).await;
        for path in ["/login", "/consent"] {
            let page = browser.get(&format!("{path}?{query}")).await;
            assert!(page.body.contains(&format!("<bdi>{shown}</bdi>")), "{}", page.body);
            for unseen in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{2028}'] {
                assert!(!page.body.contains(unseen));
            }
        }
    }
}

/// S88: each parameter, at each place that reads a request, before and after a sign-in.
#[tokio::test]
async fn a_parameter_is_never_markup() {
    let running = RunningPortal::start().await;
    let mut signed_in = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read&state=s");
    for mode in ["", "&response_mode=form_post"] {
        let (counts, posted) = counted(&running, &mut signed_in, &format!("{query}{mode}")).await;
        // The login hint is the one parameter a page shows, in its field; there it is text. The consent page has a link with the
        // request as it came: four parameters that it takes or ignores, and one whose name is the marker too.
        assert_eq!(counts, (2, 6), "{mode}");
        // Answers for the client are pages only where it has asked for them.
        assert_eq!(posted > 0, !mode.is_empty(), "{mode}");
    }
    let page = running.browser().get(&format!("/login?{query}&login_hint={}", encoded(MARKER))).await;
    let field = page.body.split("name=\"username\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(
        field,
        "&#34;&#39;&#62;&#60;/style&#62;&#60;/script&#62;&#60;img src=x onerror=alert(1)&#62;&#38;lt;marker"
    );
}

/// Sends the request with the marker in each place; how often pages show it and link to it, and how many posted themselves.
async fn counted(running: &RunningPortal, signed_in: &mut Browser, query: &str) -> ((usize, usize), usize) {
    let (mut shown, mut linked, mut posted) = (0, 0, 0);
    for name in [
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "response_mode",
        "login_hint",
        "request",
        "request_uri",
        "nonce",
        "x",
        MARKER,
    ] {
        let query = format!("{}&{}={}", without(query, name), encoded(name), encoded(MARKER));
        let in_body = Request::form("/oauth/authorize", query.clone());
        let mut answers = vec![running.browser().send(in_body.clone()).await, signed_in.send(in_body).await];
        for path in ["/oauth/authorize", "/login", "/consent"] {
            let target = format!("{path}?{query}");
            answers.extend([
                running.browser().get(&target).await,
                signed_in.get(&target).await,
                signed_in
                    .send(Request::form(&target, format!("form_token={}&decision=allow", encoded(MARKER))))
                    .await,
                signed_in.send(Request::form(&target, format!("decision={}", encoded(MARKER)))).await,
            ]);
        }
        for answer in answers {
            assert!([200, 303, 400, 403].contains(&answer.status), "{name}: {answer:?}");
            assert_no_markup(&answer);
            assert_only_the_state_is_echoed(&answer);
            let link = answer.body.split_once("href=\"").map_or("", |(_, link)| link);
            let link = link.split('"').next().unwrap_or_default().matches("marker").count();
            linked += link;
            shown += answer.body.matches("marker").count() - link;
            posted += usize::from(answer.body.contains(&format!("action=\"{WEB_CALLBACK}")));
        }
    }
    ((shown, linked), posted)
}

/// S88: the same as no browser sends it, without percent-encoding. What is no URL at all is refused before.
#[tokio::test]
async fn a_parameter_that_is_not_encoded_is_never_markup() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read&state=s");
    let mut pages = 0;
    for raw in ["\"><b>", "'><b>", "\"onclick=alert(1)", "\"'`", "{{7*7}}", "[]|^\\", "</p>", "<b>"] {
        for path in ["/oauth/authorize", "/login", "/consent"] {
            let target = format!("{path}?{query}&login_hint={raw}&x={raw}");
            let answer = browser.get(&target).await;
            assert!([200, 303, 400].contains(&answer.status), "{answer:?}");
            pages += usize::from(answer.status == 200);
            for part in ["<b>", "\"onclick", "'>", "\"'`", "49", "</p></p>"] {
                let body = hidden_fields(&answer.body)
                    .iter()
                    .fold(answer.body.clone(), |body, (_, v)| body.replace(v, ""));
                let body = body.split("</style>").last().unwrap();
                assert!(!body.contains(part), "{raw}, {part}: {body}");
            }
        }
    }
    assert!(pages >= 4, "{pages}");
}

/// S88: what was typed comes back in the form as text, and the password never.
#[tokio::test]
async fn a_user_name_is_never_markup() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let page = browser.get("/login").await;
    let answer = browser.sign_in(&page, "/login", MARKER, "hunter2-canary").await;
    assert_eq!(answer.status, 403);
    assert_no_markup(&answer);
    assert!(answer.body.contains("marker") && !answer.body.contains("hunter2"), "{}", answer.body);
    let stale = Request::form("/login", format!("username={}&password=hunter2-canary", encoded(MARKER)));
    let answer = browser.send(stale).await;
    assert_no_markup(&answer);
    assert!(answer.body.contains("marker") && !answer.body.contains("hunter2"), "{}", answer.body);
    // A subject can be anything an application calls its people by.
    let answer = browser.sign_in(&answer, "/login", MARKER, &format!("{MARKER}-password")).await;
    assert_eq!(answer.status, 303);
    for target in ["/login".to_owned(), format!("/consent?{}", request("web", WEB_CALLBACK, "&scope=read"))] {
        let page = browser.get(&target).await;
        assert_no_markup(&page);
        assert!(page.body.contains("marker"), "{}", page.body);
    }
}

/// S88: the page that posts an answer to the client has the state as text, and gives it back as it came.
#[tokio::test]
async fn a_state_in_a_form_is_text() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read&response_mode=form_post");
    let query = format!("{query}&state={}", encoded(MARKER));
    let target = format!("/consent?{query}");
    let page = browser.get(&target).await;
    for decision in ["allow", "deny"] {
        let answer = browser.decide(&page, &target, decision).await;
        assert_eq!(answer.status, 200);
        assert_no_markup(&answer);
        let fields = hidden_fields(&answer.body);
        assert!(fields.contains(&("state".to_owned(), MARKER.to_owned())), "{fields:?}");
    }
}

/// S88: no error of an endpoint for clients repeats what was sent.
#[tokio::test]
async fn errors_repeat_nothing() {
    let running = RunningPortal::start().await;
    let marker = encoded("marker\"\\<x>");
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
        for name in [
            "grant_type",
            "scope",
            "client_id",
            "client_secret",
            "token",
            "token_type_hint",
            "code",
            "redirect_uri",
            "code_verifier",
            "refresh_token",
            "x",
            "marker",
        ] {
            for base in
                ["", "grant_type=client_credentials&token=x", "grant_type=refresh_token&refresh_token=rt_x"]
            {
                let body = format!("{}&{name}={marker}", without(base, name));
                for request in [
                    Request::form(path, body.clone()),
                    Request::form(path, body.clone()).basic(&running.web.id, &running.web.secret),
                    Request::form(&format!("{path}?{name}={marker}"), body.clone()),
                ] {
                    let answer = running.send(request).await;
                    let text = format!("{answer:?}");
                    assert!(!text.contains("marker"), "{name}: {text}");
                }
            }
        }
    }
}

/// Of what is in a page only the form's token is random, and may have any digits.
#[track_caller]
fn assert_not_evaluated(answer: &Response) {
    let body = answer.body.split("</style>").last().unwrap();
    let hidden = hidden_fields(body);
    let token = hidden.iter().find(|(name, _)| name == "form_token").map(|(_, value)| value.as_str());
    let body = token.map_or_else(|| body.to_owned(), |token| body.replace(token, ""));
    assert!(!body.contains("49"), "{body}");
    assert!(!answer.header("location").unwrap_or_default().contains("49"), "{answer:?}");
}

/// S89: nothing is evaluated.
#[tokio::test]
async fn expressions_are_not_evaluated() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read&state=s");
    for expression in ["${7*7}", "{{7*7}}", "#{7*7}", "{% set a = 7 * 7 %}{{ a }}", "<%= 7*7 %>"] {
        for name in ["scope", "response_type", "client_id", "redirect_uri", "state", "login_hint", "prompt"] {
            let query = format!("{}&{name}={}", without(&query, name), encoded(expression));
            for mode in ["", "&response_mode=form_post"] {
                let query = format!("{query}{mode}");
                assert_not_evaluated(&browser.send(Request::form("/oauth/authorize", query.clone())).await);
                for path in ["/oauth/authorize", "/login", "/consent"] {
                    assert_not_evaluated(&browser.get(&format!("{path}?{query}")).await);
                }
            }
        }
        let (mut browser, query) = named(&running, expression).await;
        let page = browser.get(&format!("/consent?{query}")).await;
        let escaped = expression.replace('<', "&#60;").replace('>', "&#62;");
        assert!(page.body.contains(&format!("<bdi>{escaped}</bdi>")), "{}", page.body);
    }
}
