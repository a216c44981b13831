//! S108, F20: what a request may cost. The fastest of many runs is compared, which a busy machine does not change much, and
//! the bounds are far from both: what is linear takes 16 times as long for 16 times as much, what is quadratic 256 times.

use std::hint::black_box;
use std::time::{Duration, Instant};

use oauth2_runtime::form::{Form, MAX_BODY_BYTES, MAX_PARAMETER_BYTES};
use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, encoded, request};
use oauth2_tests::provider::Access;

const SMALL: usize = 4 * 1024;
const LARGE: usize = 16 * SMALL;

fn fastest(mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..40 {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    best
}

/// `make` gives an input of about so many bytes.
#[track_caller]
fn assert_linear(name: &str, make: impl Fn(usize) -> String, work: impl Fn(&str)) {
    let (small, large) = (make(SMALL), make(LARGE));
    let (small, large) = (fastest(|| work(&small)), fastest(|| work(&large)));
    let ratio = large.as_secs_f64() / small.as_secs_f64().max(1e-6);
    println!("{name}: {small:?}, 16 times as much {large:?}, ratio {ratio:.1}");
    assert!(ratio < 80.0, "{name}: {small:?} and {large:?}");
}

#[test]
fn parsing_is_linear() {
    let form = |text: &str| drop(black_box(Form::parse(text.as_bytes())));
    assert_linear("plain values", |size| "a=bcdefghijklmno&".repeat(size / 17), form);
    assert_linear("one long value", |size| format!("a={}", "x".repeat(size)), form);
    assert_linear("percent signs", |size| format!("a={}", "%41".repeat(size / 3)), form);
    assert_linear("separators", |size| "&".repeat(size), form);
    assert_linear("equals signs", |size| "=".repeat(size), form);
    let scope = |text: &str| drop(black_box(ScopeSet::<Access>::parse(text)));
    assert_linear("one scope again and again", |size| "read ".repeat(size / 5), scope);
    assert_linear(
        "unknown scopes",
        |size| (0..size / 6).map(|number| format!("x{number:04x}")).collect::<Vec<_>>().join(" "),
        scope,
    );
    assert_linear("one long scope", |size| "r".repeat(size), scope);
    assert_linear("spaces", |size| " ".repeat(size), scope);
    let uris: RedirectUris = (0..50).map(|number| format!("https://a.test/{number}")).collect();
    let uri = move |text: &str| _ = black_box(uris.contain(text));
    assert_linear("a redirect URI", |size| format!("http://127.0.0.1:{}", "1".repeat(size)), &uri);
    assert_linear("colons", |size| format!("http://[::1]{}", ":".repeat(size)), &uri);
    let token = |text: &str| _ = black_box(Digest::<AccessToken>::of(text));
    assert_linear("a token", |size| format!("at_{}", "A".repeat(size)), token);
}

/// The fastest of some.
async fn cost(running: &RunningPortal, request: &Request) -> (Duration, Response) {
    let mut best: Option<(Duration, Response)> = None;
    for _ in 0..8 {
        let start = Instant::now();
        let answer = running.send(request.clone()).await;
        let passed = start.elapsed();
        if best.as_ref().is_none_or(|(least, _)| passed < *least) {
            best = Some((passed, answer));
        }
    }
    best.unwrap()
}

/// The longest parameters there may be, and longer ones, before and after authentication. The bound is some hundred times what
/// they take.
#[tokio::test]
async fn the_largest_requests_cost_little() {
    let running = RunningPortal::start().await;
    let tokens = running.tokens("alice", "read").await;
    let web = &running.web;
    let scope = |size: usize| "read+".repeat(size / 5 + 1).get(..size).unwrap().to_owned();
    let names = |size: usize| (0..).map(|n| format!("x{n:x}+")).take(size / 5).collect::<String>();
    let mut slowest = Duration::ZERO;
    let full = (0..60).map(|n| format!("&p{n}={}", "x".repeat(1_000))).collect::<Vec<_>>().concat();
    assert!(full.len() < MAX_BODY_BYTES - 4_500);
    for size in [1_000, 2_000, MAX_PARAMETER_BYTES, MAX_PARAMETER_BYTES + 1, 16_000, 60_000] {
        for value in [
            scope(size),
            names(size).get(..size.min(4_000)).unwrap_or("x").to_owned(),
            "%20".repeat(size / 3),
        ] {
            let too_long = value.len() > MAX_PARAMETER_BYTES;
            let basic = |body: String| Request::form("/oauth/token", body).basic(&web.id, &web.secret);
            let mut requests = vec![
                basic(format!("grant_type=client_credentials&scope={value}")),
                Request::form(
                    "/oauth/token",
                    format!("grant_type=client_credentials&client_id=web&scope={value}"),
                ),
                basic(format!("grant_type=refresh_token&refresh_token={}&scope={value}", "rt_x")),
                Request::form("/oauth/introspect", format!("token={value}")).basic(&web.id, &web.secret),
                Request::form("/oauth/revoke", format!("token={value}")).basic(&web.id, &web.secret),
                Request::form("/login", format!("form_token={value}&username={value}")),
                Request::form(
                    "/oauth/authorize",
                    format!("{}&scope={value}", request("web", WEB_CALLBACK, "")),
                ),
            ];
            if value.len() < 10_000 {
                let uri = format!("client_id=web&redirect_uri={value}");
                requests.push(Request::get(&format!("/oauth/authorize?{uri}")));
                requests.push(Request::get("/whoami").bearer(&value.replace(['+', '%'], "A")));
            }
            for request in requests {
                let (passed, answer) = cost(&running, &request).await;
                slowest = slowest.max(passed);
                assert!(passed < Duration::from_millis(250), "{passed:?}, {}", answer.status);
                assert!(answer.status < 500, "{answer:?}");
                if too_long && answer.status != 401 {
                    let (status, reason) = match answer.status {
                        413 => (413, "the body is too large"),
                        _ => (400, "a parameter is too long"),
                    };
                    assert_eq!(answer.status, status, "{answer:?}");
                    assert!(answer.body.contains(reason), "{answer:?}");
                }
            }
        }
    }
    let body = format!("grant_type=client_credentials&scope={}{full}", encoded("read"));
    let (passed, answer) =
        cost(&running, &Request::form("/oauth/token", body).basic(&web.id, &web.secret)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(passed < Duration::from_millis(250), "{passed:?}");
    println!("the slowest took {slowest:?}");
    assert!(running.is_active(&tokens.refresh).await);
}
