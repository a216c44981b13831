//! A server that makes the values of its tokens itself, running on a loopback socket.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;

use crate::clock::SteppingClock;
use crate::http::{Request, Response};
use crate::provider::Access;
use crate::running::{Credentials, Database, Tokens, listen};

/// Machines; what they get is scripted by the test.
#[grant(client_credentials, access_token_ttl = 10m)]
pub struct Machine;

/// A person by the number of their badge.
#[grant(extension = "urn:test:badge", access_token_ttl = 20m, refresh_token)]
pub struct Badge {
    number: String,
}

impl ExtensionGrant<Mint> for Badge {
    async fn authorize(self, _: &GrantContext<'_, Mint>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject(self.number))
    }
}

/// The same, with the tokens of the framework.
#[grant(extension = "urn:test:plain", refresh_token)]
pub struct Plain {
    number: String,
}

impl ExtensionGrant<Mint> for Plain {
    async fn authorize(self, _: &GrantContext<'_, Mint>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject(self.number))
    }
}

/// Renewal.
#[grant(refresh_token, ttl = 1h, access_token_ttl = 5m)]
pub struct Renewal;

/// The server.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine, Badge, Plain, Renewal),
    endpoints(revocation, introspection),
    client_auth(none, client_secret_basic),
    tokens(default = Labelled, Machine = Scripted, Plain = oauth2_runtime::token::OpaqueTokens),
    signals(token_issued = token_issued, token_revoked = token_revoked),
)]
pub struct Mint {
    /// The database.
    #[oauth2(store)]
    pub db: SqlStore<Sqlite>,
    /// What the generators were told and are to answer.
    pub desk: Desk,
}

/// What the generators were told and are to answer.
#[derive(Debug, Clone, Default)]
pub struct Desk(Arc<Mutex<Papers>>);

/// The contents of a [`Desk`].
#[derive(Debug, Default)]
struct Papers {
    seen: Vec<String>,
    script: Script,
}

/// What [`Scripted`] answers; what is absent is as shipped.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The access token, or the failure of the signer.
    pub access_token: Option<Result<String, String>>,
    /// How long it lives.
    pub lifetime: Option<Duration>,
}

impl Desk {
    /// What was seen since the last call.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().seen)
    }

    /// From now on.
    pub fn script(&self, script: Script) {
        self.0.lock().unwrap().script = script;
    }

    fn record(&self, line: String) {
        self.0.lock().unwrap().seen.push(line);
    }

    fn scripted(&self) -> Script {
        self.0.lock().unwrap().script.clone()
    }
}

/// Tokens that say whose they are.
pub struct Labelled;

impl TokenGenerator<Mint> for Labelled {
    async fn access_token(cx: &GeneratorContext<'_, Mint>) -> Result<Secret<String>, Error> {
        cx.server().desk.record(format!(
            "{} {} {} `{}` {:?} at {}",
            cx.client().client_id,
            cx.subject().map_or("-", Subject::as_str),
            cx.grant_type(),
            cx.scope(),
            cx.lifetime(),
            cx.now().unix_seconds(),
        ));
        // As a signer elsewhere would take its time.
        tokio::task::yield_now().await;
        Ok(Secret::new(format!("acme.{}", cx.opaque_access_token()?.expose())))
    }

    async fn refresh_token(cx: &GeneratorContext<'_, Mint>) -> Result<Secret<String>, Error> {
        Ok(Secret::new(format!("acme~{}==", cx.opaque_refresh_token()?.expose())))
    }
}

/// Whatever the test wants.
pub struct Scripted;

impl TokenGenerator<Mint> for Scripted {
    fn lifetime(cx: &GeneratorContext<'_, Mint>) -> Duration {
        cx.server().desk.scripted().lifetime.unwrap_or(cx.lifetime())
    }

    async fn access_token(cx: &GeneratorContext<'_, Mint>) -> Result<Secret<String>, Error> {
        cx.server().desk.record(format!("{:?}", cx.lifetime()));
        match cx.server().desk.scripted().access_token {
            None => cx.opaque_access_token(),
            Some(Ok(value)) => Ok(Secret::new(value)),
            Some(Err(failure)) => Err(Error::new(failure)),
        }
    }
}

async fn token_issued(mint: &Mint, event: &TokenIssued) {
    mint.desk.record(format!("token_issued {}", event.client_id));
}

async fn token_revoked(mint: &Mint, event: &TokenRevoked) {
    mint.desk.record(format!("token_revoked {} {}", event.client_id, event.tokens));
}

/// Whose token it is.
#[protect(Mint, any)]
pub async fn whoami(token: Bearer<Mint>) -> String {
    format!("{} {}", token.client_id, token.subject().map_or("-", Subject::as_str))
}

/// A running server with the confidential clients `robot` and `other`.
#[derive(Debug)]
pub struct RunningMint {
    /// The server.
    pub mint: Ready<Mint>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time.
    pub clock: SteppingClock,
    /// Its database.
    pub database: Database,
    /// The client that most tests use.
    pub robot: Credentials,
    /// Another one.
    pub other: Credentials,
}

impl RunningMint {
    /// Starts one.
    pub async fn start() -> Self {
        let (database, clock) = (Database::default(), SteppingClock::default());
        let mint = Mint { db: database.store().await, desk: Desk::default() };
        let mint = mint.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap();
        let app = Router::new().route("/whoami", get(whoami)).merge(mint.router());
        let address = listen(app.with_state(mint.clone())).await;
        let robot = register(&mint, Client::new("robot", ScopeSet::all())).await;
        let other = register(&mint, Client::new("other", ScopeSet::all())).await;
        Self { mint, address, clock, database, robot, other }
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Response {
        request.send(self.address).await
    }

    /// A request with HTTP Basic.
    pub async fn post(&self, client: &Credentials, path: &str, body: &str) -> Response {
        self.send(Request::form(path, body).basic(&client.id, &client.secret)).await
    }

    /// A token request of the client `robot`.
    pub async fn token(&self, body: &str) -> Response {
        self.post(&self.robot, "/oauth/token", body).await
    }

    /// Tokens of the client `robot` for a person.
    pub async fn tokens(&self) -> Tokens {
        Tokens::of(&self.token("grant_type=urn:test:badge&number=7&scope=read").await)
    }

    /// What `/whoami` answers.
    pub async fn whoami(&self, access_token: &str) -> Response {
        self.send(Request::get("/whoami").bearer(access_token)).await
    }

    /// What the client `robot` learns of a token; `more` is a hint.
    pub async fn introspect(&self, token: &str, more: &str) -> serde_json::Value {
        let token = crate::portal::encoded(token);
        self.post(&self.robot, "/oauth/introspect", &format!("token={token}{more}")).await.json()
    }

    /// How many rows of tokens there are.
    pub async fn stored_tokens(&self) -> i64 {
        self.database.number("SELECT COUNT(*) FROM oauth2_token").await
    }
}

/// Stores the client and gives it a secret.
pub async fn register(mint: &Ready<Mint>, client: Client<Access>) -> Credentials {
    let secret = ClientSecret::generate().unwrap();
    let id = client.client_id.as_str().to_owned();
    mint.clients().ensure(Client { client_secret: Some(secret.hash()), ..client }).await.unwrap();
    Credentials { id, secret: secret.expose().to_owned() }
}
