//! What the types themselves keep from being shown, compared or handed on.

use std::fmt::{Debug, Display, Write as _};
use std::marker::PhantomData;

use futures_util::FutureExt;
use oauth2_runtime::client_auth::Unauthenticated;
use oauth2_runtime::form::Form;
use oauth2_runtime::prelude::*;
use oauth2_runtime::signal::Notice;
use oauth2_runtime::store::Store;
use oauth2_runtime::token::GeneratedToken;
use oauth2_runtime::types::{AuthorizationResponse, SessionId, TokenResponse};
use oauth2_tests::http::Request;
use oauth2_tests::portal::{Portal, RunningPortal, WEB_CALLBACK, encoded, redemption, request, value};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Database, Tokens};

/// Says of a type what it implements: an inherent constant goes before a trait's, where its bound holds.
struct Probe<T: ?Sized>(PhantomData<T>);

trait Absent {
    const DEBUG: bool = false;
    const DISPLAY: bool = false;
    const EQ: bool = false;
    const CLONE: bool = false;
    const HASH: bool = false;
}

impl<T: ?Sized> Absent for Probe<T> {}

impl<T: ?Sized + Debug> Probe<T> {
    const DEBUG: bool = true;
}

impl<T: ?Sized + Display> Probe<T> {
    const DISPLAY: bool = true;
}

impl<T: ?Sized + PartialEq> Probe<T> {
    const EQ: bool = true;
}

impl<T: Clone> Probe<T> {
    const CLONE: bool = true;
}

impl<T: ?Sized + std::hash::Hash> Probe<T> {
    const HASH: bool = true;
}

macro_rules! implemented {
    ($type:ty) => {
        [
            Probe::<$type>::DEBUG,
            Probe::<$type>::DISPLAY,
            Probe::<$type>::EQ,
            Probe::<$type>::CLONE,
            Probe::<$type>::HASH,
        ]
    };
}

/// F22, S58: a secret in clear has no way to be printed, copied, or compared in a time that tells something.
#[test]
fn secrets_in_clear_can_only_be_exposed() {
    assert_eq!(implemented!(String), [true; 5], "the probe sees what is there");
    for (name, implemented) in [
        ("Secret<String>", implemented!(Secret<String>)),
        ("Secret<&str>", implemented!(Secret<&'static str>)),
        ("ClientSecret", implemented!(ClientSecret)),
        ("Credentials", implemented!(Credentials)),
        ("Form", implemented!(Form)),
        ("Unauthenticated", implemented!(Unauthenticated<'static>)),
        ("GeneratedToken", implemented!(GeneratedToken)),
        ("TokenResponse", implemented!(TokenResponse)),
        ("AuthorizationResponse", implemented!(AuthorizationResponse)),
    ] {
        assert_eq!(implemented, [false; 5], "{name}");
    }
}

/// F22, S58: what is stored of them prints nothing. Passwords' hashes are not compared at all; digests have one
/// comparison, and it is `Digest::matches`.
#[test]
fn stored_secrets_print_nothing() {
    let [debug, display, eq, ..] = implemented!(PasswordHash);
    assert_eq!([debug, display, eq], [true, false, false]);
    for [debug, display, ..] in [
        implemented!(SecretHash),
        implemented!(Digest<AccessToken>),
        implemented!(Digest<RefreshToken>),
        implemented!(Digest<AuthorizationCode>),
        implemented!(Digest<SessionId>),
    ] {
        assert_eq!([debug, display], [true, false]);
    }
    let digest = Digest::<AccessToken>::from_bytes(&[0xab; 32]).unwrap();
    assert_eq!(format!("{digest:?} {digest:#?}"), "Digest(..) Digest(..)");
    assert_eq!(format!("{:?}", ClientSecret::generate().unwrap().hash()), "SecretHash(..)");
}

/// S56: rows print no secret and no digest of one, and nor do events; and neither do the manifest and the metadata,
/// however they are written.
#[tokio::test]
async fn rows_and_events_print_neither_secrets_nor_digests() {
    let running = RunningPortal::start().await;
    let (portal, mut events) = (&running.portal, running.portal.events());
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, &format!("&scope={}", encoded("read")));
    let code = value(&running.authorize(&mut browser, &query).await, "code");
    let cookie = browser.cookies.values().find(|value| value.starts_with("si_")).unwrap().clone();
    let tokens = Tokens::of(&running.redeem(&code).await);
    let parts = http::Request::get("/").header("authorization", format!("Bearer {}", tokens.access));
    let (parts, ()) = parts.body(()).unwrap().into_parts();
    let bearer = portal.acquire_token(&parts, Access::Read).await.unwrap();
    // The theft of both ends everything, and is told.
    let second = Tokens::of(&running.refresh(&tokens.refresh).await);
    running.clock.step(11);
    for answer in [running.redeem(&code).await, running.refresh(&tokens.refresh).await] {
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    let client = portal.clients().get(&"web".into()).await.unwrap().unwrap();
    let (alice, web) = ("u-alice".into(), "web".into());
    let stored_code = Store::<Portal>::code(&portal.db, &Digest::of(&code).unwrap()).await.unwrap().unwrap();
    let session = Store::<Portal>::session(&portal.db, &Digest::of(&cookie).unwrap()).await.unwrap().unwrap();
    let consent = Store::<Portal>::consent(&portal.db, &alice, &web).await.unwrap().unwrap();
    let mut printed = format!("{client:?} {bearer:?} {:?} {portal:?}", &*bearer);
    for mark in ["u-alice", "Digest(..)", "SecretHash(..)"] {
        assert!(printed.contains(mark), "{mark}");
    }
    let rows = format!("{stored_code:?} {session:?} {consent:?}");
    for mark in ["PortalCode {", "code: Digest(..)", "Session {", "session: Digest(..)", "Consent {"] {
        assert!(rows.contains(mark), "{mark}: {rows}");
    }
    let mut names = Vec::new();
    while let Some(Some(Notice::Event(event))) = events.next().now_or_never() {
        names.push(event.name());
        let _ = write!(printed, "{event:?} {event:#?}");
    }
    for name in
        ["code_replayed", "consent_granted", "refresh_token_reused", "token_authenticated", "token_issued"]
    {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let metadata = running.send(Request::get("/.well-known/oauth-authorization-server")).await.body;
    let manifest = portal.manifest();
    let written = serde_json::to_string(&manifest).unwrap();
    let _ = write!(printed, "{rows} {written} {manifest} {manifest:?} {metadata}");
    for digest in [
        "SELECT hex(code) FROM portal_code",
        "SELECT hex(session) FROM oauth2_session",
        "SELECT hex(access_token) FROM oauth2_token ORDER BY rowid",
        "SELECT hex(refresh_token) FROM oauth2_token ORDER BY rowid DESC",
        "SELECT substr(client_secret, 8) FROM oauth2_client WHERE client_id = 'web'",
    ] {
        let stored = running.database.texts(digest).await.remove(0);
        let told = printed.contains(&stored) || printed.contains(&stored.to_ascii_lowercase());
        assert!(stored.len() > 40 && !told, "{digest}");
    }
    for secret in [
        &tokens.access,
        &tokens.refresh,
        &second.access,
        &second.refresh,
        &code,
        &cookie,
        &running.web.secret,
    ] {
        assert!(
            !printed.contains(secret.as_str()) && !printed.contains(&secret[10..30]),
            "{}..",
            &secret[..3]
        );
    }
}

fn keys(body: &serde_json::Value) -> Vec<&str> {
    let mut keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// S56: no answer has a field that is not meant for whoever asked.
#[tokio::test]
async fn answers_have_the_fields_they_should() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let redeemed = running.token(&running.web, &redemption(&code)).await;
    assert_eq!(
        keys(&redeemed.json()),
        ["access_token", "expires_in", "refresh_token", "scope", "token_type"]
    );
    let tokens = Tokens::of(&redeemed);
    let introspected = running.introspect(&running.web, &tokens.access).await;
    assert_eq!(
        keys(&introspected.json()),
        ["active", "client_id", "exp", "iat", "iss", "scope", "sub", "token_type"]
    );
    let refused = running.refresh("rt_x").await;
    assert_eq!(keys(&refused.json()), ["error", "error_description"]);
    let stored =
        running.database.texts("SELECT client_secret FROM oauth2_client WHERE client_secret <> ''").await;
    assert_eq!(stored.len(), 2);
    let metadata = running.send(Request::get("/.well-known/oauth-authorization-server")).await;
    let all = format!("{redeemed:?} {introspected:?} {refused:?} {metadata:?}");
    for secret in stored.iter().map(|text| &text[7..]).chain([running.web.secret.as_str(), code.as_str()]) {
        assert!(!all.contains(secret), "{all}");
    }
}

/// S98: what a broken set-up prints has nothing of what was broken.
#[tokio::test]
async fn errors_have_nothing_of_the_secret_that_is_wrong() {
    for text in ["canary", "sha256:canary", "$argon2id$canary", "$argon2id$v=19$m=1,t=1,p=1$canary$canary"] {
        let secret = text.parse::<SecretHash>().unwrap_err();
        assert!(!format!("{secret} {secret:?}").contains("canary"), "{secret:?}");
        let Err(password) = text.parse::<PasswordHash>() else { panic!("{text}") };
        assert!(!format!("{password} {password:?}").contains("canary"), "{password:?}");
    }
    let database = Database::default();
    let folder = database.folder().display().to_string();
    for url in [
        "postgres://user:canary@127.0.0.1/none".to_owned(),
        format!("sqlite://{folder}/none/x.db?password=canary"),
        format!("sqlite://{folder}/x.db?key=canary"),
    ] {
        let Err(error) = SqlStore::<Sqlite>::open(&url).await else { panic!("{url}") };
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    let running = RunningPortal::start().await;
    running.database.execute("UPDATE oauth2_client SET client_secret = 'canary-in-clear'").await;
    let error = running.portal.clients().get(&"web".into()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    let answer = running.token(&running.web, "grant_type=client_credentials").await;
    answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
}
