//! A server on which people sign in, declared as a user would declare it, and running on a loopback socket.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::routing::get;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use tokio::sync::Barrier;

use crate::browser::Browser;
use crate::clock::SteppingClock;
use crate::http::{Request, Response};
use crate::provider::Access;
use crate::running::{Credentials as ClientCredentials, Database, Tokens, listen};

/// A code with a column of its own.
#[derive(Debug, OAuth2Code)]
#[oauth2(table = "portal_code")]
#[expect(missing_docs, reason = "the fields are the roles")]
pub struct PortalCode {
    pub code: Digest<AuthorizationCode>,
    pub grant_id: GrantId,
    pub client_id: ClientId,
    pub subject: Subject,
    pub scope: ScopeSet<Access>,
    pub redirect_uri: Option<String>,
    pub code_challenge: Option<CodeChallenge>,
    pub expires_at: Timestamp,
    pub consumed_at: Option<Timestamp>,
    #[oauth2(default = "portal".to_owned())]
    pub origin: String,
}

/// People sign in with a browser.
#[grant(authorization_code, access_token_ttl = 10m, refresh_token)]
pub struct WebSignIn;

/// Apps stay signed in.
#[grant(refresh_token, ttl = 1h, access_token_ttl = 5m)]
pub struct Renewal;

/// Machines.
#[grant(client_credentials)]
pub struct Machine;

/// The server.
#[oauth2_server(
    models(code = PortalCode),
    scopes = Access,
    grants(WebSignIn, Renewal, Machine),
    endpoints(revocation, introspection),
    client_auth(none, client_secret_basic, client_secret_post),
    sign_in = password(check_password),
    subjects = subject_state,
    signals(
        token_issued = token_issued,
        token_revoked = token_revoked,
        refresh_token_reused = refresh_token_reused,
        code_replayed = code_replayed,
        consent_granted = consent_granted,
        consent_denied = consent_denied,
    ),
)]
pub struct Portal {
    /// The database.
    #[oauth2(store)]
    pub db: SqlStore<Sqlite>,
    /// The issuer.
    #[oauth2(issuer)]
    pub issuer: String,
    /// What happened.
    pub journal: Journal,
}

/// What the server's own functions were told, and what they answer.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Entries>>);

/// The contents of a [`Journal`].
#[derive(Debug, Default)]
pub struct Entries {
    /// One line a signal.
    pub signals: Vec<String>,
    /// Subjects that are disabled.
    pub disabled: BTreeSet<String>,
    /// Where requests wait for each other when the server asks about their subject.
    pub meeting: Option<Arc<Barrier>>,
    /// Subjects of whom nobody knows at the moment whether they are.
    pub failing: BTreeSet<String>,
}

impl Journal {
    /// Opens it.
    pub fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap()
    }

    /// The signals since the last call.
    #[must_use]
    pub fn signals(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().signals)
    }

    /// Disables a person.
    pub fn disable(&self, subject: &str) {
        self.lock().disabled.insert(subject.to_owned());
    }
}

impl Portal {
    fn record(&self, line: String) {
        self.journal.lock().signals.push(line);
    }
}

/// The password of the person `name` is `name-password`; their subject is `u-name`. Hashing would only cost time here.
async fn check_password(_: &Portal, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    let name = credentials.username();
    let right = *credentials.password().expose() == format!("{name}-password");
    Ok((right && !name.is_empty()).then(|| format!("u-{name}").into()))
}

async fn subject_state(portal: &Portal, subject: &Subject) -> Result<SubjectState, Error> {
    let (meeting, failing, disabled) = {
        let entries = portal.journal.lock();
        let listed = |subjects: &BTreeSet<String>| subjects.contains(subject.as_str());
        (entries.meeting.clone(), listed(&entries.failing), listed(&entries.disabled))
    };
    if let Some(meeting) = meeting {
        meeting.wait().await;
    }
    if failing {
        return Err(Error::new("the directory does not answer"));
    }
    Ok(if disabled { SubjectState::Disabled } else { SubjectState::Active })
}

async fn token_issued(portal: &Portal, event: &TokenIssued) {
    let subject = event.subject.as_ref().map_or("-", Subject::as_str);
    portal
        .record(format!("token_issued {} {subject} {} `{}`", event.client_id, event.grant_type, event.scope));
}

async fn token_revoked(portal: &Portal, event: &TokenRevoked) {
    portal.record(format!("token_revoked {} {}", event.client_id, event.tokens));
}

async fn refresh_token_reused(portal: &Portal, event: &RefreshTokenReused) {
    portal.record(format!("refresh_token_reused {} {}", event.client_id, event.revoked));
}

async fn code_replayed(portal: &Portal, event: &CodeReplayed) {
    let CodeReplayed { client_id, issued_to, subject, revoked, .. } = event;
    portal.record(format!("code_replayed {client_id} {issued_to} {subject} {revoked}"));
}

async fn consent_granted(portal: &Portal, event: &ConsentGranted) {
    portal.record(format!("consent_granted {} {} `{}`", event.client_id, event.subject, event.scope));
}

async fn consent_denied(portal: &Portal, event: &ConsentDenied) {
    let subject = event.subject.as_ref().map_or("-", Subject::as_str);
    portal.record(format!("consent_denied {} {subject} `{}`", event.client_id, event.scope));
}

/// Whose token it is.
#[protect(Portal, any)]
pub async fn whoami(token: Bearer<Portal>) -> String {
    token.subject().map_or("-", Subject::as_str).to_owned()
}

/// The redirect URI of the confidential clients.
pub const WEB_CALLBACK: &str = "https://web.example/cb";
/// The registered redirect URI of the public client.
pub const NATIVE_CALLBACK: &str = "http://127.0.0.1/cb";
/// A code verifier (RFC 7636 appendix B) ..
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// .. and its challenge.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The query of an authorization request with PKCE, and `more` parameters such as `&state=1`.
#[must_use]
pub fn request(client_id: &str, redirect_uri: &str, more: &str) -> String {
    let redirect_uri = encoded(redirect_uri);
    format!(
        "response_type=code&client_id={client_id}&redirect_uri={redirect_uri}&code_challenge={CHALLENGE}\
         &code_challenge_method=S256{more}"
    )
}

/// A value as a query has it.
#[must_use]
pub fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// A running server with the confidential clients `web` and `other` and the public client `native`.
#[derive(Debug)]
pub struct RunningPortal {
    /// The server.
    pub portal: Ready<Portal>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time.
    pub clock: SteppingClock,
    /// Its database.
    pub database: Database,
    /// The client that most tests use.
    pub web: ClientCredentials,
    /// Another one.
    pub other: ClientCredentials,
}

/// Starts a server over `database` that does not listen yet.
pub async fn ready(database: &Database, clock: &SteppingClock, issuer: &str) -> Ready<Portal> {
    over(database.store().await, clock, issuer).await
}

async fn over(db: SqlStore<Sqlite>, clock: &SteppingClock, issuer: &str) -> Ready<Portal> {
    let portal = Portal { db, issuer: issuer.to_owned(), journal: Journal::default() };
    portal.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap()
}

impl RunningPortal {
    /// Starts one with the issuer `http://127.0.0.1`.
    pub async fn start() -> Self {
        Self::start_as("http://127.0.0.1").await
    }

    /// Starts one with this issuer.
    pub async fn start_as(issuer: &str) -> Self {
        let database = Database::default();
        Self::run(database.store().await, database, issuer).await
    }

    /// Starts one over a store of the test's own, which is in `database`.
    pub async fn start_over(db: SqlStore<Sqlite>, database: Database) -> Self {
        Self::run(db, database, "http://127.0.0.1").await
    }

    async fn run(db: SqlStore<Sqlite>, database: Database, issuer: &str) -> Self {
        let clock = SteppingClock::default();
        let portal = over(db, &clock, issuer).await;
        let app = Router::new().route("/whoami", get(whoami)).merge(portal.router());
        let address = listen(app.with_state(portal.clone())).await;
        let web = register(&portal, client("web", &[WEB_CALLBACK])).await;
        let other = register(&portal, client("other", &["https://other.example/cb"])).await;
        portal.clients().ensure(client("native", &[NATIVE_CALLBACK])).await.unwrap();
        Self { portal, address, clock, database, web, other }
    }

    /// A browser that nobody has used yet.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/login").await;
        let answer = browser.sign_in(&page, "/login", name, &format!("{name}-password")).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/login")), "{answer:?}");
        browser
    }

    /// Walks an authorization request through consent; the parameters that reach the client.
    pub async fn authorize(&self, browser: &mut Browser, query: &str) -> Vec<(String, String)> {
        let target = format!("/oauth/authorize?{query}");
        let mut answer = browser.get(&target).await;
        if answer.header("location").is_some_and(|to| to.starts_with("/consent?")) {
            let page = answer.header("location").unwrap().to_owned();
            let consent = browser.get(&page).await;
            answer = browser.decide(&consent, &page, "allow").await;
        }
        assert_eq!(answer.status, 303, "{answer:?}");
        parameters(answer.header("location").unwrap())
    }

    /// A code for the client `web`, and the scope it asked for, of a person who signs in with a browser of their own.
    pub async fn code(&self, name: &str, scope: &str) -> String {
        let mut browser = self.signed_in(name).await;
        let query = request("web", WEB_CALLBACK, &format!("&scope={}", encoded(scope)));
        value(&self.authorize(&mut browser, &query).await, "code")
    }

    /// Redeems a code as the client `web` did ask for it.
    pub async fn redeem(&self, code: &str) -> Response {
        self.token(&self.web, &redemption(code)).await
    }

    /// Tokens for a person.
    pub async fn tokens(&self, name: &str, scope: &str) -> Tokens {
        let code = self.code(name, scope).await;
        Tokens::of(&self.redeem(&code).await)
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Response {
        request.send(self.address).await
    }

    /// A token request with HTTP Basic.
    pub async fn token(&self, client: &ClientCredentials, body: &str) -> Response {
        self.send(Request::form("/oauth/token", body).basic(&client.id, &client.secret)).await
    }

    /// Redeems a refresh token of the client `web`.
    pub async fn refresh(&self, refresh_token: &str) -> Response {
        self.token(&self.web, &format!("grant_type=refresh_token&refresh_token={refresh_token}")).await
    }

    /// What `client` learns of a token.
    pub async fn introspect(&self, client: &ClientCredentials, token: &str) -> Response {
        let request = Request::form("/oauth/introspect", format!("token={token}"));
        self.send(request.basic(&client.id, &client.secret)).await
    }

    /// Whether the client `web` learns that its token is live.
    pub async fn is_active(&self, token: &str) -> bool {
        self.introspect(&self.web, token).await.json()["active"].as_bool().unwrap()
    }
}

/// The body that redeems a code of the client `web`.
#[must_use]
pub fn redemption(code: &str) -> String {
    let redirect_uri = encoded(WEB_CALLBACK);
    format!("grant_type=authorization_code&code={code}&redirect_uri={redirect_uri}&code_verifier={VERIFIER}")
}

/// A public client that may ask for everything.
#[must_use]
pub fn client(client_id: &str, redirect_uris: &[&str]) -> Client<Access> {
    Client {
        redirect_uris: redirect_uris.iter().copied().collect(),
        ..Client::new(client_id, ScopeSet::all())
    }
}

/// Stores the client and gives it a secret.
pub async fn register(portal: &Ready<Portal>, client: Client<Access>) -> ClientCredentials {
    let secret = ClientSecret::generate().unwrap();
    let id = client.client_id.as_str().to_owned();
    portal.clients().ensure(Client { client_secret: Some(secret.hash()), ..client }).await.unwrap();
    ClientCredentials { id, secret: secret.expose().to_owned() }
}

/// The parameters in the query of a URL.
#[must_use]
pub fn parameters(url: &str) -> Vec<(String, String)> {
    url::Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

/// The value of a parameter that is there once.
#[must_use]
pub fn value(parameters: &[(String, String)], name: &str) -> String {
    let mut values = parameters.iter().filter(|(found, _)| found == name);
    let value = values.next().unwrap_or_else(|| panic!("no `{name}` in {parameters:?}"));
    assert!(values.next().is_none(), "`{name}` is there twice: {parameters:?}");
    value.1.clone()
}
