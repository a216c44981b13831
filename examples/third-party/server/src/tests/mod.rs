//! The parts, over HTTP and over a file.

mod pairing;
mod request_signature;
mod store;

use std::net::SocketAddr;
use std::path::PathBuf;

use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_runtime::time::Clock;
use oauth2_tests::browser::Browser;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{CHALLENGE, VERIFIER, encoded, parameters, value};
use oauth2_tests::running::listen;
use tempfile::TempDir;
use third_party::pairing::{GRANT_TYPE, Pairings};
use third_party::redb_store::RedbStore;
use third_party::request_signature::{ClientKeys, sign};

use crate::Auth;
use crate::demo::{public, signing};

const CALLBACK: &str = "https://phone.example/cb";

/// A running server with the public clients `phone` and `tablet`, and `watch`, `ring` and `robot`, which sign.
struct Site {
    auth: Ready<Auth>,
    address: SocketAddr,
    clock: SteppingClock,
    folder: TempDir,
}

impl Site {
    async fn start() -> Self {
        let (folder, clock) = (TempDir::new().unwrap(), SteppingClock::default());
        let auth = Auth {
            db: RedbStore::open(folder.path().join("auth.redb")).unwrap(),
            pairings: Pairings::default(),
            keys: ClientKeys::new([7; 32]),
            alice: PasswordHash::generate(&Secret::new("wonderland")).await.unwrap(),
        };
        let auth = auth.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap();
        for client_id in ["phone", "tablet"] {
            auth.clients().ensure(public(client_id, CALLBACK)).await.unwrap();
        }
        for (client_id, grant_type) in
            [("watch", GRANT_TYPE), ("ring", GRANT_TYPE), ("robot", "client_credentials")]
        {
            auth.clients().ensure(signing(client_id, grant_type)).await.unwrap();
        }
        Self { address: listen(auth.router()).await, auth, clock, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("auth.redb")
    }

    async fn post(&self, path: &str, form: &str) -> Response {
        Request::form(path, form).send(self.address).await
    }

    /// The header with which a client signs a form now.
    fn signature(&self, client_id: &str, path: &str, form: &str) -> String {
        sign(&self.auth.keys.of(client_id), client_id, self.clock.now(), path, form)
    }

    /// A signed token request.
    async fn signed(&self, client_id: &str, form: &str) -> Response {
        let signature = self.signature(client_id, "/oauth/token", form);
        Request::form("/oauth/token", form).header("client-signature", &signature).send(self.address).await
    }

    /// An access token for alice, in the client `phone` or `tablet`.
    async fn sign_in(&self, client_id: &str, scope: &str) -> String {
        let mut browser = Browser::new(self.address);
        let query = format!(
            "response_type=code&client_id={client_id}&redirect_uri={}&scope={scope}&code_challenge={CHALLENGE}\
             &code_challenge_method=S256",
            encoded(CALLBACK)
        );
        let login = browser.get(&format!("/oauth/authorize?{query}")).await;
        let login = login.header("location").unwrap().to_owned();
        let page = browser.get(&login).await;
        let signed_in = browser.sign_in(&page, &login, "alice", "wonderland").await;
        let mut answer = browser.get(signed_in.header("location").unwrap()).await;
        if answer.header("location").is_some_and(|to| to.starts_with("/consent")) {
            let consent = answer.header("location").unwrap().to_owned();
            let page = browser.get(&consent).await;
            answer = browser.decide(&page, &consent, "allow").await;
        }
        let code = value(&parameters(answer.header("location").unwrap()), "code");
        let form = format!(
            "grant_type=authorization_code&client_id={client_id}&code={code}&redirect_uri={}&code_verifier={VERIFIER}",
            encoded(CALLBACK)
        );
        text(&self.post("/oauth/token", &form).await, "access_token")
    }
}

/// A member of a successful answer.
fn text(answer: &Response, name: &str) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()[name].as_str().unwrap_or_else(|| panic!("no `{name}`: {answer:?}")).to_owned()
}

/// What apps rely on, in a file: nobody changes it unknowingly.
#[test]
fn surface() {
    oauth2_runtime::testing::pin_manifest(&Auth::MANIFEST, "auth.manifest");
}
