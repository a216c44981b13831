//! What the types themselves keep from being shown, compared or handed on.

use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use oauth2_runtime::client_auth::Unauthenticated;
use oauth2_runtime::form::Form;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::SessionId;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{RunningPortal, redemption};
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
    ] {
        assert_eq!(implemented, [false; 5], "{name}");
    }
}

/// F22, S58: what is stored of them prints nothing. Passwords' hashes are not compared at all; digests have one comparison,
/// and it is `Digest::matches`.
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

/// S56: rows and events print no secret and no digest of one.
#[tokio::test]
async fn rows_print_neither_secrets_nor_digests() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let tokens = Tokens::of(&running.redeem(&code).await);
    let client = running.portal.clients().get(&"web".into()).await.unwrap().unwrap();
    let parts = http::Request::get("/").header("authorization", format!("Bearer {}", tokens.access));
    let (parts, ()) = parts.body(()).unwrap().into_parts();
    let bearer = running.portal.acquire_token(&parts, Access::Read).await.unwrap();
    let printed = format!("{client:?} {bearer:?} {:?} {:?}", &*bearer, running.portal);
    assert!(
        printed.contains("u-alice") && printed.contains("Digest(..)") && printed.contains("SecretHash(..)")
    );
    let stored = String::from(client.client_secret.as_ref().unwrap());
    for secret in [&tokens.access, &tokens.refresh, &code, &running.web.secret, &stored] {
        assert!(!printed.contains(secret.as_str()), "{printed}");
        assert!(!printed.contains(&secret[10..30]), "{printed}");
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

/// S99: what a store is handed cannot hold a secret in clear, nor a whole request.
#[test]
fn stores_are_handed_digests() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../oauth2-runtime/src/store");
    for file in ["mod.rs", "command.rs"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        assert!(code.contains("Digest<RefreshToken>"), "{file}");
        let words: Vec<_> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        for word in [
            "Secret",
            "ClientSecret",
            "Credentials",
            "Form",
            "Parts",
            "Request",
            "HeaderMap",
            "Unauthenticated",
        ] {
            assert!(!words.contains(&word), "{file}: {word}");
        }
    }
}
