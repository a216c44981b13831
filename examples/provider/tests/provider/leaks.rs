//! S97, F24: what no output of the program and no file of it may contain: anything that could be used as a token, a
//! code, a session or a secret, and the passwords and secrets of its seed in any form in which a request has them.

use std::path::Path;

use oauth2_runtime::prelude::*;
use oauth2_runtime::types::{Artefact, ClientSecretValue, SessionId};
use oauth2_tests::http::{Request, basic};
use oauth2_tests::portal::encoded;
use serde_json::Value;

use crate::site::Site;

/// Bytes of a generated value: its prefix, 43 characters and the check sum.
const ARTEFACT_BYTES: usize = 50;
/// Shorter secrets, such as `p`, are parts of ordinary words. Their form in HTTP Basic is looked for all the same.
const DISTINCT_BYTES: usize = 8;

/// A text to look for.
pub(crate) struct Secret {
    text: String,
    /// What it is, without it.
    name: String,
}

impl Secret {
    /// In the forms in which it can be sent.
    fn forms(kind: &str, id: &str, secret: &str) -> Vec<Self> {
        let name = |form: &str| format!("the {kind} of `{id}` {form}");
        let credentials = [basic(id, secret), basic(&encoded(id), &encoded(secret))];
        let mut forms: Vec<_> = credentials
            .map(|header| Self {
                text: header.split(' ').nth(1).unwrap().to_owned(),
                name: name("in HTTP Basic"),
            })
            .into();
        if secret.len() >= DISTINCT_BYTES {
            forms.push(Self { text: secret.to_owned(), name: name("in clear") });
            forms.push(Self { text: encoded(secret), name: name("as in a form") });
            forms.push(Self { text: secret.replace(' ', "%20"), name: name("as in a URL") });
        }
        forms
    }
}

/// Of every seed in the folder.
pub(crate) fn secrets_of_seeds(folder: &Path) -> Vec<Secret> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let seeds = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    // A file that is no seed is what some tests are about.
    let seeds = seeds.filter_map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).ok());
    let mut secrets = Vec::new();
    for seed in seeds {
        for (list, kind, id, secret) in [
            ("users", "password", "username", "password"),
            ("clients", "secret", "client_id", "client_secret"),
        ] {
            for entry in seed[list].as_array().into_iter().flatten() {
                if let (Some(id), Some(secret)) = (entry[id].as_str(), entry[secret].as_str()) {
                    secrets.extend(Secret::forms(kind, id, secret));
                }
            }
        }
    }
    secrets
}

/// Where in `text` there is a value of this kind.
fn artefact<K: Artefact>(text: &str) -> Option<usize> {
    let starts = text.match_indices(K::PREFIX).map(|(at, _)| at);
    let mut values = starts.filter_map(|at| Some((at, text.get(at..at + ARTEFACT_BYTES)?)));
    values.find(|(_, value)| Digest::<K>::of(value).is_some()).map(|(at, _)| at)
}

/// What is in `text` that must not be, and where.
fn found(text: &str, secrets: &[Secret]) -> Option<(String, usize)> {
    let artefacts = [
        ("an access token", artefact::<AccessToken>(text)),
        ("a refresh token", artefact::<RefreshToken>(text)),
        ("an authorization code", artefact::<AuthorizationCode>(text)),
        ("a session", artefact::<SessionId>(text)),
        ("a client secret", artefact::<ClientSecretValue>(text)),
    ];
    let artefact = artefacts.into_iter().find_map(|(name, at)| Some((name.to_owned(), at?)));
    artefact.or_else(|| {
        secrets.iter().find_map(|secret| Some((secret.name.clone(), text.find(secret.text.as_str())?)))
    })
}

/// Says what is there and where, and nothing of it.
#[track_caller]
pub(crate) fn assert_none(place: &str, written: &[u8], secrets: &[Secret]) {
    // What is no text in a database's file ends a text, and is not part of one.
    let text = String::from_utf8_lossy(written);
    if let Some((name, at)) = found(&text, secrets) {
        let line = text[..at].lines().next_back().unwrap_or_default();
        let module = line.split(' ').find(|word| word.contains("::")).unwrap_or("no module");
        panic!("{name} is in {place}, at byte {at}, in a line of {module}");
    }
}

/// The search itself.
#[test]
fn what_may_not_be_there_is_found() {
    let (token, _) = Digest::<AccessToken>::generate(&[7; 32]);
    let generated = ClientSecret::generate().unwrap();
    let (token, generated) = (token.expose().as_str(), generated.expose());
    let secrets = Secret::forms("secret", "web", "from another server");
    for (text, name) in [
        (token, "an access token"),
        (generated, "a client secret"),
        ("from another server", "the secret of `web` in clear"),
        ("from+another+server", "the secret of `web` as in a form"),
        ("from%20another%20server", "the secret of `web` as in a URL"),
        ("d2ViOmZyb20gYW5vdGhlciBzZXJ2ZXI=", "the secret of `web` in HTTP Basic"),
    ] {
        let line = format!("\u{e9}at_ and at_{text}!");
        assert_eq!(found(&line, &secrets), Some((name.to_owned(), 13)), "{name}");
    }
    let shorter = [&token[..49], &token[1..], &token.replace("at_", "rt_"), "from another serve"].join(" ");
    assert_eq!(found(&shorter, &secrets), None);
    assert!(Secret::forms("secret", "web", "p").iter().all(|secret| secret.name.ends_with("in HTTP Basic")));
}

/// That there is something to search: at the lowest level there are the statements next to the secrets.
#[tokio::test]
async fn everything_is_logged_but_secrets() {
    let site = Site::start_with(&["--audit", "audit.log"]);
    let secrets = secrets_of_seeds(site.database.folder());
    assert_eq!(secrets.len(), 4 * 5 + 2, "four of the five are long: {}", secrets.len());
    let tokens = site.tokens("photos:read").await;
    assert_eq!(site.send(Request::get("/api/me").bearer(&tokens.access)).await.status, 200);
    assert_eq!(site.refresh(&tokens.refresh).await.status, 200);
    let posted = format!(
        "grant_type=client_credentials&client_id=resource&client_secret={}",
        encoded("behind the API")
    );
    assert_eq!(site.send(Request::form("/oauth/token", posted)).await.status, 400);
    let (ended, _) = site.stop();
    for mark in ["DEBUG", "INSERT INTO", "token issued", "client_id=\"web\""] {
        assert!(ended.log.contains(mark), "{mark} is not in the log of {} bytes", ended.log.len());
    }
}
