//! The metadata document of a server on which people sign in, and addresses that no header changes.

use oauth2_tests::http::{Request, Response, exchange};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};

const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

fn document(issuer: &str) -> String {
    format!(
        "{{\"issuer\":\"{issuer}\",\"authorization_endpoint\":\"{issuer}/oauth/authorize\",\
         \"token_endpoint\":\"{issuer}/oauth/token\",\"scopes_supported\":[\"read\",\"write\",\"admin\"],\
         \"response_types_supported\":[\"code\"],\"response_modes_supported\":[\"query\",\"form_post\"],\
         \"grant_types_supported\":[\"authorization_code\",\"refresh_token\",\"client_credentials\"],\
         \"token_endpoint_auth_methods_supported\":[\"none\",\"client_secret_basic\",\"client_secret_post\"],\
         \"code_challenge_methods_supported\":[\"S256\"],\
         \"authorization_response_iss_parameter_supported\":true,\
         \"revocation_endpoint\":\"{issuer}/oauth/revoke\",\
         \"revocation_endpoint_auth_methods_supported\":[\"none\",\"client_secret_basic\",\"client_secret_post\"],\
         \"introspection_endpoint\":\"{issuer}/oauth/introspect\",\
         \"introspection_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\"]}}"
    )
}

#[tokio::test]
async fn the_document_is_exact() {
    for (issuer, path) in
        [("http://127.0.0.1", ""), ("https://id.example", ""), ("https://id.example/a", "/a")]
    {
        let running = RunningPortal::start_as(issuer).await;
        let answer = running.send(Request::get(&format!("{WELL_KNOWN}{path}"))).await;
        assert_eq!((answer.status, answer.body), (200, document(issuer)));
        assert_eq!(running.send(Request::get(&format!("{path}/login"))).await.status, 200);
        // What it names is there.
        for endpoint in ["oauth/authorize", "oauth/token", "oauth/revoke", "oauth/introspect"] {
            let answer = running.send(Request::form(&format!("{path}/{endpoint}"), "")).await;
            assert_eq!(answer.status, 400, "{endpoint}");
        }
    }
}

/// Each with what it says about hosts, in all the ways there are.
fn claims() -> Vec<(&'static str, &'static str)> {
    vec![
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "81"),
        ("x-forwarded-prefix", "/evil"),
        ("x-forwarded-for", "evil.example"),
        ("x-host", "evil.example"),
        ("x-original-url", "/evil"),
        ("x-rewrite-url", "/evil"),
        ("forwarded", "host=evil.example;proto=https"),
    ]
}

/// Without what is made anew for each browser and code.
fn comparable(mut answer: Response) -> Response {
    for (_, value) in oauth2_tests::browser::hidden_fields(&answer.body) {
        answer.body = answer.body.replace(&value, "");
    }
    answer.headers.retain(|(name, _)| name != "set-cookie");
    answer
}

/// S93: what a request says about hosts is in no document, link, redirect or `iss`.
#[tokio::test]
async fn headers_about_hosts_change_nothing() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let mut alice = running.signed_in("alice").await;
    let requests = || {
        [
            Request::get(WELL_KNOWN),
            Request::get(&format!("/oauth/authorize?{query}")),
            Request::get(&format!("/oauth/authorize?{query}&prompt=none")),
            Request::get(&format!("/oauth/authorize?{query}&request=x&response_mode=form_post")),
            Request::get("/oauth/authorize?client_id=nobody"),
            Request::get("/login"),
            Request::get(&format!("/login?{query}")),
            Request::get(&format!("/consent?{query}")),
            Request::form("/oauth/token", "grant_type=client_credentials&client_id=web"),
            Request::form("/oauth/introspect", "token=x"),
            Request::form("/oauth/revoke", "token=x"),
            Request::get("/whoami"),
        ]
    };
    for (number, plain) in requests().into_iter().enumerate() {
        let expected = [running.send(plain.clone()).await, alice.send(plain.clone()).await].map(comparable);
        for (name, value) in claims() {
            let claim = || plain.clone().header(name, value);
            let answers = [running.send(claim()).await, alice.send(claim()).await].map(comparable);
            assert_eq!(answers, expected, "{name}, request {number}");
        }
        let cookies: Vec<_> = alice.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let with_cookies = plain.clone().header("cookie", &cookies.join("; "));
        for (request, expected) in [plain, with_cookies].into_iter().zip(&expected) {
            let text = String::from_utf8(request.into_bytes()).unwrap();
            // Also as a proxy is asked: the host in the target takes the place of the header (RFC 9112 section 3.2.2).
            let host = text.replacen("host: test", "host: evil.example", 1);
            let absolute = text.replacen(" /", " http://evil.example/", 1);
            let both = host.replacen(" /", " http://evil.example/", 1);
            for other in [host, absolute, both] {
                assert_ne!(other, text);
                let answer = comparable(exchange(running.address, other.as_bytes()).await);
                assert_eq!(&answer, expected, "{other}");
                assert!(!format!("{answer:?}").contains("evil"), "{answer:?}");
            }
        }
    }
}

/// S93: the whole way, with a host that is not ours in every request.
#[tokio::test]
async fn a_flow_with_other_hosts_ends_where_it_should() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let evil = |request: Request| {
        claims().into_iter().fold(request, |request, (name, value)| request.header(name, value))
    };
    let answer = browser.send(evil(Request::get(&format!("/oauth/authorize?{query}")))).await;
    assert_eq!(answer.header("location"), Some(format!("/login?{query}").as_str()));
    let mut target = answer.header("location").unwrap().to_owned();
    for fields in ["username=alice&password=alice-password", "decision=allow"] {
        let page = browser.send(evil(Request::get(&target))).await;
        let (_, token) = &oauth2_tests::browser::hidden_fields(&page.body)[0];
        let answer = browser.send(evil(Request::form(&target, format!("{fields}&form_token={token}")))).await;
        target = answer.header("location").unwrap().to_owned();
        if target.starts_with("/oauth/authorize") {
            let answer = browser.send(evil(Request::get(&target))).await;
            target = answer.header("location").unwrap().to_owned();
        }
    }
    assert!(target.starts_with("https://web.example/cb?code=ac_"), "{target}");
    assert!(target.ends_with("&iss=http%3A%2F%2F127.0.0.1#"), "{target}");
}
