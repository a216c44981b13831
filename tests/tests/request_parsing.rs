//! Requests as nobody should send them, to every endpoint and page of a server on which people sign in.

use oauth2_runtime::form::{MAX_BODY_BYTES, MAX_PARAMETER_BYTES};
use oauth2_runtime::http::MAX_HEADER_BYTES;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response, exchange, read};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, encoded, parameters, redemption, request, value};
use tokio::io::AsyncWriteExt;

/// For clients: they authenticate and get JSON.
const ENDPOINTS: [&str; 3] = ["/oauth/token", "/oauth/introspect", "/oauth/revoke"];
/// For people: the query is an authorization request, and answers are pages or redirects.
const PAGES: [&str; 3] = ["/oauth/authorize", "/login", "/consent"];
/// That of the two which have a form of their own.
const FORMS: [&str; 2] = ["/login", "/consent"];

fn query() -> String {
    request("web", WEB_CALLBACK, "&scope=read&state=s")
}

async fn send(running: &RunningPortal, path: &str, body: impl Into<Vec<u8>>) -> Response {
    running.send(Request::form(path, body).basic(&running.web.id, &running.web.secret)).await
}

async fn rows(running: &RunningPortal) -> [i64; 4] {
    let mut counts = [0; 4];
    let tables = ["oauth2_token", "portal_code", "oauth2_consent", "oauth2_session"];
    for (count, table) in counts.iter_mut().zip(tables) {
        *count = running.database.number(&format!("SELECT COUNT(*) FROM {table}")).await;
    }
    counts
}

/// The form's token, if there is a page with one.
async fn form_token(browser: &mut Browser, target: &str) -> String {
    let page = browser.get(target).await;
    hidden_fields(&page.body).into_iter().find(|(name, _)| name == "form_token").unwrap().1
}

#[track_caller]
fn assert_page(answer: &Response, status: u16, description: &str) {
    assert_eq!((answer.status, answer.header("location")), (status, None), "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    // What is code for a developer is a word for a person.
    let description = description.replace('`', "").replace('\'', "&#39;");
    assert!(answer.body.contains("<code>invalid_request</code>"), "{}", answer.body);
    assert!(answer.body.contains(&format!("<dd>{description}</dd>")), "{}", answer.body);
}

/// The one answer for all, with nothing else in it; S100: which no cache keeps, though by its status one could.
#[track_caller]
fn assert_method_not_allowed(answer: &Response, allow: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (405, ""), "{answer:?}");
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    headers.sort_unstable();
    let expected =
        [("allow", allow), ("cache-control", "no-store"), ("connection", "close"), ("content-length", "0")];
    assert_eq!(headers, expected, "{answer:?}");
}

/// S91: no method has effects but those it is meant to have. HEAD is answered by a GET route unless somebody thinks of it.
#[tokio::test]
async fn other_methods_have_no_effect() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    // Agreed before: a GET now sends a code at once.
    assert!(value(&running.authorize(&mut browser, &query()).await, "code").starts_with("ac_"));
    let before = rows(&running).await;
    for path in PAGES {
        let target = format!("{path}?{}", query());
        for method in ["HEAD", "PUT", "PATCH", "TRACE", "OPTIONS", "DELETE", "get", "BREW"] {
            let bare = browser.send(Request::new(method, &target)).await;
            let with_form =
                Request::new(method, &target).header("content-type", "application/x-www-form-urlencoded");
            let with_form =
                browser.send(with_form.body("decision=allow&username=alice&password=alice-password")).await;
            for answer in [bare, with_form] {
                assert_method_not_allowed(&answer, "GET, POST");
            }
        }
    }
    let token =
        format!("token=x&grant_type=client_credentials&client_id=web&client_secret={}", running.web.secret);
    for path in ENDPOINTS {
        for method in ["GET", "HEAD", "PUT", "PATCH", "TRACE", "OPTIONS", "DELETE", "post"] {
            let answer = running.send(Request::new(method, &format!("{path}?{token}"))).await;
            assert_method_not_allowed(&answer, "POST");
        }
    }
    for method in ["POST", "PUT", "PATCH", "TRACE", "OPTIONS", "DELETE", "get"] {
        let answer = running.send(Request::new(method, "/.well-known/oauth-authorization-server")).await;
        assert_method_not_allowed(&answer, "GET, HEAD");
    }
    assert_eq!(rows(&running).await, before);
}

/// S94: nothing here is for scripts of other sites.
#[tokio::test]
async fn no_other_origin_may_read_an_answer() {
    let running = RunningPortal::start().await;
    for origin in ["https://evil.example", "null"] {
        for path in PAGES.into_iter().chain(ENDPOINTS) {
            for method in ["OPTIONS", "POST", "GET"] {
                let request = Request::new(method, path).header("origin", origin);
                let answer = running.send(request.header("access-control-request-method", "POST")).await;
                assert!(
                    !answer.headers.iter().any(|(name, _)| name.starts_with("access-control")),
                    "{answer:?}"
                );
            }
        }
    }
}

/// S116: those the authorization request knows, equal or different, at each of the three places that read it, and in a body.
#[tokio::test]
async fn a_parameter_of_the_authorization_request_is_there_once() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let full = format!("{}&prompt=consent&response_mode=query&login_hint=a", query());
    assert!(browser.get(&format!("/consent?{full}")).await.body.contains("<h1>Allow"));
    for (name, value) in parameters(&format!("x:?{full}")) {
        for again in [value.as_str(), "other", ""] {
            let twice = format!("{full}&{name}={}", encoded(again));
            let mut answers = vec![browser.send(Request::form("/oauth/authorize", twice.clone())).await];
            for path in PAGES {
                answers.push(browser.get(&format!("{path}?{twice}")).await);
            }
            let description = format!("`{name}` is there more than once");
            for answer in answers {
                if ["client_id", "redirect_uri"].contains(&name.as_str()) {
                    assert_page(&answer, 400, &description);
                } else {
                    assert_error(&answer, "invalid_request", &description, name != "state");
                }
            }
        }
    }
    for name in ["request", "request_uri"] {
        let twice = format!("{full}&{name}=&{name}=");
        for answer in [
            browser.get(&format!("/oauth/authorize?{twice}")).await,
            browser.send(Request::form("/oauth/authorize", twice.clone())).await,
        ] {
            assert_error(&answer, "invalid_request", &format!("`{name}` is there more than once"), true);
        }
    }
    // What nobody asks for may be there as often as it likes (RFC 6749 section 3.1).
    let answer =
        browser.get(&format!("/oauth/authorize?{full}&nonce=1&nonce=2&resource=a&resource=b&=&=")).await;
    assert!(answer.header("location").unwrap().starts_with("/consent?"), "{answer:?}");
    assert_eq!(rows(&running).await, [0, 0, 0, 1]);
}

#[track_caller]
fn assert_error(answer: &Response, code: &str, description: &str, state: bool) {
    assert_eq!(answer.status, 303, "{answer:?}");
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("https://web.example/cb?error="), "{location}");
    let mut expected = vec![("error", code), ("error_description", description)];
    expected.extend(state.then_some(("state", "s")));
    expected.push(("iss", "http://127.0.0.1"));
    let answered = parameters(location);
    let answered: Vec<_> = answered.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(answered, expected);
}

/// S116: a request that is posted is in the body, and in the body alone.
#[tokio::test]
async fn an_authorization_request_is_not_split() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let posted = browser.send(Request::form("/oauth/authorize", query())).await;
    assert!(posted.header("location").unwrap().starts_with("/consent?"), "{posted:?}");
    for (in_url, in_body) in [
        ("scope=admin".to_owned(), query()),
        ("client_id=other".to_owned(), query()),
        ("x".to_owned(), query()),
        (query(), String::new()),
        (query(), query()),
        (query(), "scope=admin".to_owned()),
    ] {
        let answer = browser.send(Request::form(&format!("/oauth/authorize?{in_url}"), in_body)).await;
        assert_page(&answer, 400, "parameters go into the body, not into the URL");
    }
    // And the body of a GET is no part of it.
    let get = Request::get(&format!("/oauth/authorize?{}", query()));
    let answer = browser
        .send(get.header("content-type", "application/x-www-form-urlencoded").body("scope=admin"))
        .await;
    let target = answer.header("location").unwrap();
    assert!(target.starts_with("/consent?") && !target.contains("admin"), "{target}");
}

/// S116: at the three endpoints for clients.
#[tokio::test]
async fn a_parameter_of_an_endpoint_is_there_once() {
    let running = RunningPortal::start().await;
    let code = redemption("ac_x");
    for (path, body) in [
        ("/oauth/token", code.as_str()),
        ("/oauth/token", "grant_type=refresh_token&refresh_token=rt_x&scope=read"),
        ("/oauth/introspect", "token=at_x&token_type_hint=access_token"),
        ("/oauth/revoke", "token=at_x&token_type_hint=access_token"),
    ] {
        let body = format!("{body}&client_id=web");
        for (name, value) in parameters(&format!("x:?{body}")) {
            for again in [value.as_str(), "other", ""] {
                let answer = send(&running, path, format!("{body}&{name}={}", encoded(again))).await;
                answer.assert_error(400, "invalid_request", &format!("`{name}` is there more than once"));
            }
            let split = send(&running, &format!("{path}?{name}={}", encoded(&value)), body.clone()).await;
            split.assert_error(400, "invalid_request", "parameters go into the body, not into the URL");
        }
        let secret = format!("{body}&client_secret=x&client_secret=x");
        let answer = running.send(Request::form(path, secret)).await;
        answer.assert_error(400, "invalid_request", "`client_secret` is there more than once");
        let more = send(&running, path, format!("{body}&resource=a&resource=b")).await;
        assert!(!more.body.contains("more than once"), "{more:?}");
    }
}

/// S116: and in the forms of the pages. Fields of the request do not come from there.
#[tokio::test]
async fn a_field_of_a_pages_form_is_there_once() {
    let running = RunningPortal::start().await;
    for path in FORMS {
        let mut browser = running.signed_in("alice").await;
        let target = format!("{path}?{}", query());
        let token = form_token(&mut browser, &target).await;
        let fields = if path == "/login" {
            vec![("form_token", token.as_str()), ("username", "alice"), ("password", "alice-password")]
        } else {
            vec![("form_token", token.as_str()), ("decision", "allow")]
        };
        let before = rows(&running).await;
        for (name, value) in &fields {
            for again in [value, "other", ""] {
                let mut twice = fields.clone();
                twice.push((name, again));
                let answer = browser.post(&target, &twice).await;
                assert_page(&answer, 400, &format!("`{name}` is there more than once"));
            }
            // The same field in the URL is of another request, for which the form's token is not good.
            let split = browser.post(&format!("{target}&{name}={}", encoded(value)), &fields).await;
            assert_eq!((split.status, split.header("location")), (403, None), "{split:?}");
        }
        assert_eq!(rows(&running).await, before);
        assert_eq!(browser.post(&target, &fields).await.status, 303);
    }
}

/// S114, F19: bytes that are no form, in every query and every body.
#[tokio::test]
async fn malformed_parameters_are_refused_everywhere() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let before = rows(&running).await;
    let keys = (0..10_000).map(|number| format!("{number:x}=")).collect::<Vec<_>>().join("&");
    assert!(keys.len() < MAX_BODY_BYTES);
    for (more, description) in [
        ("scope=%zz", "a parameter is not percent-encoded"),
        ("scope=%", "a parameter is not percent-encoded"),
        ("%4=1", "a parameter is not percent-encoded"),
        ("x=%ff", "a parameter is not UTF-8"),
        ("x=%C0%AF", "a parameter is not UTF-8"),
        ("x=%ED%A0%80", "a parameter is not UTF-8"),
        ("state=%00", "a parameter contains a NUL"),
        ("%00=1", "a parameter contains a NUL"),
        (&format!("x={}", "y".repeat(MAX_PARAMETER_BYTES + 1)), "a parameter is too long"),
        (&keys, "the request has too many parameters"),
    ] {
        for path in ENDPOINTS {
            let answer = send(&running, path, format!("token=x&grant_type=client_credentials&{more}")).await;
            answer.assert_error(400, "invalid_request", description);
        }
        for path in FORMS {
            let form = browser.send(Request::form(&format!("{path}?{}", query()), more)).await;
            assert_page(&form, 400, description);
        }
        let posted = browser.send(Request::form("/oauth/authorize", format!("{}&{more}", query()))).await;
        assert_page(&posted, 400, description);
        for path in PAGES.iter().filter(|_| more.len() < 8_000) {
            let answer = browser.get(&format!("{path}?{}&{more}", query())).await;
            assert_page(&answer, 400, description);
        }
    }
    let mut raw = b"token=x&grant_type=client_credentials&x=".to_vec();
    raw.push(0xff);
    for path in ENDPOINTS {
        send(&running, path, raw.clone()).await.assert_error(
            400,
            "invalid_request",
            "a parameter is not UTF-8",
        );
    }
    assert_eq!(rows(&running).await, before);
}

/// S114: shapes that frameworks make lists and objects of are names like any other here.
#[tokio::test]
async fn odd_parameters_are_only_unknown_names() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let odd = "scope[a]=b&scope%5B%5D=admin&=empty&&&token.x=1&Scope=admin&scope%20=admin&client_id[]=other&__proto__=1";
    let granted =
        send(&running, "/oauth/token", format!("grant_type=client_credentials&scope=read&{odd}")).await;
    assert_eq!(granted.json()["scope"], "read", "{granted:?}");
    let token = granted.json()["access_token"].as_str().unwrap().to_owned();
    let introspected = send(&running, "/oauth/introspect", format!("token={token}&{odd}")).await;
    assert_eq!(introspected.json()["active"], true);
    assert_eq!(send(&running, "/oauth/revoke", format!("token={token}&{odd}")).await.status, 200);
    assert!(!running.is_active(&token).await);
    let answer = browser.get(&format!("/oauth/authorize?{}&{odd}", query())).await;
    let target = answer.header("location").unwrap().to_owned();
    assert!(target.starts_with("/consent?"), "{answer:?}");
    let page = browser.get(&target).await;
    assert!(page.body.contains("<li>See your photos and albums</li>"), "{}", page.body);
    assert_eq!(page.body.matches("<li>").count(), 1, "{}", page.body);
    assert_eq!(browser.decide(&page, &target, "allow").await.status, 303);
    assert_eq!(running.database.texts("SELECT scope FROM portal_code").await, ["read"]);
}

/// S114: a body that is another kind of document.
#[tokio::test]
async fn other_media_types_are_refused_everywhere() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let description = "the body must be application/x-www-form-urlencoded";
    let multipart = "--b\r\ncontent-disposition: form-data; name=\"token\"\r\n\r\nx\r\n--b--\r\n";
    for (media_type, body) in [
        ("application/json", r#"{"token":["x"],"grant_type":{"a":1}}"#),
        ("multipart/form-data; boundary=b", multipart),
        ("text/plain", "token=x&grant_type=client_credentials"),
        ("", ""),
    ] {
        let post = |path: &str| Request::new("POST", path).header("content-type", media_type).body(body);
        for path in ENDPOINTS {
            let answer = running.send(post(path).basic(&running.web.id, &running.web.secret)).await;
            answer.assert_error(415, "invalid_request", description);
        }
        for path in FORMS {
            let answer = browser.send(post(&format!("{path}?{}", query()))).await;
            assert_page(&answer, 415, description);
        }
        assert_page(&browser.send(post("/oauth/authorize")).await, 415, description);
    }
}

/// F18: at a page, whose cookies a browser sends with every request. The answer does not wait for what is too much: the rest of
/// a head is sent, to a server that has hung up, when the answer is there.
#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let running = RunningPortal::start().await;
    let many =
        (0..150).fold(Request::get("/login"), |request, number| request.header(&format!("x-{number}"), "1"));
    let cookies = Request::get("/login").header("cookie", &format!("a={}", "x".repeat(600_000)));
    let long = Request::get(&format!("/login?x={}", "x".repeat(20_000)));
    for (name, request) in [("many", many), ("cookies", cookies), ("long", long)] {
        let bytes = request.into_bytes();
        let (first, rest) = bytes.split_at(bytes.len().min(MAX_HEADER_BYTES));
        assert_eq!(rest.is_empty(), name == "many");
        let mut stream = tokio::net::TcpStream::connect(running.address).await.unwrap();
        stream.write_all(first).await.unwrap();
        let answer = read(&mut stream).await;
        assert_eq!((answer.status, answer.body.as_str()), (431, ""), "{name}");
        assert_eq!(answer.header("connection"), Some("close"), "{name}");
        // The first byte finds out, so that a second one fails.
        while stream.write_all(if rest.is_empty() { b"x" } else { rest }).await.is_ok() {}
    }
    let fits = Request::get("/login").header("cookie", &format!("a={}", "x".repeat(12_000)));
    assert_eq!(running.send(fits).await.status, 200);
}

/// Two lengths, or a length and chunks: what two servers would see different requests in.
#[tokio::test]
async fn a_form_has_one_length() {
    let running = RunningPortal::start().await;
    for path in ["/login", "/consent", "/oauth/authorize", "/oauth/introspect", "/oauth/revoke"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: \
             application/x-www-form-urlencoded\r\n"
        );
        for lengths in ["content-length: 1\r\ncontent-length: 2", "content-length: -1", "content-length: 1x"]
        {
            let answer = exchange(running.address, format!("{head}{lengths}\r\n\r\nab").as_bytes()).await;
            assert_eq!((answer.status, answer.body.as_str()), (400, ""), "{path} {lengths}");
        }
    }
}
