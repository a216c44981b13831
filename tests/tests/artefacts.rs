//! Whatever the server hands out is good in one place: codes, tokens, secrets, sessions and form tokens are not mistaken for
//! each other.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::{ClientSecretValue, SessionId};
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, redemption, request};
use oauth2_tests::running::{Credentials, Tokens};
use sha2::{Digest as _, Sha256};

const COOKIE: &str = "oauth2_session";

/// What the server hands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    RefreshToken,
    AccessToken,
    ClientSecret,
    Session,
    SignInForm,
    ConsentForm,
}

/// Where something is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Code,
    RefreshToken,
    Bearer,
    Introspection,
    Revocation,
    SecretInHeader,
    SecretInBody,
    ClientId,
    Cookie,
    SignInForm,
    ConsentForm,
}

/// What is good where.
const FITS: &[(Kind, Slot)] = &[
    (Kind::AccessToken, Slot::Bearer),
    (Kind::AccessToken, Slot::Introspection),
    (Kind::RefreshToken, Slot::Introspection),
    (Kind::ClientSecret, Slot::SecretInHeader),
    (Kind::ClientSecret, Slot::SecretInBody),
    (Kind::Session, Slot::Cookie),
    (Kind::ConsentForm, Slot::ConsentForm),
    (Kind::SignInForm, Slot::SignInForm),
    (Kind::Code, Slot::Code),
    (Kind::RefreshToken, Slot::RefreshToken),
];

const SLOTS: &[Slot] = &[
    Slot::Code,
    Slot::RefreshToken,
    Slot::Bearer,
    Slot::Introspection,
    Slot::Revocation,
    Slot::SecretInHeader,
    Slot::SecretInBody,
    Slot::ClientId,
    Slot::Cookie,
    Slot::SignInForm,
    Slot::ConsentForm,
];

/// One of each, all live.
struct Scene {
    running: RunningPortal,
    /// In it somebody has signed in.
    browser: Browser,
    query: String,
    artefacts: Vec<(Kind, String)>,
}

impl Scene {
    async fn new() -> Self {
        let running = RunningPortal::start().await;
        let tokens = running.tokens("alice", "read").await;
        let code = running.code("alice", "read").await;
        let mut browser = running.signed_in("alice").await;
        let query = request("web", WEB_CALLBACK, "&scope=read&prompt=consent");
        let form_token = |page: &Response| hidden_fields(&page.body)[0].1.clone();
        let sign_in = form_token(&browser.get(&format!("/login?{query}")).await);
        let consent = form_token(&browser.get(&format!("/consent?{query}")).await);
        let artefacts = vec![
            (Kind::Code, code),
            (Kind::RefreshToken, tokens.refresh),
            (Kind::AccessToken, tokens.access),
            (Kind::ClientSecret, running.web.secret.clone()),
            (Kind::Session, browser.cookies[COOKIE].clone()),
            (Kind::SignInForm, sign_in),
            (Kind::ConsentForm, consent),
        ];
        Self { running, browser, query, artefacts }
    }

    async fn present(&self, slot: Slot, value: &str) -> Response {
        let running = &self.running;
        let secret = Credentials { id: "web".into(), secret: value.to_owned() };
        let mut browser = self.browser.clone();
        match slot {
            Slot::Code => running.redeem(value).await,
            Slot::RefreshToken => running.refresh(value).await,
            Slot::Bearer => running.send(Request::get("/whoami").bearer(value)).await,
            Slot::Introspection => running.introspect(&running.web, value).await,
            Slot::Revocation => {
                let request = Request::form("/oauth/revoke", format!("token={value}"));
                running.send(request.basic("web", &running.web.secret)).await
            }
            Slot::SecretInHeader => running.token(&secret, "grant_type=client_credentials").await,
            Slot::SecretInBody => {
                let body = format!("grant_type=client_credentials&client_id=web&client_secret={value}");
                running.send(Request::form("/oauth/token", body)).await
            }
            Slot::ClientId => {
                let body = format!("grant_type=client_credentials&client_id={value}");
                running.send(Request::form("/oauth/token", body)).await
            }
            Slot::Cookie => {
                browser.cookies.insert(COOKIE.into(), value.to_owned());
                browser.get("/login").await
            }
            Slot::SignInForm => {
                let fields = [("form_token", value), ("username", "bob"), ("password", "bob-password")];
                browser.post(&format!("/login?{}", self.query), &fields).await
            }
            Slot::ConsentForm => {
                let fields = [("form_token", value), ("decision", "allow")];
                browser.post(&format!("/consent?{}", self.query), &fields).await
            }
        }
    }
}

/// Asserts that what was presented was worth nothing there.
fn assert_worthless(slot: Slot, answer: &Response) {
    let title = |title: &str| answer.body.contains(&format!("<h1>{title}</h1>"));
    match slot {
        Slot::Code => answer.assert_error(400, "invalid_grant", "the code is not valid"),
        Slot::RefreshToken => answer.assert_error(400, "invalid_grant", "the refresh token is not valid"),
        Slot::Bearer => answer.assert_error(401, "invalid_token", "the access token is not valid"),
        Slot::Introspection => assert_eq!((answer.status, answer.body.as_str()), (200, "{\"active\":false}")),
        Slot::Revocation => assert_eq!((answer.status, answer.body.as_str()), (200, "")),
        Slot::SecretInHeader | Slot::SecretInBody | Slot::ClientId => {
            answer.assert_error(401, "invalid_client", "client authentication failed");
        }
        Slot::Cookie => assert!(answer.status == 200 && title("Sign in"), "{answer:?}"),
        Slot::SignInForm => {
            assert!(answer.status == 403 && title("Sign in"), "{answer:?}");
            assert_eq!(answer.header("set-cookie"), None);
        }
        Slot::ConsentForm => {
            assert!(answer.status == 403 && title("Request refused"), "{answer:?}");
            assert_eq!(answer.header("location"), None);
        }
    }
}

/// Asserts that it was worth what it is meant for.
fn assert_good(slot: Slot, answer: &Response) {
    match slot {
        Slot::Code | Slot::RefreshToken => assert!(!Tokens::of(answer).access.is_empty()),
        Slot::Bearer => assert_eq!((answer.status, answer.body.as_str()), (200, "u-alice")),
        Slot::Introspection => assert_eq!(answer.json()["active"], true),
        Slot::SecretInHeader | Slot::SecretInBody => assert_eq!(answer.status, 200, "{answer:?}"),
        Slot::Cookie => assert!(answer.body.contains("<h1>You are signed in</h1>"), "{answer:?}"),
        Slot::SignInForm | Slot::ConsentForm => assert_eq!(answer.status, 303, "{answer:?}"),
        Slot::Revocation | Slot::ClientId => unreachable!("nothing is presented there"),
    }
}

/// S24: every artefact in every slot. What does not fit is worth nothing, and using it there uses nothing up.
#[tokio::test]
async fn s24_an_artefact_is_good_in_its_own_slot_only() {
    let scene = Scene::new().await;
    let mut cells = 0;
    for (kind, value) in &scene.artefacts {
        for slot in SLOTS {
            let own = *slot == Slot::Revocation && [Kind::AccessToken, Kind::RefreshToken].contains(kind);
            if own || FITS.contains(&(*kind, *slot)) {
                continue;
            }
            let answer = scene.present(*slot, value).await;
            println!("{kind:?} as {slot:?}: {}", answer.status);
            assert_worthless(*slot, &answer);
            cells += 1;
        }
    }
    assert_eq!(cells, 7 * 11 - 10 - 2);
    for (kind, slot) in FITS {
        let (_, value) = scene.artefacts.iter().find(|(found, _)| found == kind).unwrap();
        println!("{kind:?} as {slot:?}");
        assert_good(*slot, &scene.present(*slot, value).await);
    }
}

/// The value with another prefix, and the check sum that belongs to it. Forms' tokens are as long as the random part is.
fn dressed(value: &str, prefix: &str) -> String {
    let random = if value.len() == 50 { &value[3..46] } else { value };
    let dressed = format!("{prefix}{random}");
    let check = URL_SAFE_NO_PAD.encode(&Sha256::digest(&dressed)[..3]);
    dressed + &check
}

/// Whether it would be looked up: it has the form of the kind that its prefix is of.
fn has_form(value: &str) -> bool {
    match &value[..3] {
        "ac_" => Digest::<AuthorizationCode>::of(value).is_some(),
        "rt_" => Digest::<RefreshToken>::of(value).is_some(),
        "at_" => Digest::<AccessToken>::of(value).is_some(),
        "cs_" => Digest::<ClientSecretValue>::of(value).is_some(),
        _ => Digest::<SessionId>::of(value).is_some(),
    }
}

/// S24: with another prefix, or without one, an artefact is nothing, though its form is then that of the other kind.
#[tokio::test]
async fn s24_a_prefix_does_not_make_the_kind() {
    let scene = Scene::new().await;
    let mut tried = 0;
    for (kind, value) in &scene.artefacts {
        for prefix in ["", "ac_", "rt_", "at_", "cs_", "si_"] {
            let dressed = dressed(value, prefix);
            if dressed == *value {
                continue;
            }
            assert_eq!(has_form(&dressed), !prefix.is_empty(), "{kind:?} with `{prefix}`");
            for slot in SLOTS.iter().filter(|slot| **slot != Slot::Revocation) {
                println!("{kind:?} with `{prefix}` as {slot:?}");
                assert_worthless(*slot, &scene.present(*slot, &dressed).await);
            }
            tried += 1;
        }
    }
    // Each of seven with six prefixes, but for five that have one of them.
    assert_eq!(tried, 7 * 6 - 5);
    let (_, code) = &scene.artefacts[0];
    assert_eq!(scene.running.token(&scene.running.web, &redemption(code)).await.status, 200);
}
