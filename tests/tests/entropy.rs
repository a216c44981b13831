//! Values that nobody can guess (RFC 6749 section 10.10, RFC 6819 section 5.1.4.2.2).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::{Random, SystemRandom};
use oauth2_runtime::server::Environment;
use oauth2_tests::answer::Answer;
use oauth2_tests::browser::Browser;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{Journal, Portal, WEB_CALLBACK, client, redemption, register, request};
use oauth2_tests::running::{Database, Tokens, listen};

/// How many values are compared.
const VALUES: usize = 100_000;
/// How many codes, and how many tokens for each, come over the network.
const FLOWS: usize = 100;

/// The system's generator, which notes what it gave.
#[derive(Debug, Clone, Default)]
struct Noted(Arc<Mutex<Vec<Vec<u8>>>>);

impl Random for Noted {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Error> {
        SystemRandom.fill(buffer)?;
        self.0.lock().unwrap().push(buffer.to_vec());
        Ok(())
    }
}

/// The random bytes of a value: between a prefix of three characters and a check sum of four.
fn random_part(value: &str) -> [u8; 32] {
    assert_eq!(value.len(), 50, "{value}");
    URL_SAFE_NO_PAD.decode(&value[3..46]).unwrap().try_into().unwrap()
}

/// Every value that a browser and a client are given in a few sign-ins: sessions, codes, access and refresh tokens.
async fn handed_out(noted: &Noted) -> Vec<String> {
    let database = Database::default();
    let (db, issuer, journal) = (database.store().await, "http://127.0.0.1".into(), Journal::default());
    let environment = Environment::new(SteppingClock::default(), noted.clone());
    let portal = Portal { db, issuer, journal }.ready_in(environment).await.unwrap();
    let address = listen(portal.router()).await;
    let web = register(&portal, client("web", &[WEB_CALLBACK])).await;
    let token = async |body: String| {
        Tokens::of(&Request::form("/oauth/token", body).basic(&web.id, &web.secret).send(address).await)
    };
    let mut browser = Browser::new(address);
    let page = browser.get("/login").await;
    let mut values: Vec<_> = browser.cookies.values().cloned().collect();
    browser.sign_in(&page, "/login", "alice", "alice-password").await;
    values.extend(browser.cookies.values().cloned());
    let target = format!("/oauth/authorize?{}", request("web", WEB_CALLBACK, "&scope=read"));
    let consent = browser.get(&target).await.header("location").unwrap().to_owned();
    let page = browser.get(&consent).await;
    let mut answer = browser.decide(&page, &consent, "allow").await;
    for _ in 0..FLOWS {
        let code = Answer::of(&answer).value("code");
        let first = token(redemption(&code)).await;
        let second = token(format!("grant_type=refresh_token&refresh_token={}", first.refresh)).await;
        values.extend([code, first.access, first.refresh, second.access, second.refresh]);
        answer = browser.get(&target).await;
    }
    values
}

/// S29: all that is handed out is 256 bits as they came from the generator, each of them used once.
#[tokio::test]
async fn s29_values_are_what_the_generator_gave() {
    let noted = Noted::default();
    let values = handed_out(&noted).await;
    assert_eq!(values.len(), 2 + 5 * FLOWS);
    let drawn = noted.0.lock().unwrap().clone();
    let mut used = BTreeSet::new();
    for value in &values {
        let part = random_part(value);
        assert_eq!(drawn.iter().filter(|bytes| **bytes == part).count(), 1, "{value}");
        assert!(used.insert(part), "{value}");
    }
    // What was drawn besides: an identifier for each authorization, and the last code, which nobody has fetched.
    let (identifiers, others): (Vec<_>, Vec<_>) = drawn.iter().partition(|bytes| bytes.len() == 16);
    assert_eq!((identifiers.len(), others.len()), (FLOWS + 1, values.len() + 1));
}

/// S29: among a hundred thousand values none is there twice, no two share eight bytes anywhere, and no bit is more often set
/// than not. They are codes and access tokens, made by the code that the server makes them with.
#[test]
fn s29_a_hundred_thousand_values_have_nothing_in_common() {
    let mut windows = Vec::with_capacity(VALUES * 25);
    let mut set = [0_u32; 256];
    for number in 0..VALUES {
        let mut entropy = [0; 32];
        SystemRandom.fill(&mut entropy).unwrap();
        let value = if number % 2 == 0 {
            Digest::<AuthorizationCode>::generate(&entropy).0
        } else {
            Digest::<AccessToken>::generate(&entropy).0
        };
        assert!(value.expose().starts_with(if number % 2 == 0 { "ac_" } else { "at_" }));
        let bytes = random_part(value.expose());
        windows.extend(bytes.windows(8).map(|window| u64::from_be_bytes(window.try_into().unwrap())));
        for (bit, count) in set.iter_mut().enumerate() {
            *count += u32::from(bytes[bit / 8] >> (bit % 8) & 1);
        }
    }
    let all = windows.len();
    assert_eq!(all, VALUES * 25);
    windows.sort_unstable();
    windows.dedup();
    assert_eq!(windows.len(), all);
    // Six and a half standard deviations of 158: a fair bit is outside once in ten thousand million runs.
    assert!(set.iter().all(|count| (48_972..=51_028).contains(count)), "{set:?}");
}

/// S29: there is one generator, the system's, and one file that calls it.
#[test]
fn s29_one_file_calls_the_generator() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oauth2-runtime");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let generators = ["rand", "fastrand", "rand_core", "oorandom", "nanorand", "uuid"];
    let depends = |name: &str| manifest.lines().any(|line| line.split(['.', ' ', '=']).next() == Some(name));
    assert!(depends("getrandom") && generators.iter().all(|name| !depends(name)));
    let mut folders = vec![root.join("src")];
    let mut callers = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).unwrap().contains("getrandom::") {
                callers.push(path.strip_prefix(&root).unwrap().to_owned());
            }
        }
    }
    assert_eq!(callers, [Path::new("src/random.rs")]);
}
