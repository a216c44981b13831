//! A sign-in is good on one device, from the code to the last refresh.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{CHALLENGE, VERIFIER, encoded, parameters, value};
use oauth2_tests::running::{Database, Tokens, listen};
use sha2::{Digest as _, Sha256};

use crate::Auth;

const CALLBACK: &str = "https://app.example/cb";
/// The secrets of two devices.
const PHONE: &str = "phone-phone-phone-phone-phone-phone-phone-phone";
const LAPTOP: &str = "laptop-laptop-laptop-laptop-laptop-laptop-laptop";
const ANOTHER_DEVICE: &str = "this is another device";

fn key(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

struct Site {
    address: SocketAddr,
    database: Database,
    machine: String,
}

impl Site {
    async fn start() -> Self {
        let database = Database::default();
        let alice = PasswordHash::generate(&Secret::new("wonderland")).await.unwrap();
        let auth = Auth { db: database.store().await, alice }.ready().await.unwrap();
        let app = Client { redirect_uris: CALLBACK.into(), ..Client::new("app", ScopeSet::all()) };
        auth.clients().ensure(app).await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        let machine =
            Client { client_secret: Some(secret.hash()), ..Client::new("machine", ScopeSet::all()) };
        auth.clients().ensure(machine).await.unwrap();
        let machine = secret.expose().to_owned();
        Self { address: listen(auth.router()).await, database, machine }
    }

    /// What the app receives when alice allows a request with these further parameters.
    async fn authorize(&self, more: &str) -> Vec<(String, String)> {
        let mut browser = Browser::new(self.address);
        let query = format!(
            "response_type=code&client_id=app&redirect_uri={}&code_challenge={CHALLENGE}\
             &code_challenge_method=S256{more}",
            encoded(CALLBACK)
        );
        let mut answer = browser.get(&format!("/oauth/authorize?{query}")).await;
        if let Some(page) = goes_to(&answer, "/login") {
            let shown = browser.get(&page).await;
            let signed_in = browser.sign_in(&shown, &page, "alice", "wonderland").await;
            answer = browser.get(signed_in.header("location").unwrap()).await;
        }
        if let Some(page) = goes_to(&answer, "/consent") {
            let shown = browser.get(&page).await;
            answer = browser.decide(&shown, &page, "allow").await;
        }
        assert_eq!(answer.status, 303, "{answer:?}");
        parameters(answer.header("location").unwrap())
    }

    /// A code for the phone.
    async fn code(&self) -> String {
        value(&self.authorize(&format!("&device_key={}", key(PHONE))).await, "code")
    }

    async fn redeem(&self, code: &str, more: &str) -> Response {
        let body = format!(
            "grant_type=authorization_code&client_id=app&code={code}&redirect_uri={}&code_verifier={VERIFIER}{more}",
            encoded(CALLBACK)
        );
        Request::form("/oauth/token", body).header("user-agent", "app/1").send(self.address).await
    }

    async fn refresh(&self, refresh_token: &str, more: &str) -> Response {
        let body = format!("grant_type=refresh_token&client_id=app&refresh_token={refresh_token}{more}");
        Request::form("/oauth/token", body).header("user-agent", "app/2").send(self.address).await
    }

    async fn column(&self, sql: &str) -> Vec<String> {
        self.database.texts(sql).await
    }
}

fn goes_to(answer: &Response, page: &str) -> Option<String> {
    answer.header("location").filter(|to| to.starts_with(page)).map(str::to_owned)
}

fn proof(secret: &str) -> String {
    format!("&device_secret={secret}")
}

#[tokio::test]
async fn a_code_is_good_on_the_device_it_was_made_for() {
    let site = Site::start().await;
    let code = site.code().await;
    site.redeem(&code, &proof(LAPTOP)).await.assert_error(400, "invalid_grant", ANOTHER_DEVICE);
    site.redeem(&code, &proof(&key(PHONE))).await.assert_error(400, "invalid_grant", ANOTHER_DEVICE);
    site.redeem(&code, "").await.assert_error(400, "invalid_request", "`device_secret` is missing");
    assert_eq!(site.column("SELECT asked_by FROM app_token").await, Vec::<String>::new());
    // What was refused has not used the code up.
    let unused = "SELECT device_key FROM app_code WHERE consumed_at IS NULL";
    assert_eq!(site.column(unused).await, [key(PHONE)]);
    let token = site.redeem(&code, &proof(PHONE)).await;
    assert_eq!((token.status, &token.json()["device"]), (200, &key(PHONE).into()), "{token:?}");
    assert_eq!(site.column(unused).await, Vec::<String>::new());
    assert_eq!(site.column("SELECT device FROM app_token").await, [key(PHONE)]);
    assert_eq!(site.column("SELECT asked_by FROM app_token").await, ["app/1"]);
}

#[tokio::test]
async fn a_used_code_is_refused_on_its_own_device_too() {
    let site = Site::start().await;
    let code = site.code().await;
    assert_eq!(site.redeem(&code, &proof(PHONE)).await.status, 200);
    for secret in [PHONE, LAPTOP] {
        let again = site.redeem(&code, &proof(secret)).await;
        again.assert_error(400, "invalid_grant", "the code is not valid");
    }
    assert_eq!(site.column("SELECT device FROM app_token").await, [key(PHONE)]);
}

#[tokio::test]
async fn a_request_without_a_device_is_told_so_before_anybody_signs_in() {
    let site = Site::start().await;
    for (more, description) in [
        ("", "`device_key` is missing"),
        ("&device_key=phone", "`device_key` is not the base64url of a SHA-256"),
        ("&device_key=a&device_key=b", "`device_key` is there more than once"),
    ] {
        let query = format!(
            "response_type=code&client_id=app&code_challenge={CHALLENGE}&code_challenge_method=S256{more}"
        );
        let answer = Request::get(&format!("/oauth/authorize?{query}")).send(site.address).await;
        let answer = parameters(answer.header("location").unwrap());
        assert_eq!(value(&answer, "error"), "invalid_request");
        assert_eq!(value(&answer, "error_description"), description);
    }
}

/// A refresh token that was copied to another device is refused there, and still good on its own.
#[tokio::test]
async fn a_refresh_token_is_good_on_the_same_device() {
    let site = Site::start().await;
    let code = site.code().await;
    let first = Tokens::of(&site.redeem(&code, &proof(PHONE)).await).refresh;
    site.refresh(&first, &proof(LAPTOP)).await.assert_error(400, "invalid_grant", ANOTHER_DEVICE);
    site.refresh(&first, "").await.assert_error(400, "invalid_request", "`device_secret` is missing");
    let answer = site.refresh(&first, &proof(PHONE)).await;
    assert_eq!(answer.json()["device"], key(PHONE), "{answer:?}");
    let second = Tokens::of(&answer).refresh;
    site.refresh(&second, &proof(LAPTOP)).await.assert_error(400, "invalid_grant", ANOTHER_DEVICE);
    assert_eq!(site.refresh(&second, &proof(PHONE)).await.status, 200);
    let devices = site.column("SELECT device FROM app_token").await;
    assert_eq!(devices, [key(PHONE), key(PHONE), key(PHONE)]);
    let programs = "SELECT asked_by FROM app_token ORDER BY asked_by";
    assert_eq!(site.column(programs).await, ["app/1", "app/2", "app/2"]);
}

/// The server's extension is part of every grant, and the device's of none but its own.
#[tokio::test]
async fn a_machine_has_no_device() {
    let site = Site::start().await;
    let request = Request::form("/oauth/token", "grant_type=client_credentials");
    let answer = request.basic("machine", &site.machine).send(site.address).await;
    assert_eq!((answer.status, answer.json().get("device")), (200, None), "{answer:?}");
    let row = "SELECT client_id || ' ' || asked_by || ' ' || COALESCE(device, 'nowhere') FROM app_token";
    assert_eq!(site.column(row).await, ["machine unknown nowhere"]);
}

/// What apps rely on, the order of the extensions included, in a file: nobody changes it unknowingly.
#[test]
fn surface() {
    oauth2_runtime::testing::pin_manifest(&Auth::MANIFEST, "auth.manifest");
}
