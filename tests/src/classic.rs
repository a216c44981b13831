//! A server for people who migrate: every grant of RFC 6749, under the profile that still has them, running on a loopback socket.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::routing::get;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_runtime::types::AuthorizationResponse;

use crate::browser::Browser;
use crate::clock::SteppingClock;
use crate::http::{Request, Response};
use crate::portal::{NATIVE_CALLBACK, WEB_CALLBACK, client, encoded, value};
use crate::provider::Access;
use crate::running::{Credentials as ClientCredentials, Database, listen};

/// People sign in with a browser, and clients may leave PKCE out.
#[grant(authorization_code, pkce = false, refresh_token)]
pub struct SignIn;

/// The token is in the answer to the browser.
#[grant(implicit, access_token_ttl = 10m, extensions(SecondThoughts))]
pub struct Script;

/// An application asks for the password; never with `admin`.
#[grant(password, access_token_ttl = 20m, refresh_token, scopes(Access::Read, Access::Write))]
pub struct Till;

/// Apps stay signed in.
#[grant(refresh_token, ttl = 1h, access_token_ttl = 5m)]
pub struct Renewal;

/// Machines.
#[grant(client_credentials)]
pub struct Machine;

/// The grant type of [`Badge`].
pub const BADGE: &str = "urn:test:badge";

/// Whoever has the badge.
#[grant(extension = "urn:test:badge")]
pub struct Badge;

impl ExtensionGrant<Classic> for Badge {
    async fn authorize(self, _: &GrantContext<'_, Classic>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject("u-badge"))
    }
}

/// The server.
#[oauth2_server(
    scopes = Access,
    grants(SignIn, Script, Till, Renewal, Machine, Badge),
    endpoints(revocation, introspection),
    client_auth(none, client_secret_basic, client_secret_post),
    sign_in = password(check_password),
    subjects = subject_state,
    signals(token_issued = token_issued, consent_granted = consent_granted, token_revoked = token_revoked),
    profile = "rfc6749",
    allow(implicit_grant, reason = "the portal's script is older than CORS"),
    allow(password_grant, reason = "the tills have no browser"),
)]
pub struct Classic {
    /// The database.
    #[oauth2(store)]
    pub db: SqlStore<Sqlite>,
    /// The issuer.
    #[oauth2(issuer)]
    pub issuer: String,
    /// What happened.
    pub journal: Journal,
    password: PasswordHash,
}

/// What the server's own functions were told, and what they do.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Entries>>);

/// The contents of a [`Journal`].
#[derive(Debug, Default)]
pub struct Entries {
    /// One line a signal.
    pub signals: Vec<String>,
    /// Subjects that are disabled.
    pub disabled: BTreeSet<String>,
    /// Who takes their consent back at the very moment the answer is made.
    pub second_thoughts: Option<String>,
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
}

impl Classic {
    fn record(&self, line: String) {
        self.journal.lock().signals.push(line);
    }
}

/// Somebody takes their consent back while the server makes the answer.
pub struct SecondThoughts;

impl Extension<Classic> for SecondThoughts {
    type Reach = AuthorizationRequests;
}

impl AuthorizationExtension<Classic> for SecondThoughts {
    async fn authorization_response(
        cx: &AuthorizationContext<'_, Classic>,
        _: &mut AuthorizationResponse,
    ) -> Result<(), OAuthError> {
        let who = cx.server().journal.lock().second_thoughts.clone();
        if let Some(who) = who {
            cx.server().people().withdraw_consent(&who.into(), &cx.client().client_id).await?;
        }
        Ok(())
    }
}

/// The password of everybody.
pub const PASSWORD: &str = "wonderland";

/// There are Alice and David; their subjects are `u-alice` and `u-david`.
async fn check_password(server: &Classic, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    let name = credentials.username();
    let known = ["alice", "david"].contains(&name);
    credentials.verify(known.then(|| (format!("u-{name}"), &server.password))).await
}

async fn subject_state(server: &Classic, subject: &Subject) -> Result<SubjectState, Error> {
    let disabled = server.journal.lock().disabled.contains(subject.as_str());
    Ok(if disabled { SubjectState::Disabled } else { SubjectState::Active })
}

async fn token_issued(server: &Classic, event: &TokenIssued) {
    let subject = event.subject.as_ref().map_or("-", Subject::as_str);
    let refresh = if event.refresh_token { "refreshable" } else { "final" };
    let (client_id, grant_type, scope) = (&event.client_id, event.grant_type, &event.scope);
    server.record(format!("token_issued {client_id} {subject} {grant_type} `{scope}` {refresh}"));
}

async fn consent_granted(server: &Classic, event: &ConsentGranted) {
    server.record(format!("consent_granted {} {} `{}`", event.client_id, event.subject, event.scope));
}

async fn token_revoked(server: &Classic, event: &TokenRevoked) {
    server.record(format!("token_revoked {} {}", event.client_id, event.tokens));
}

/// Whose token it is.
#[protect(Classic, any)]
pub async fn whoami(token: Bearer<Classic>) -> String {
    let subject = token.subject().map_or("-", Subject::as_str);
    format!("{} {subject} `{}`", token.client_id, token.scope())
}

/// A running server. Its clients: `web`, confidential, for everything but the implicit grant; `script`, public, for the
/// implicit grant; `till`, public, for the password grant; `plain`, confidential, whose row does not list its grants.
#[derive(Debug)]
pub struct RunningClassic {
    /// The server.
    pub server: Ready<Classic>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time.
    pub clock: SteppingClock,
    /// Its database.
    pub database: Database,
    /// The client `web`.
    pub web: ClientCredentials,
    /// The client `plain`.
    pub plain: ClientCredentials,
}

impl RunningClassic {
    /// Starts one with the issuer `http://127.0.0.1`.
    pub async fn start() -> Self {
        let (database, clock) = (Database::default(), SteppingClock::default());
        let password = PasswordHash::generate(&Secret::new(PASSWORD)).await.unwrap();
        let (db, issuer) = (database.store().await, "http://127.0.0.1".to_owned());
        let server = Classic { db, issuer, journal: Journal::default(), password };
        let server = server.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap();
        let app = Router::new().route("/whoami", get(whoami)).merge(server.router());
        let address = listen(app.with_state(server.clone())).await;
        let types = ["authorization_code", "password", "refresh_token", "client_credentials", BADGE];
        let web = register(&server, using(client("web", &[WEB_CALLBACK]), &types)).await;
        let plain = register(&server, client("plain", &[WEB_CALLBACK])).await;
        for client in [
            using(client("script", &[WEB_CALLBACK]), &["implicit"]),
            using(client("till", &[NATIVE_CALLBACK]), &["password"]),
        ] {
            server.clients().ensure(client).await.unwrap();
        }
        Self { server, address, clock, database, web, plain }
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Response {
        request.send(self.address).await
    }

    /// A token request with HTTP Basic.
    pub async fn token(&self, client: &ClientCredentials, body: &str) -> Response {
        self.send(Request::form("/oauth/token", body).basic(&client.id, &client.secret)).await
    }

    /// A token request of a public client.
    pub async fn bare_token(&self, body: &str) -> Response {
        self.send(Request::form("/oauth/token", body)).await
    }

    /// A browser in which Alice has signed in.
    pub async fn signed_in(&self) -> Browser {
        let mut browser = Browser::new(self.address);
        let page = browser.get("/login").await;
        let answer = browser.sign_in(&page, "/login", "alice", PASSWORD).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/login")), "{answer:?}");
        browser
    }

    /// Walks an authorization request through consent, if somebody must be asked; what is sent to the client.
    pub async fn authorize(&self, browser: &mut Browser, query: &str) -> Response {
        let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
        let Some(consent) = answer.header("location").filter(|to| to.starts_with("/consent?")) else {
            return answer;
        };
        let page = browser.get(consent).await;
        browser.decide(&page, consent, "allow").await
    }

    /// An access token of Alice by the implicit grant.
    pub async fn implicit_token(&self, scope: &str) -> String {
        let answer = self.authorize(&mut self.signed_in().await, &asks("script", scope)).await;
        value(&fragment(answer.header("location").unwrap()), "access_token")
    }

    /// What `/whoami` answers.
    pub async fn whoami(&self, access_token: &str) -> Response {
        self.send(Request::get("/whoami").bearer(access_token)).await
    }

    /// How many tokens there are, revoked ones included.
    pub async fn stored_tokens(&self) -> i64 {
        self.database.number("SELECT COUNT(*) FROM oauth2_token").await
    }

    /// How many consents there are.
    pub async fn stored_consents(&self) -> i64 {
        self.database.number("SELECT COUNT(*) FROM oauth2_consent").await
    }
}

/// The client with these grant types.
#[must_use]
pub fn using(client: Client<Access>, grant_types: &[&str]) -> Client<Access> {
    Client { grant_types: Some(grant_types.iter().copied().collect()), ..client }
}

/// Stores the client and gives it a secret.
pub async fn register(server: &Ready<Classic>, client: Client<Access>) -> ClientCredentials {
    let secret = ClientSecret::generate().unwrap();
    let id = client.client_id.as_str().to_owned();
    server.clients().ensure(Client { client_secret: Some(secret.hash()), ..client }).await.unwrap();
    ClientCredentials { id, secret: secret.expose().to_owned() }
}

/// The query of a request for a token, of a client with the redirect URI of the web.
#[must_use]
pub fn asks(client_id: &str, scope: &str) -> String {
    let (redirect_uri, scope) = (encoded(WEB_CALLBACK), encoded(scope));
    format!("response_type=token&client_id={client_id}&redirect_uri={redirect_uri}&scope={scope}")
}

/// The parameters in the fragment of a URL.
#[must_use]
pub fn fragment(url: &str) -> Vec<(String, String)> {
    let url = url::Url::parse(url).unwrap();
    let fragment = url.fragment().unwrap_or_else(|| panic!("no fragment in {url}"));
    url::form_urlencoded::parse(fragment.as_bytes()).into_owned().collect()
}
