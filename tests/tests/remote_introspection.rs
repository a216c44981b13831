//! Tokens validated by asking the authorization server that issued them (RFC 7662).
//!
//! The authorization server, its introspection endpoint and the resource server are real and apart, each on a socket of its
//! own. Only what no server of ours would answer comes from an endpoint that answers what it is told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, Request as AxumRequest};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::FutureExt;
use futures_util::future::join_all;
use http::request::Parts;
use oauth2_runtime::http::serve_until;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::protect::remote_introspection::MAX_ANSWER_BYTES;
use oauth2_runtime::protect::{Either, Introspected, RemoteIntrospection, StoredTokens};
use oauth2_runtime::types::Requirement;
use oauth2_tests::clock::{START, SteppingClock};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{self, RunningPortal};
use oauth2_tests::provider::{Access, SMS_CODE, app};
use oauth2_tests::running::{Credentials, Running, Tokens, listen};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

const NOT_VALID: &str = "the access token is not valid";
const NOT_ENOUGH: &str = "the access token is not good for this";
const UNAVAILABLE: &str = "the server cannot answer now, try again soon";
const STALENESS: i64 = 30;
/// Requests that an endpoint has room for, while nobody holds them.
const ALL: u32 = 1_000;

type Remote = RemoteIntrospection<Access>;

/// Counts the requests that reach an endpoint, and can hold them.
#[derive(Clone)]
struct Calls {
    count: Arc<AtomicUsize>,
    open: Arc<Semaphore>,
}

impl Calls {
    fn new() -> Self {
        Self { count: Arc::default(), open: Arc::new(Semaphore::new(ALL as usize)) }
    }

    /// How many there were since the last time.
    fn taken(&self) -> usize {
        self.count.swap(0, Ordering::SeqCst)
    }

    fn counted(&self, router: Router) -> Router {
        let calls = self.clone();
        router.layer(from_fn(move |request: AxumRequest, next: Next| {
            let calls = calls.clone();
            async move {
                calls.count.fetch_add(1, Ordering::SeqCst);
                let _open = calls.open.acquire().await;
                next.run(request).await
            }
        }))
    }
}

/// An authorization server, and where its introspection endpoint is for the resource server.
struct Site {
    running: RunningPortal,
    api: Credentials,
    calls: Calls,
    endpoint: String,
}

impl Site {
    async fn open() -> Self {
        let running = RunningPortal::start().await;
        let api = Client { introspect: true, ..portal::client("api", &[]) };
        let api = portal::register(&running.portal, api).await;
        let calls = Calls::new();
        let address = listen(calls.counted(running.portal.router())).await;
        Self { running, api, calls, endpoint: format!("http://{address}/oauth/introspect") }
    }

    fn validator(&self) -> Remote {
        validator(&self.endpoint, &self.api, &self.running.clock)
    }

    /// A resource server with its default settings.
    async fn resource_server(&self) -> SocketAddr {
        serve(self.validator()).await
    }

    /// An access token, and the refresh token issued with it.
    async fn tokens(&self, scope: &str) -> Tokens {
        self.running.tokens("alice", scope).await
    }

    async fn token(&self, scope: &str) -> String {
        self.tokens(scope).await.access
    }

    async fn revoke(&self, token: &str) {
        let web = &self.running.web;
        let form = Request::form("/oauth/revoke", format!("token={token}")).basic(&web.id, &web.secret);
        assert_eq!(self.running.send(form).await.status, 200);
    }
}

fn validator(endpoint: &str, api: &Credentials, clock: &SteppingClock) -> Remote {
    let secret = Secret::new(api.secret.clone());
    Remote::new(endpoint, &api.id, secret).unwrap().clock(clock.clone())
}

async fn whose(Extension(token): Extension<Introspected<Access>>) -> String {
    let client = token.client_id().map_or("-", ClientId::as_str);
    let subject = token.subject().map_or("-", Subject::as_str);
    format!("{client} {subject} `{}` {}", token.scope(), token.expires_at().unix_seconds())
}

/// `/any`, `/read` and `/write`.
async fn serve(validator: Remote) -> SocketAddr {
    let protector = ResourceProtector::new(validator);
    let routes = Router::new()
        .route("/any", get(whose).route_layer(protector.require(Requirement::ANY_TOKEN)))
        .route("/read", get(whose).route_layer(protector.require(Access::Read)))
        .route("/write", get(whose).route_layer(protector.require(Access::Write)));
    listen(routes).await
}

async fn ask(server: SocketAddr, path: &str, token: &str) -> Response {
    Request::get(path).bearer(token).send(server).await
}

fn assert_good(answer: &Response) {
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn assert_invalid(answer: &Response) {
    answer.assert_error(401, "invalid_token", NOT_VALID);
    assert!(answer.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
}

fn assert_unavailable(answer: &Response) {
    answer.assert_error(503, "temporarily_unavailable", UNAVAILABLE);
    assert_eq!((answer.header("retry-after"), answer.header("www-authenticate")), (Some("2"), None));
}

#[tokio::test]
async fn a_live_token_passes_with_what_the_server_says_of_it() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    let expected = format!("web u-alice `read` {}", START + 600);
    let answer = ask(server, "/read", &token).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, expected.as_str()));
    let grant = site.running.token(&site.running.web, "grant_type=client_credentials&scope=write").await;
    let machine = grant.json()["access_token"].as_str().unwrap().to_owned();
    let answer = ask(server, "/write", &machine).await;
    assert_eq!((answer.status, answer.body), (200, format!("web - `write` {}", START + 3_600)));
    assert_eq!(site.calls.taken(), 2);
    // Without an issuer there is no better name for the realm.
    let answer = Request::get("/read").send(server).await;
    let header = "Bearer realm=\"protected resource\", scope=\"read\"";
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(header)));
    assert_eq!(site.calls.taken(), 0);
}

#[tokio::test]
async fn tokens_that_are_not_live_access_tokens_are_refused() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let tokens = site.tokens("read").await;
    // The endpoint says of it that it is active, and not what it is.
    assert_invalid(&ask(server, "/any", &tokens.refresh).await);
    let changed = tokens.access.replace("at_", "at_0");
    assert_invalid(&ask(server, "/any", &changed).await);
    site.revoke(&tokens.access).await;
    assert_invalid(&ask(server, "/any", &tokens.access).await);
    assert_eq!(site.calls.taken(), 3);
    // Another client learns nothing of the tokens of `web`.
    let stranger = validator(&site.endpoint, &site.running.other, &site.running.clock);
    assert_invalid(&ask(serve(stranger).await, "/any", &site.token("read").await).await);
    assert_eq!(site.calls.taken(), 1);
}

#[tokio::test]
async fn what_cannot_be_a_token_is_not_asked_about() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let longest = "x".repeat(4_096);
    for garbage in ["a b", "a,b", "a&token=b", "=", "a=b", &format!("{longest}x"), &"+".repeat(1_366)] {
        assert_invalid(&ask(server, "/any", garbage).await);
    }
    assert_eq!(site.calls.taken(), 0);
    for possible in ["a", "a=", "a.b~c-d_e+f/g==", &longest, &"+".repeat(1_365)] {
        assert_invalid(&ask(server, "/any", possible).await);
    }
    assert_eq!(site.calls.taken(), 5);
}

/// S75: a revoked token is refused within the stated time, and at once where nothing is remembered.
#[tokio::test]
async fn a_revocation_is_seen_within_the_bound() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let forgetful = serve(site.validator().remember(Duration::ZERO, 10)).await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    assert_good(&ask(forgetful, "/read", &token).await);
    assert_good(&ask(forgetful, "/read", &token).await);
    assert_eq!(site.calls.taken(), 3);
    site.revoke(&token).await;
    assert_invalid(&ask(forgetful, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    site.running.clock.step(STALENESS - 1);
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 0);
    site.running.clock.step(1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

/// An answer is never used longer than the token lives, however long answers may be used.
#[tokio::test]
async fn a_remembered_token_ends_at_its_expiry() {
    let site = Site::open().await;
    let server = serve(site.validator().remember(Duration::from_hours(24), 10)).await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    site.running.clock.step(599);
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    site.running.clock.step(1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_nothing() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    site.running.database.execute("UPDATE oauth2_token SET revoked_at = 1").await;
    site.running.clock.step(-1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 2);
}

/// The clock on the wall is not the only bound: 29 s pass, it is set back by them, and a second passes.
#[tokio::test]
async fn a_clock_that_is_set_back_within_the_bound_prolongs_nothing() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    site.running.database.execute("UPDATE oauth2_token SET revoked_at = 1").await;
    time_passes(STALENESS.unsigned_abs() - 1).await;
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    time_passes(1).await;
    site.running.clock.step(1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

/// A token that ends earlier than answers do is not prolonged either.
#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_no_token() {
    let site = Site::open().await;
    let server = serve(site.validator().remember(Duration::from_hours(24), 10)).await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    time_passes(600).await;
    // The authorization server goes by the clock that was set back too; what counts is that it is asked.
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

/// Moves the clock that nobody can set.
async fn time_passes(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// S75: what is remembered is what the token is, never whether it was enough.
#[tokio::test]
async fn scope_is_decided_for_each_request() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    for (scope, first, second) in [("read", "/read", "/write"), ("write", "/read", "/write")] {
        let token = site.token(scope).await;
        for path in [first, second, first] {
            let answer = ask(server, path, &token).await;
            if path == format!("/{scope}") {
                assert_good(&answer);
            } else {
                answer.assert_error(403, "insufficient_scope", NOT_ENOUGH);
            }
        }
        assert_good(&ask(server, "/any", &token).await);
        assert_eq!(site.calls.taken(), 1);
    }
}

/// S75: what one validator has remembered is of no use to another that expects something else.
#[tokio::test]
async fn another_issuer_and_another_audience_are_asked_for_anew() {
    let site = Site::open().await;
    let token = site.token("read").await;
    let right = serve(site.validator().issuer("http://127.0.0.1")).await;
    assert_good(&ask(right, "/read", &token).await);
    let header = "Bearer realm=\"http://127.0.0.1\"";
    assert_eq!(Request::get("/any").send(right).await.header("www-authenticate"), Some(header));
    for wrong in [
        site.validator().issuer("http://127.0.0.1/"),
        site.validator().issuer("https://id.example"),
        site.validator().audience("https://photos.example"),
    ] {
        assert_invalid(&ask(serve(wrong).await, "/read", &token).await);
    }
    assert_eq!(site.calls.taken(), 4);
}

/// S75: tokens that begin alike, or differ in one letter, have nothing to do with each other.
#[tokio::test]
async fn the_whole_token_is_the_key() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    let (start, end) = token.split_at(token.len() - 1);
    let other = if end == "A" { "B" } else { "A" };
    for altered in [start.to_owned(), format!("{token}A"), format!("{start}{other}"), token.to_uppercase()] {
        assert_invalid(&ask(server, "/read", &altered).await);
    }
    assert_eq!(site.calls.taken(), 5);
}

#[tokio::test]
async fn the_number_of_remembered_answers_is_bounded() {
    let site = Site::open().await;
    let server = serve(site.validator().remember(Duration::from_secs(30), 2)).await;
    let tokens = [site.token("read").await, site.token("read").await, site.token("read").await];
    let asked = async |index: usize| {
        assert_good(&ask(server, "/read", &tokens[index]).await);
        site.calls.taken()
    };
    assert_eq!([asked(0).await, asked(1).await, asked(0).await, asked(1).await], [1, 1, 0, 0]);
    // The third takes the place of the first, and bad tokens take nobody's.
    assert_eq!(asked(2).await, 1);
    for bad in ["a", "b", "c"] {
        assert_invalid(&ask(server, "/read", bad).await);
    }
    assert_eq!(site.calls.taken(), 3);
    assert_eq!([asked(2).await, asked(1).await, asked(0).await, asked(1).await], [0, 0, 1, 1]);
    let nothing = serve(site.validator().remember(Duration::from_secs(30), 0)).await;
    for _ in 0..2 {
        assert_good(&ask(nothing, "/read", &tokens[0]).await);
        assert_eq!(site.calls.taken(), 1);
    }
}

/// That a token is not good is not remembered: it may be about to become so.
#[tokio::test]
async fn refusals_are_not_remembered() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    let set = async |revoked_at: &str| {
        let sql = format!("UPDATE oauth2_token SET revoked_at = {revoked_at}");
        assert_eq!(site.running.database.execute(&sql).await, 1);
    };
    set("1").await;
    assert_invalid(&ask(server, "/read", &token).await);
    set("NULL").await;
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 2);
}

fn request(token: &str) -> Parts {
    let request = http::Request::get("/").header("authorization", format!("Bearer {token}"));
    request.body(()).unwrap().into_parts().0
}

/// Polled in turn, all of them are waiting before the first has its answer.
#[tokio::test]
async fn concurrent_requests_share_one_question() {
    let site = Site::open().await;
    let protector = ResourceProtector::new(site.validator());
    for (token, good) in [(site.token("read").await, true), ("unknown".to_owned(), false)] {
        let parts = request(&token);
        let acquired = join_all((0..20).map(|_| protector.acquire_token(&parts, Access::Read))).await;
        assert!(acquired.iter().all(|outcome| outcome.is_ok() == good), "{acquired:?}");
        assert_eq!(site.calls.taken(), 1);
    }
    // With nothing to be remembered each request has an answer of its own.
    let forgetful = ResourceProtector::new(site.validator().remember(Duration::ZERO, 0));
    let parts = request(&site.token("read").await);
    let acquired = join_all((0..20).map(|_| forgetful.acquire_token(&parts, Access::Read))).await;
    assert!(acquired.iter().all(Result::is_ok), "{acquired:?}");
    assert_eq!(site.calls.taken(), 20);
}

/// A question does not end with the request that happened to ask it.
#[tokio::test]
async fn a_request_that_is_given_up_takes_nobody_along() {
    let site = Site::open().await;
    let protector = ResourceProtector::new(site.validator());
    let parts = request(&site.token("read").await);
    let held = Arc::clone(&site.calls.open).acquire_many_owned(ALL).await;
    let mut first = Box::pin(protector.acquire_token(&parts, Access::Read));
    let mut second = Box::pin(protector.acquire_token(&parts, Access::Read));
    assert!((&mut first).now_or_never().is_none());
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    drop(held);
    assert!(second.await.is_ok());
    assert_eq!(site.calls.taken(), 1);
    // One that all have given up is struck off, and asked again.
    let parts = request(&site.token("read").await);
    let mut alone = Box::pin(protector.acquire_token(&parts, Access::Read));
    assert!((&mut alone).now_or_never().is_none());
    drop(alone);
    assert!(protector.acquire_token(&parts, Access::Read).await.is_ok());
}

/// Nobody can say, so nobody is told that their token is not valid; and what is too old is not used either.
#[tokio::test]
async fn an_endpoint_that_is_down_is_503() {
    let site = Site::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { stopped.await.unwrap_or_default() };
    let running = tokio::spawn(serve_until(site.running.portal.router(), listener, shutdown));
    let endpoint = format!("http://{address}/oauth/introspect");
    let server = serve(validator(&endpoint, &site.api, &site.running.clock)).await;
    let (known, unknown) = (site.token("read").await, site.token("read").await);
    assert_good(&ask(server, "/read", &known).await);
    drop(stop);
    running.await.unwrap().unwrap();
    assert_unavailable(&ask(server, "/read", &unknown).await);
    assert_unavailable(&ask(server, "/read", "x").await);
    site.running.clock.step(STALENESS - 1);
    assert_good(&ask(server, "/read", &known).await);
    ask(server, "/write", &known).await.assert_error(403, "insufficient_scope", NOT_ENOUGH);
    site.running.clock.step(1);
    assert_unavailable(&ask(server, "/read", &known).await);
    // It is back.
    let listener = TcpListener::bind(address).await.unwrap();
    tokio::spawn(serve_until(site.running.portal.router(), listener, std::future::pending()));
    assert_good(&ask(server, "/read", &known).await);
}

#[tokio::test]
async fn an_endpoint_whose_database_is_down_is_503() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    site.running.database.execute("ALTER TABLE oauth2_token RENAME TO gone").await;
    assert_unavailable(&ask(server, "/read", &token).await);
    site.running.database.execute("ALTER TABLE gone RENAME TO oauth2_token").await;
    assert_good(&ask(server, "/read", &token).await);
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_is_503() {
    let site = Site::open().await;
    let server = serve(site.validator().timeout(Duration::from_millis(100))).await;
    let token = site.token("read").await;
    let held = Arc::clone(&site.calls.open).acquire_many_owned(ALL).await;
    assert_unavailable(&ask(server, "/read", &token).await);
    drop(held);
    assert_eq!(site.calls.taken(), 1);
}

/// The mistake is the operator's, and no client's token is to blame.
#[tokio::test]
async fn wrong_credentials_of_the_resource_server_are_503() {
    let site = Site::open().await;
    let token = site.token("read").await;
    for (id, secret) in [("api", "wrong"), ("nobody", site.api.secret.as_str()), ("native", "")] {
        let wrong = Credentials { id: id.into(), secret: secret.into() };
        let server = serve(validator(&site.endpoint, &wrong, &site.running.clock)).await;
        assert_unavailable(&ask(server, "/read", &token).await);
        assert_eq!(site.calls.taken(), 1);
    }
}

/// RFC 6749 section 2.3.1: both parts are encoded before they are joined.
#[tokio::test]
async fn credentials_with_any_characters_arrive() {
    let site = Site::open().await;
    let (id, secret) = ("api:1 %+", "s p:a%c+e \u{e9}");
    let api = Client { introspect: true, ..portal::client(id, &[]) };
    let hash = SecretHash::imported(secret).await.unwrap();
    site.running.portal.clients().ensure(Client { client_secret: Some(hash), ..api }).await.unwrap();
    let credentials = Credentials { id: id.into(), secret: secret.into() };
    let server = serve(validator(&site.endpoint, &credentials, &site.running.clock)).await;
    assert_good(&ask(server, "/read", &site.token("read").await).await);
}

/// An endpoint that answers what it is told.
async fn told(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> SocketAddr {
    let handler = move || {
        let answer = answer.clone();
        async move { answer.into_response() }
    };
    listen(Router::new().route("/introspect", post(handler))).await
}

/// What a resource server answers at `/any` when the endpoint says `document`.
async fn said(configure: impl FnOnce(Remote) -> Remote, document: &str) -> Response {
    said_at("/any", configure, document).await
}

async fn said_at(path: &str, configure: impl FnOnce(Remote) -> Remote, document: &str) -> Response {
    let endpoint = told(([("content-type", "application/json")], document.to_owned())).await;
    let api = Credentials { id: "api".into(), secret: "secret".into() };
    let remote = validator(&format!("http://{endpoint}/introspect"), &api, &SteppingClock::default());
    ask(serve(configure(remote)).await, path, "token").await
}

fn document(members: &str) -> String {
    format!("{{\"active\":true,\"token_type\":\"Bearer\",\"exp\":{}{members}}}", START + 60)
}

#[tokio::test]
async fn answers_about_active_tokens_are_read_strictly() {
    let same = |remote| remote;
    let exp = START + 60;
    for (members, whose) in [
        ("", format!("- - `` {exp}")),
        (",\"scope\":null,\"sub\":null,\"aud\":null,\"cnf\":null,\"nbf\":null", format!("- - `` {exp}")),
        (",\"scope\":\"read unheard:of  write\",\"client_id\":\"c\"", format!("c - `read write` {exp}")),
        (",\"sub\":\"alice\",\"client_id\":\"c\",\"unheard_of\":[{}]", format!("c alice `` {exp}")),
        // A client that acts for itself is nobody's.
        (",\"sub\":\"c\",\"client_id\":\"c\"", format!("c - `` {exp}")),
        (&format!(",\"nbf\":{START}"), format!("- - `` {exp}")),
    ] {
        let answer = said(same, &document(members)).await;
        assert_eq!((answer.status, answer.body), (200, whose), "{members}");
    }
    let bearer = "{\"active\":true,\"token_type\":\"bEARER\",\"exp\":1800000001}";
    assert_good(&said(same, bearer).await);
    for refused in [
        "{\"active\":false}",
        "{\"active\":false,\"token_type\":\"Bearer\",\"exp\":1800000060}",
        "{\"active\":true}",
        "{\"active\":true,\"token_type\":\"Bearer\"}",
        "{\"active\":true,\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"DPoP\",\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"refresh_token\",\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000000}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":-1}",
        &document(",\"nbf\":1800000001"),
        // S78: without its key it is nothing.
        &document(",\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}"),
    ] {
        assert_invalid(&said(same, refused).await);
    }
}

/// S66: a token of which no scope is said has none.
#[tokio::test]
async fn a_missing_scope_is_no_scope() {
    for members in ["", ",\"scope\":null", ",\"scope\":\"\"", ",\"scope\":\"READ read:all\""] {
        let answer = said_at("/read", |remote| remote, &document(members)).await;
        answer.assert_error(403, "insufficient_scope", NOT_ENOUGH);
    }
    assert_good(&said_at("/read", |remote| remote, &document(",\"scope\":\"read\"")).await);
}

#[tokio::test]
async fn issuer_audience_and_token_type_are_as_expected() {
    let issuer = |remote: Remote| remote.issuer("https://id.example");
    assert_good(&said(issuer, &document("")).await);
    assert_good(&said(issuer, &document(",\"iss\":\"https://id.example\"")).await);
    assert_invalid(&said(issuer, &document(",\"iss\":\"https://id.example/\"")).await);
    let audience = |remote: Remote| remote.audience("photos");
    assert_good(&said(audience, &document(",\"aud\":\"photos\"")).await);
    assert_good(&said(audience, &document(",\"aud\":[\"albums\",\"photos\"]")).await);
    for wrong in ["", ",\"aud\":\"photos2\"", ",\"aud\":[]", ",\"aud\":[\"Photos\"]"] {
        assert_invalid(&said(audience, &document(wrong)).await);
    }
    assert_good(&said(Remote::without_token_type, "{\"active\":true,\"exp\":1800000060}").await);
    let other = "{\"active\":true,\"token_type\":\"DPoP\",\"exp\":1800000060}";
    assert_invalid(&said(Remote::without_token_type, other).await);
}

/// What is no answer of RFC 7662 says nothing about the token, in neither direction.
#[tokio::test]
async fn answers_that_are_none_are_503() {
    let same = |remote| remote;
    for broken in [
        "",
        "null",
        "true",
        "[]",
        "{}",
        "{\"active\":\"true\"}",
        "{\"active\":1}",
        "{\"active\":null}",
        "{\"Active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060}",
        "{\"active\":false,\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060} x",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":\"1800000060\"}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060.5}",
        &document(",\"scope\":[\"read\"]"),
        &document(",\"sub\":7"),
        &document(",\"aud\":{}"),
    ] {
        let answer = said(same, broken).await;
        assert_eq!(answer.status, 503, "{broken}");
        assert_unavailable(&answer);
    }
}

async fn answered(endpoint: SocketAddr) -> Response {
    let api = Credentials { id: "api".into(), secret: "secret".into() };
    let remote = validator(&format!("http://{endpoint}/introspect"), &api, &SteppingClock::default());
    ask(serve(remote).await, "/any", "token").await
}

#[tokio::test]
async fn other_kinds_of_answers_are_503() {
    let json = [("content-type", "application/json")];
    let good = document("");
    assert_good(
        &answered(told(([("content-type", "Application/JSON; charset=utf-8")], good.clone())).await).await,
    );
    for media_type in ["text/html", "application/jwt", "application/json-seq", ""] {
        assert_unavailable(&answered(told(([("content-type", media_type)], good.clone())).await).await);
    }
    for status in [201, 204, 206, 300, 400, 401, 403, 404, 429, 500] {
        let status = http::StatusCode::from_u16(status).unwrap();
        assert_unavailable(&answered(told((status, json, good.clone())).await).await);
    }
    let filled = |bytes: usize| format!("{}{}", good, " ".repeat(bytes - good.len()));
    assert_good(&answered(told((json, filled(MAX_ANSWER_BYTES))).await).await);
    assert_unavailable(&answered(told((json, filled(MAX_ANSWER_BYTES + 1))).await).await);
    let header = [("content-type", "application/json".to_owned()), ("x", "x".repeat(2 * MAX_ANSWER_BYTES))];
    assert_unavailable(&answered(told((header, good)).await).await);
}

/// A redirect would carry the token, and on the same host the credentials, to wherever it points.
#[tokio::test]
async fn redirects_are_not_followed() {
    let calls = Calls::new();
    let good = ([("content-type", "application/json")], document(""));
    let target = Router::new().route("/elsewhere", post(move || std::future::ready(good)));
    let elsewhere = listen(calls.counted(target)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = [("location", format!("http://{elsewhere}/elsewhere"))];
        let endpoint = told((http::StatusCode::from_u16(status).unwrap(), location)).await;
        assert_unavailable(&answered(endpoint).await);
    }
    assert_eq!(calls.taken(), 0);
}

#[tokio::test]
async fn endpoints_that_would_show_tokens_to_others_are_refused() {
    let new = |endpoint: &str| Remote::new(endpoint, "api", Secret::new("hunter2".into()));
    for good in [
        "https://id.example/oauth/introspect",
        "https://id.example/introspect?tenant=1",
        "http://127.0.0.1:8080/introspect",
        "http://[::1]/introspect",
        "http://localhost/introspect",
    ] {
        let shown = format!("{:?}", new(good).unwrap());
        assert!(shown.starts_with("RemoteIntrospection {") && !shown.contains("hunter2"), "{shown}");
    }
    let user = "it has a user name or a password; the credentials are parameters of their own";
    let loopback = "`http` is for loopback hosts only; use `https`";
    for (bad, shown, reason) in [
        ("", "", "it is not an absolute URL"),
        ("/oauth/introspect?hunter2", "", "it is not an absolute URL"),
        ("http://u:hunter2@id.example:x/i", "", "it is not an absolute URL"),
        ("http://id.example/x?key=hunter2", " `http://id.example/x`", loopback),
        ("http://127.0.0.1.evil.test/x", " `http://127.0.0.1.evil.test/x`", loopback),
        ("ftp://id.example/x", " `ftp://id.example/x`", "it is not an `https` URL"),
        // Without the slashes it is an opaque URL of the scheme `u`.
        ("u:hunter2@id.example/i", "", "it is not an `https` URL"),
        ("https://u:hunter2@id.example/x", " `https://id.example/x`", user),
        ("https://hunter2@id.example/x", " `https://id.example/x`", user),
        ("https://:hunter2@id.example/x", " `https://id.example/x`", user),
        ("https://id.example/x#hunter2", " `https://id.example/x`", "it has a fragment"),
    ] {
        let error = new(bad).unwrap_err();
        assert_eq!(error.to_string(), format!("the introspection endpoint{shown} is not usable: {reason}"));
        assert!(!format!("{error:?}").contains("hunter2"), "{bad}");
    }
}

/// `https` is not `http` to a port where nobody speaks TLS.
#[tokio::test]
async fn an_https_endpoint_is_spoken_to_over_tls_only() {
    let site = Site::open().await;
    let endpoint = site.endpoint.replace("http://", "https://");
    let server = serve(validator(&endpoint, &site.api, &site.running.clock)).await;
    assert_unavailable(&ask(server, "/read", &site.token("read").await).await);
    assert_eq!(site.calls.taken(), 0);
}

/// A server's own tokens first, and those of another server second.
#[tokio::test]
async fn remote_tokens_can_stand_behind_ones_own() {
    let site = Site::open().await;
    let own = Running::start().await;
    let robot = own.register(app("robot")).await;
    let grant = format!("grant_type={SMS_CODE}&phone=1&code=itself&scope=read");
    let own_token = own.token(&robot, &grant).await.json()["access_token"].as_str().unwrap().to_owned();
    let remote = validator(&site.endpoint, &site.api, &own.clock);
    let both = ResourceProtector::new(StoredTokens::of(&own.auth).or(remote));
    let acquired = both.acquire_token(&request(&own_token), Access::Read).await.unwrap();
    assert!(matches!(acquired, Either::First(_)));
    assert_eq!(site.calls.taken(), 0);
    let theirs = site.token("read").await;
    let acquired = both.acquire_token(&request(&theirs), Access::Read).await.unwrap();
    assert!(matches!(acquired, Either::Second(_)));
    assert_eq!(acquired.subject().map(Subject::as_str), Some("u-alice"));
    assert_eq!(site.calls.taken(), 1);
}
