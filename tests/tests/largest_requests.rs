//! S108, F20: what the largest requests cost, before and after the client is authenticated. Counted is the processor
//! time of the thread that answers, without sockets and without the database's own thread; of several runs the least.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use oauth2_runtime::form::{MAX_BODY_BYTES, MAX_PARAMETER_BYTES};
use oauth2_tests::cpu;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};
use tower::ServiceExt;

/// How much an answer may cost. In a debug build most take 0.4 ms, and the one with the most parameters 1.5 ms.
const MOST: Duration = Duration::from_millis(5);
const REPEATS: usize = 8;

/// A running server, and its router to ask without a socket.
struct Site {
    running: RunningPortal,
    router: Router,
    basic: String,
}

impl Site {
    async fn start() -> Self {
        let running = RunningPortal::start().await;
        let router = running.portal.router();
        let basic = oauth2_tests::http::basic(&running.web.id, &running.web.secret);
        Self { running, router, basic }
    }

    async fn answer(&self, path: &str, body: &str, authenticated: bool) -> (StatusCode, String) {
        let method = if body.is_empty() { "GET" } else { "POST" };
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request =
            if authenticated { request.header(header::AUTHORIZATION, &self.basic) } else { request };
        let answer = self.router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap());
        let answer = answer.await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head.status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// The answer, which has to be cheap.
    async fn cheap(&self, path: &str, body: &str, authenticated: bool) -> (StatusCode, String) {
        let mut least = Duration::MAX;
        for _ in 0..REPEATS {
            let before = cpu::of_thread();
            self.answer(path, body, authenticated).await;
            least = least.min(cpu::of_thread().saturating_sub(before));
        }
        let answer = self.answer(path, body, authenticated).await;
        println!("{least:?} for {} bytes, {}, {path:.40} {body:.60}", path.len() + body.len(), answer.0);
        assert!(least < MOST, "{least:?} for {path:.40} {body:.60}: {answer:?}");
        answer
    }
}

fn refusal(code: &str, description: &str) -> String {
    format!("{{\"error\":\"{code}\",\"error_description\":\"{description}\"}}")
}

const UNKNOWN: &str = "the scope is unknown or more than this client may be granted";
const TOO_LONG: &str = "a parameter is too long";

/// As many declared names as fit before the cap, and one that is not.
fn unknown_at_the_end(bytes: usize) -> String {
    let scope = format!("{}x", "read+".repeat((bytes - 1) / 5));
    assert!(scope.len() <= bytes && scope.len() + 5 > bytes);
    scope
}

/// The refresh token is a live one, so that its scope is read to the end; and it lives on.
#[tokio::test]
async fn the_longest_scopes_cost_little() {
    let site = Site::start().await;
    let tokens = site.running.tokens("alice", "read").await;
    let refresh = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
    let machine = "grant_type=client_credentials".to_owned();
    for scope in
        [unknown_at_the_end(MAX_PARAMETER_BYTES), format!("read{}", "+".repeat(MAX_PARAMETER_BYTES - 4))]
    {
        for start in [&machine, &refresh] {
            let body = format!("{start}&scope={scope}");
            let unknown = (StatusCode::BAD_REQUEST, refusal("invalid_scope", UNKNOWN));
            assert_eq!(site.cheap("/oauth/token", &body, true).await, unknown);
            let stranger =
                (StatusCode::UNAUTHORIZED, refusal("invalid_client", "client authentication failed"));
            assert_eq!(site.cheap("/oauth/token", &format!("{body}&client_id=web"), false).await, stranger);
        }
        let query = format!("{}&scope={scope}", request("web", WEB_CALLBACK, ""));
        let path = format!("/oauth/authorize?{query}");
        assert_eq!(site.cheap(&path, "", false).await, (StatusCode::SEE_OTHER, String::new()));
    }
    for size in [MAX_PARAMETER_BYTES + 1, 16_000, 60_000] {
        for start in [&machine, &refresh] {
            let body = format!("{start}&scope={}", unknown_at_the_end(size + 4));
            for authenticated in [true, false] {
                let too_long = (StatusCode::BAD_REQUEST, refusal("invalid_request", TOO_LONG));
                assert_eq!(site.cheap("/oauth/token", &body, authenticated).await, too_long);
            }
        }
    }
    assert!(site.running.is_active(&tokens.refresh).await);
    let declared = format!("{refresh}&scope={}", "read+".repeat(700).trim_end_matches('+'));
    let (status, body) = site.answer("/oauth/token", &declared, true).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(body.contains("\"scope\":\"read\""), "{body}");
}

/// Every other value that somebody may send, at its cap and above it.
#[tokio::test]
async fn the_longest_values_cost_little() {
    let site = Site::start().await;
    for size in [MAX_PARAMETER_BYTES, MAX_PARAMETER_BYTES + 1, 60_000] {
        for value in ["x".repeat(size), "%20".repeat(size.div_ceil(3)), "+".repeat(size)] {
            let fits = value.len() <= MAX_PARAMETER_BYTES;
            for (path, body, status, answer) in [
                ("/oauth/introspect", format!("token={value}"), 200, "{\"active\":false}".to_owned()),
                ("/oauth/revoke", format!("token={value}"), 200, String::new()),
                (
                    "/oauth/token",
                    format!("grant_type=refresh_token&refresh_token={value}"),
                    400,
                    refusal("invalid_grant", "the refresh token is not valid"),
                ),
            ] {
                let expected =
                    if fits { (status, answer) } else { (400, refusal("invalid_request", TOO_LONG)) };
                let (status, answer) = site.cheap(path, &body, true).await;
                assert_eq!((status.as_u16(), answer), expected, "{path}");
            }
            let form = format!("form_token={value}&username={value}");
            if form.len() < MAX_BODY_BYTES {
                let (status, page) = site.cheap("/login", &form, false).await;
                assert_eq!(
                    (status.as_u16(), page.contains(TOO_LONG)),
                    (if fits { 403 } else { 400 }, !fits),
                    "{page}"
                );
            }
            let path = format!("/oauth/authorize?client_id=web&redirect_uri={value}");
            let (status, page) = site.cheap(&path, "", false).await;
            assert_eq!((status.as_u16(), page.contains(TOO_LONG)), (400, !fits), "{page}");
        }
    }
}

/// The largest body of which nothing is refused, and one byte more than a body may have.
#[tokio::test]
async fn the_largest_bodies_cost_little() {
    let site = Site::start().await;
    let start = "grant_type=client_credentials&scope=read";
    let full = vec![format!("&p={}", "x".repeat(1_000)); 60].concat();
    let (status, body) = site.cheap("/oauth/token", &format!("{start}{full}"), true).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let body = format!("{start}{full}&q=");
    let body = format!("{body}{}", "x".repeat(MAX_BODY_BYTES + 1 - body.len()));
    let too_large = (StatusCode::PAYLOAD_TOO_LARGE, refusal("invalid_request", "the body is too large"));
    assert_eq!(site.cheap("/oauth/token", &body, true).await, too_large);
}
