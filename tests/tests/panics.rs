//! Code of the application that panics while people sign in: one answer, and everybody else is served.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::boom::{BOOM, expect_panics};
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{WEB_CALLBACK, client, parameters, redemption, request, value};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials as ClientCredentials, Database, Tokens};
use tokio::net::TcpListener;

#[grant(authorization_code, refresh_token)]
struct WebSignIn;

#[grant(refresh_token)]
struct Renewal;

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(WebSignIn, Renewal),
    endpoints(revocation, introspection),
    client_auth(client_secret_basic),
    sign_in = password(check_password),
    subjects = subject_state,
    signals(consent_granted = granted, consent_denied = denied, token_issued = issued, token_revoked = revoked),
)]
struct Fragile {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    /// What panics.
    broken: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Fragile {
    fn visit(&self, place: &'static str) {
        // Let go before the panic, which is not what is tested here.
        let broken = self.broken.lock().unwrap().contains(place);
        assert!(!broken, "{BOOM}");
    }
}

async fn check_password(server: &Fragile, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    tokio::task::yield_now().await;
    server.visit("sign_in");
    assert!(credentials.username() != "boom", "{BOOM}: {}", credentials.password().expose());
    let right = *credentials.password().expose() == format!("{}-password", credentials.username());
    Ok(right.then(|| format!("u-{}", credentials.username()).into()))
}

async fn subject_state(server: &Fragile, _: &Subject) -> Result<SubjectState, Error> {
    tokio::task::yield_now().await;
    server.visit("subjects");
    Ok(SubjectState::Active)
}

async fn granted(server: &Fragile, _: &ConsentGranted) {
    server.visit("signals");
}

async fn denied(server: &Fragile, _: &ConsentDenied) {
    server.visit("signals");
}

async fn issued(server: &Fragile, _: &TokenIssued) {
    server.visit("signals");
}

async fn revoked(server: &Fragile, _: &TokenRevoked) {
    server.visit("signals");
}

struct Site {
    address: SocketAddr,
    database: Database,
    web: ClientCredentials,
    broken: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Site {
    async fn open() -> Self {
        expect_panics();
        let database = Database::default();
        let broken = Arc::new(Mutex::new(BTreeSet::new()));
        let fragile = Fragile { db: database.store().await, broken: Arc::clone(&broken) };
        let fragile = fragile.ready().await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        let web: Client<Access> = client("web", &[WEB_CALLBACK]);
        fragile.clients().ensure(Client { client_secret: Some(secret.hash()), ..web }).await.unwrap();
        let web = ClientCredentials { id: "web".into(), secret: secret.expose().to_owned() };
        // Not with `serve`, which would answer for an endpoint that does not.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, app) = (listener.local_addr().unwrap(), fragile.router());
        tokio::spawn(async { axum::serve(listener, app).await });
        Self { address, database, web, broken }
    }

    fn break_at(&self, place: &'static str) {
        self.broken.lock().unwrap().insert(place);
    }

    fn mend(&self) {
        self.broken.lock().unwrap().clear();
    }

    async fn client(&self, path: &str, body: &str) -> Response {
        Request::form(path, body).basic(&self.web.id, &self.web.secret).send(self.address).await
    }

    async fn rows(&self, table: &str) -> i64 {
        self.database.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// Tokens of a person who has signed in and agreed.
    async fn tokens(&self) -> Tokens {
        let mut browser = self.signed_in().await;
        let target = format!("/consent?{}", query());
        let page = browser.get(&target).await;
        let answer = browser.decide(&page, &target, "allow").await;
        let code = value(&parameters(answer.header("location").unwrap()), "code");
        Tokens::of(&self.client("/oauth/token", &redemption(&code)).await)
    }

    async fn signed_in(&self) -> Browser {
        let mut browser = Browser::new(self.address);
        let page = browser.get("/login").await;
        assert_eq!(browser.sign_in(&page, "/login", "alice", "alice-password").await.status, 303);
        browser
    }
}

/// The exact answer, and so nothing of the panic, of a password or of a cookie.
#[track_caller]
fn assert_failed(answer: &Response) {
    answer.assert_error(500, "server_error", "the server failed");
    assert_eq!((answer.header("set-cookie"), answer.header("location")), (None, None));
}

fn query() -> String {
    request("web", WEB_CALLBACK, "&scope=read")
}

/// F27: in the function of `sign_in = ..`. The form that failed can be sent again.
#[tokio::test]
async fn a_panic_in_the_password_check() {
    let site = Site::open().await;
    let mut browser = Browser::new(site.address);
    let page = browser.get("/login").await;
    site.break_at("sign_in");
    for _ in 0..3 {
        assert_failed(&browser.sign_in(&page, "/login", "alice", "alice-password").await);
    }
    assert_eq!(site.rows("oauth2_session").await, 0);
    assert_eq!(browser.get("/login").await.status, 200);
    site.mend();
    assert_failed(&browser.sign_in(&page, "/login", "boom", "boom-password").await);
    assert_eq!(browser.sign_in(&page, "/login", "alice", "alice-password").await.status, 303);
}

/// F27: in the function of `subjects = ..`, wherever it is asked. Nothing is used up by a request that failed.
#[tokio::test]
async fn a_panic_in_the_subject_check() {
    let site = Site::open().await;
    let mut browser = Browser::new(site.address);
    let page = browser.get("/login").await;
    site.break_at("subjects");
    assert_failed(&browser.sign_in(&page, "/login", "alice", "alice-password").await);
    assert_eq!(site.rows("oauth2_session").await, 0);
    site.mend();
    let mut browser = site.signed_in().await;
    let target = format!("/consent?{}", query());
    let page = browser.get(&target).await;
    site.break_at("subjects");
    assert_failed(&browser.get(&format!("/oauth/authorize?{}", query())).await);
    assert_failed(&browser.decide(&page, &target, "allow").await);
    assert_eq!((site.rows("oauth2_code").await, site.rows("oauth2_consent").await), (0, 0));
    site.mend();
    let answer = browser.decide(&page, &target, "allow").await;
    let code = value(&parameters(answer.header("location").unwrap()), "code");
    site.break_at("subjects");
    assert_failed(&site.client("/oauth/token", &redemption(&code)).await);
    assert_eq!(site.rows("oauth2_token").await, 0);
    site.mend();
    let tokens = Tokens::of(&site.client("/oauth/token", &redemption(&code)).await);
    let refresh = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
    site.break_at("subjects");
    assert_failed(&site.client("/oauth/token", &refresh).await);
    site.mend();
    assert_eq!(site.client("/oauth/token", &refresh).await.status, 200);
}

/// F27: in a handler of a signal, which comes after the fact and cannot undo it.
#[tokio::test]
async fn a_panic_in_a_signal_handler() {
    let site = Site::open().await;
    site.break_at("signals");
    let mut browser = site.signed_in().await;
    let target = format!("/consent?{}", query());
    let page = browser.get(&target).await;
    let answer = browser.decide(&page, &target, "deny").await;
    assert!(answer.header("location").unwrap().contains("error=access_denied"), "{answer:?}");
    let answer = browser.decide(&page, &target, "allow").await;
    let code = value(&parameters(answer.header("location").unwrap()), "code");
    let tokens = Tokens::of(&site.client("/oauth/token", &redemption(&code)).await);
    let active = async || {
        site.client("/oauth/introspect", &format!("token={}", tokens.access)).await.json()["active"].clone()
    };
    assert_eq!(active().await, true);
    assert_eq!(site.client("/oauth/revoke", &format!("token={}", tokens.refresh)).await.status, 200);
    assert_eq!(active().await, false);
}

/// Refreshes once and looks at the new token, as often as it is called.
async fn goes_on(site: &Site, tokens: &mut Tokens) {
    let refresh = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
    *tokens = Tokens::of(&site.client("/oauth/token", &refresh).await);
    let answer = site.client("/oauth/introspect", &format!("token={}", tokens.access)).await;
    assert_eq!((answer.status, &answer.json()["active"]), (200, &true.into()), "{answer:?}");
}

/// S115, F27: one request in ten panics, all at once with the others, and no other is touched: neither sign-ins, nor refreshes
/// and introspections of live tokens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_panics_hurts_nobody_else() {
    const TASKS: usize = 20;
    const EACH: usize = 50;
    let site = Arc::new(Site::open().await);
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let site = Arc::clone(&site);
            tokio::spawn(async move {
                let mut tokens = site.tokens().await;
                let mut browser = Browser::new(site.address);
                let mut panicked = 0;
                for number in 0..EACH {
                    let page = browser.get(&format!("/login?{}", query())).await;
                    let target = format!("/login?{}", query());
                    if (task + number).is_multiple_of(10) {
                        let boom = browser.sign_in(&page, &target, "boom", "boom-password");
                        let (answer, ()) = tokio::join!(boom, goes_on(&site, &mut tokens));
                        assert_failed(&answer);
                        panicked += 1;
                    } else {
                        let answer = browser.sign_in(&page, &target, "alice", "alice-password").await;
                        assert_eq!(answer.status, 303, "{answer:?}");
                    }
                }
                panicked
            })
        })
        .collect();
    let mut panicked = 0;
    for task in tasks {
        panicked += task.await.unwrap();
    }
    assert_eq!(panicked, TASKS * EACH / 10);
    // Each browser's last session, and none of those it replaced: one that agreed to the tokens, one that signed in again.
    assert_eq!(site.rows("oauth2_session").await, i64::try_from(2 * TASKS).unwrap());
    let live = "SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL";
    assert_eq!(site.database.number(live).await, i64::try_from(TASKS).unwrap());
}
