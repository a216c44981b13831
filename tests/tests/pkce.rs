//! PKCE (RFC 7636, RFC 9700 sections 2.1.1 and 4.8): required, by S256 only, and never taken away.

use std::net::SocketAddr;

use axum::Router;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_tests::answer::{Answer, MODES};
use oauth2_tests::browser::Browser;
use oauth2_tests::classic::RunningClassic;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{
    CHALLENGE, RunningPortal, VERIFIER, WEB_CALLBACK, client, encoded, redemption, request, value,
};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Database, listen};

const MISFIT: &str = "`code_verifier` does not fit the authorization request";
/// Another verifier, with its challenge.
const OTHER: (&str, &str) =
    ("the-verifier-of-some-other-request-0123456789abc", "6YdCiqQWs0rQ_UPDslhcDVRnx6Y4qndG9S_e7R7zVd8");

/// The body that redeems a code with this instead of the verifier.
fn redemption_with(code: &str, verifier: &str) -> String {
    redemption(code).replace(&format!("code_verifier={VERIFIER}"), verifier)
}

/// S25: a code with a challenge needs its verifier.
#[tokio::test]
async fn s25_a_verifier_must_be_there() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    for verifier in ["", "code_verifier=", "code_verifier", "codeverifier=x"] {
        let answer = running.token(&running.web, &redemption_with(&code, verifier)).await;
        answer.assert_error(400, "invalid_grant", MISFIT);
    }
    // Nobody who guesses uses the code up.
    assert_eq!(running.redeem(&code).await.status, 200);
}

/// S27: verifiers that are too short, too long, of other characters, the challenge itself, or those of other codes.
#[tokio::test]
async fn s27_weak_and_foreign_verifiers_are_refused() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let wrong = [
        VERIFIER[..42].to_owned(),
        "a".repeat(129),
        format!("{VERIFIER}!"),
        format!("{VERIFIER} "),
        VERIFIER.to_lowercase(),
        CHALLENGE.to_owned(),
        OTHER.0.to_owned(),
    ];
    for verifier in wrong {
        let verifier = format!("code_verifier={}", encoded(&verifier));
        let answer = running.token(&running.web, &redemption_with(&code, &verifier)).await;
        answer.assert_error(400, "invalid_grant", MISFIT);
    }
    let twice = format!("{}&code_verifier={VERIFIER}", redemption(&code));
    let answer = running.token(&running.web, &twice).await;
    answer.assert_error(400, "invalid_request", "`code_verifier` is there more than once");
    // The verifiers of two codes, exchanged for each other.
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read").replace(CHALLENGE, OTHER.1);
    let other = value(&running.authorize(&mut browser, &query).await, "code");
    running.redeem(&other).await.assert_error(400, "invalid_grant", MISFIT);
    let fitting = redemption_with(&other, &format!("code_verifier={}", OTHER.0));
    assert_eq!(running.token(&running.web, &fitting).await.status, 200);
    assert_eq!(running.redeem(&code).await.status, 200);
}

/// S27: challenges by another method, or that are none, are refused before anybody is asked anything.
#[tokio::test]
async fn s27_other_methods_and_weak_challenges_are_refused() {
    let running = RunningPortal::start().await;
    let method = |name: &str| request("web", WEB_CALLBACK, "&state=s").replace("S256", name);
    let challenge = |text: &str| request("web", WEB_CALLBACK, "&state=s").replace(CHALLENGE, text);
    let wrong = [
        method("plain"),
        method("s256"),
        method("S512"),
        method("S256%20"),
        method(""),
        request("web", WEB_CALLBACK, "&state=s").replace("&code_challenge_method=S256", ""),
        request("web", WEB_CALLBACK, "&state=s&code_challenge_method=S256"),
        request("web", WEB_CALLBACK, "&state=s&code_challenge_method=plain"),
        request("web", WEB_CALLBACK, &format!("&state=s&code_challenge={CHALLENGE}")),
        challenge(""),
        challenge(&CHALLENGE[1..]),
        challenge(&format!("{CHALLENGE}A")),
        challenge(&format!("{CHALLENGE}%3D")),
        challenge(&format!("{}!", &CHALLENGE[1..])),
        challenge(VERIFIER.to_lowercase().get(..10).unwrap()),
        request("web", WEB_CALLBACK, "&state=s")
            .replace(&format!("code_challenge={CHALLENGE}&code_challenge_method=S256&"), ""),
    ];
    for query in wrong {
        for mode in MODES {
            let answer = running.browser().get(&format!("/oauth/authorize?{query}{mode}")).await;
            Answer::in_mode(mode, &answer).assert_error(WEB_CALLBACK, "invalid_request", "s");
        }
    }
    let metadata = running.send(Request::get("/.well-known/oauth-authorization-server")).await.json();
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
}

/// Clients may leave PKCE out.
#[grant(authorization_code, pkce = false)]
struct OldSignIn;

#[oauth2_server(
    scopes = Access,
    grants(OldSignIn),
    client_auth(none, client_secret_basic),
    sign_in = password(check_password),
    allow(pkce, reason = "two clients of 2014 have none"),
    allow(pkce_of_public_clients, reason = "they have no secret either"),
)]
struct Old {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: String,
}

async fn check_password(_: &Old, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(Some(format!("u-{}", credentials.username()).into()))
}

/// A server whose clients may leave PKCE out, with a client and its secret.
async fn old() -> (Database, SocketAddr, ClientSecret) {
    let database = Database::default();
    let server = Old { db: database.store().await, issuer: "http://127.0.0.1".into() };
    let server = server.ready_in(Environment::new(SteppingClock::default(), SystemRandom)).await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let web = Client { client_secret: Some(secret.hash()), ..client("web", &[WEB_CALLBACK]) };
    server.clients().ensure(web).await.unwrap();
    (database, listen(Router::new().merge(server.router())).await, secret)
}

/// A code for whoever signs in at `address` and agrees.
async fn code(address: SocketAddr, query: &str) -> String {
    let mut browser = Browser::new(address);
    let page = browser.get("/login").await;
    assert_eq!(browser.sign_in(&page, "/login", "alice", "x").await.status, 303);
    let answer = browser.get(&format!("/oauth/authorize?{query}&prompt=consent")).await;
    let consent = answer.header("location").unwrap().to_owned();
    let page = browser.get(&consent).await;
    Answer::of(&browser.decide(&page, &consent, "allow").await).value("code")
}

/// S26: a verifier for a code without a challenge is the trace of somebody who has removed the challenge. S25: and a
/// challenge that is there binds, also where it need not be there.
#[tokio::test]
async fn s26_a_challenge_cannot_be_removed() {
    let (database, address, secret) = old().await;
    let redeem = async |code: &str, verifier: &str| {
        let body = redemption_with(code, verifier);
        Request::form("/oauth/token", body).basic("web", secret.expose()).send(address).await
    };
    let with = request("web", WEB_CALLBACK, "&scope=read");
    let without = with.replace(&format!("code_challenge={CHALLENGE}&code_challenge_method=S256&"), "");
    assert!(!without.contains("challenge"), "{without}");
    let bare = code(address, &without).await;
    for verifier in [VERIFIER, OTHER.0, "x"] {
        let answer = redeem(&bare, &format!("code_verifier={verifier}")).await;
        answer.assert_error(400, "invalid_grant", MISFIT);
    }
    assert_eq!(redeem(&bare, "").await.status, 200);
    let bound = code(address, &with).await;
    for verifier in ["", "code_verifier=", "code_verifier=x"] {
        redeem(&bound, verifier).await.assert_error(400, "invalid_grant", MISFIT);
    }
    assert_eq!(redeem(&bound, &format!("code_verifier={VERIFIER}")).await.status, 200);
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, 2);
    // To leave PKCE out is not to use it by halves.
    for wrong in [with.replace("S256", "plain"), format!("{without}&code_challenge_method=S256")] {
        let answer = Browser::new(address).get(&format!("/oauth/authorize?{wrong}&state=s")).await;
        Answer::of(&answer).assert_error(WEB_CALLBACK, "invalid_request", "s");
    }
}

/// The same under the profile that has no such rule.
#[tokio::test]
async fn s26_the_old_profile_keeps_challenges_too() {
    let running = RunningClassic::start().await;
    let mut alice = running.signed_in().await;
    let with = request("web", WEB_CALLBACK, "&scope=read");
    let without = with.replace(&format!("code_challenge={CHALLENGE}&code_challenge_method=S256&"), "");
    assert!(!without.contains("challenge"), "{without}");
    let mut code = async |query: &str| Answer::of(&running.authorize(&mut alice, query).await).value("code");
    let (bare, bound) = (code(&without).await, code(&with).await);
    let redeem = async |code: &str, verifier: &str| {
        running.token(&running.web, &redemption_with(code, verifier)).await
    };
    let verifier = format!("code_verifier={VERIFIER}");
    redeem(&bare, &verifier).await.assert_error(400, "invalid_grant", MISFIT);
    redeem(&bound, "").await.assert_error(400, "invalid_grant", MISFIT);
    assert_eq!((redeem(&bare, "").await.status, redeem(&bound, &verifier).await.status), (200, 200));
}
