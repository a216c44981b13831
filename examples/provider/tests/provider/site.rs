//! A running provider with people and clients.

use std::net::SocketAddr;

use oauth2_runtime::prelude::ClientSecret;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{encoded, request, value};
use oauth2_tests::running::{Credentials, Database, Tokens};
use serde_json::{Value, json};

use crate::process::{Ended, Process};

/// The redirect URI of the client `web`.
pub(crate) const CALLBACK: &str = "https://client.example/cb";
/// The password of Alice.
pub(crate) const PASSWORD: &str = "wonderland";

/// The provider and its folder.
pub(crate) struct Site {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    pub(crate) database: Database,
    /// A client for the web, with the secret of another server.
    pub(crate) web: Credentials,
    /// A machine, with a generated secret.
    pub(crate) robot: Credentials,
    /// A resource server, which introspects every token.
    pub(crate) resource: Credentials,
}

/// The seed of every test that does not bring its own.
pub(crate) fn seed(generated: &ClientSecret) -> Value {
    json!({
        "users": [
            { "sub": "u-alice", "username": "alice", "password": PASSWORD,
              "claims": { "name": "Alice", "email": "alice@example.test", "email_verified": true } },
            { "sub": "u-bob", "username": "bob", "password": "builder" },
        ],
        "clients": [
            { "client_id": "web", "client_secret": "from another server", "client_name": "Web app",
              "redirect_uris": [CALLBACK], "grant_types": ["authorization_code", "refresh_token"],
              "response_types": ["code"], "scope": "profile email photos:read photos:write",
              "token_endpoint_auth_method": "client_secret_basic" },
            { "client_id": "native", "client_name": "Native app", "redirect_uris": ["http://127.0.0.1/cb"],
              "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
              "scope": "profile photos:read", "token_endpoint_auth_method": "none" },
            { "client_id": "robot", "client_secret": generated.expose(), "grant_types": ["client_credentials"],
              "scope": "photos:read photos:write", "token_endpoint_auth_method": "client_secret_basic" },
            { "client_id": "resource", "client_secret": "behind the API", "grant_types": [],
              "token_endpoint_auth_method": "client_secret_post", "introspect": true },
        ],
    })
}

fn credentials(id: &str, secret: &str) -> Credentials {
    Credentials { id: id.to_owned(), secret: secret.to_owned() }
}

/// Writes a seed into the database's folder.
pub(crate) fn write_seed(database: &Database, seed: &Value) {
    std::fs::write(database.folder().join("seed.json"), seed.to_string()).unwrap();
}

impl Site {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one on a free port with more flags.
    pub(crate) fn start_with(flags: &[&str]) -> Self {
        let generated = ClientSecret::generate().unwrap();
        Self::start_over(Database::default(), &generated, flags)
    }

    /// Starts one over a folder that may have been used before.
    pub(crate) fn start_over(database: Database, generated: &ClientSecret, flags: &[&str]) -> Self {
        Self::start_seeded(database, generated, &seed(generated), flags)
    }

    /// Starts one with a seed that has the clients of [`seed`] and more.
    pub(crate) fn start_seeded(
        database: Database,
        generated: &ClientSecret,
        seed: &Value,
        flags: &[&str],
    ) -> Self {
        write_seed(&database, seed);
        let flags =
            [&["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"], flags];
        let mut process = Process::start(database.folder(), &flags.concat(), &[]);
        Self {
            address: process.address(),
            process,
            database,
            web: credentials("web", "from another server"),
            robot: credentials("robot", generated.expose()),
            resource: credentials("resource", "behind the API"),
        }
    }

    /// Ends it.
    pub(crate) fn stop(mut self) -> (Ended, Database) {
        self.process.signal("TERM");
        (self.process.end(), self.database)
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: Request) -> Response {
        request.send(self.address).await
    }

    /// Opens a path without credentials.
    pub(crate) async fn get(&self, target: &str) -> Response {
        self.send(Request::get(target)).await
    }

    /// A token request with HTTP Basic.
    pub(crate) async fn token(&self, client: &Credentials, body: &str) -> Response {
        self.send(Request::form("/oauth/token", body).basic(&client.id, &client.secret)).await
    }

    /// An access token of the machine.
    pub(crate) async fn robot_token(&self, scope: &str) -> String {
        let scope = encoded(scope);
        let answer = self.token(&self.robot, &format!("grant_type=client_credentials&scope={scope}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A browser that nobody has used yet.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A code for the client `web`, of Alice.
    pub(crate) async fn code(&self, scope: &str) -> String {
        let query = request("web", CALLBACK, &format!("&scope={}", encoded(scope)));
        let location = decide(&mut self.browser(), &format!("/oauth/authorize?{query}"), "allow").await;
        value(&oauth2_tests::portal::parameters(&location), "code")
    }

    /// Redeems a code of the client `web`.
    pub(crate) async fn redeem(&self, code: &str) -> Response {
        let (redirect_uri, verifier) = (encoded(CALLBACK), oauth2_tests::portal::VERIFIER);
        let body = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={redirect_uri}&code_verifier={verifier}"
        );
        self.token(&self.web, &body).await
    }

    /// Tokens for the client `web`, of Alice.
    pub(crate) async fn tokens(&self, scope: &str) -> Tokens {
        Tokens::of(&self.redeem(&self.code(scope).await).await)
    }

    /// Redeems a refresh token of the client `web`.
    pub(crate) async fn refresh(&self, refresh_token: &str) -> Response {
        self.token(&self.web, &format!("grant_type=refresh_token&refresh_token={refresh_token}")).await
    }
}

/// Where an answer sends the browser.
pub(crate) fn location(answer: &Response) -> String {
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location").unwrap().to_owned()
}

/// Opens an authorization request, follows it to the sign-in page, signs Alice in, follows on to the consent page and
/// decides; where the browser is sent then.
pub(crate) async fn decide(browser: &mut Browser, target: &str, decision: &str) -> String {
    let sign_in = location(&browser.get(target).await);
    let page = browser.get(&sign_in).await;
    let back = location(&browser.sign_in(&page, &sign_in, "alice", PASSWORD).await);
    let consent = location(&browser.get(&back).await);
    let page = browser.get(&consent).await;
    assert_eq!(page.status, 200, "{page:?}");
    location(&browser.decide(&page, &consent, decision).await)
}
