//! `rotate = false`: a refresh token that is kept, for servers whose clients all authenticate.

use std::sync::atomic::{AtomicU32, Ordering};

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::running::{Database, Tokens, listen};

#[derive(Debug, Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
    /// Write
    #[scope("write")]
    Write,
}

#[grant(extension = "urn:test:badge", refresh_token, scopes(Access::Read, Access::Write))]
struct Badge {
    number: String,
}

impl ExtensionGrant<Auth> for Badge {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject(self.number))
    }
}

#[grant(refresh_token, rotate = false, ttl = 1h)]
struct Renewal;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Badge, Renewal),
    client_auth(client_secret_basic),
    signals(refresh_token_reused = count),
    allow(no_revocation_endpoint, reason = "no token ends here"),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    reused: AtomicU32,
}

/// A token that is kept comes back too, once it is revoked.
async fn count(auth: &Auth, _: &RefreshTokenReused) {
    auth.reused.fetch_add(1, Ordering::Relaxed);
}

#[protect(Auth, any)]
async fn whoami(token: Bearer<Auth>) -> String {
    format!("{} {}", token.subject().map_or("-", Subject::as_str), token.scope())
}

struct Site {
    database: Database,
    clock: SteppingClock,
    auth: Ready<Auth>,
    address: std::net::SocketAddr,
    secret: ClientSecret,
}

impl Site {
    async fn open() -> Self {
        let (database, clock) = (Database::default(), SteppingClock::default());
        let auth = Auth { db: database.store().await, reused: AtomicU32::new(0) };
        let auth = auth.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        let gate = Client { client_secret: Some(secret.hash()), ..Client::new("gate", ScopeSet::all()) };
        auth.clients().ensure(gate).await.unwrap();
        let app = Router::new().route("/whoami", get(whoami)).merge(auth.router()).with_state(auth.clone());
        Self { database, clock, auth, address: listen(app).await, secret }
    }

    async fn token(&self, body: String) -> Response {
        Request::form("/oauth/token", body).basic("gate", self.secret.expose()).send(self.address).await
    }

    async fn refresh(&self, token: &str, scope: &str) -> Response {
        self.token(format!("grant_type=refresh_token&refresh_token={token}&scope={scope}")).await
    }

    async fn badge(&self) -> Tokens {
        Tokens::of(&self.token("grant_type=urn:test:badge&number=7".into()).await)
    }

    async fn whoami(&self, answer: &Response) -> String {
        assert_eq!(answer.status, 200, "{answer:?}");
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        Request::get("/whoami").bearer(&token).send(self.address).await.body
    }
}

#[tokio::test]
async fn the_token_stays_good_until_it_expires() {
    let site = Site::open().await;
    let tokens = site.badge().await;
    for (scope, given) in [("", "read write"), ("write", "write"), ("", "read write")] {
        let answer = site.refresh(&tokens.refresh, scope).await;
        assert_eq!(answer.json()["refresh_token"], serde_json::Value::Null, "{answer:?}");
        assert_eq!(site.whoami(&answer).await, format!("7 {given}"));
    }
    // Nothing is consumed, so the first access token lives on too.
    assert_eq!(Request::get("/whoami").bearer(&tokens.access).send(site.address).await.status, 200);
    assert_eq!(site.database.number("SELECT COUNT(DISTINCT grant_id) FROM oauth2_token").await, 1);
    site.clock.step(3_599);
    assert_eq!(site.refresh(&tokens.refresh, "").await.status, 200);
    site.clock.step(1);
    let answer = site.refresh(&tokens.refresh, "").await;
    answer.assert_error(400, "invalid_grant", "the refresh token is not valid");
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let site = Site::open().await;
    let tokens = site.badge().await;
    assert_eq!(site.refresh(&tokens.refresh, "").await.status, 200);
    assert_eq!(site.auth.reused.load(Ordering::Relaxed), 0);
    site.database.execute("UPDATE oauth2_token SET revoked_at = 1800000000").await;
    let answer = site.refresh(&tokens.refresh, "").await;
    answer.assert_error(400, "invalid_grant", "the refresh token is not valid");
    assert_eq!(site.auth.reused.load(Ordering::Relaxed), 1);
}
