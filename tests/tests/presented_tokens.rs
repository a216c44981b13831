//! Tokens of people at a protected resource, and what is nearly one.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response, exchange};
use oauth2_tests::portal::{Portal, RunningPortal, client, register, whoami};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials, listen};
use sha2::{Digest as _, Sha256};

#[protect(Portal, Access::Write)]
async fn write(token: Bearer<Portal>) -> String {
    token.subject().map_or("-", Subject::as_str).to_owned()
}

/// For people only.
#[protect(Portal, Access::Write, when = is_a_person)]
async fn mine(token: Bearer<Portal>) -> String {
    token.subject().map_or("-", Subject::as_str).to_owned()
}

fn is_a_person(token: &Bearer<Portal>, _: &http::request::Parts) -> bool {
    token.subject().is_some()
}

async fn site(running: &RunningPortal) -> SocketAddr {
    let app = Router::new().route("/write", get(write).post(write)).route("/whoami", get(whoami));
    listen(app.route("/mine", get(mine)).with_state(running.portal.clone())).await
}

#[track_caller]
fn assert_challenge(answer: &Response, status: u16, error: Option<(&str, &str)>) {
    let error = error.map(|(code, text)| format!(", error=\"{code}\", error_description=\"{text}\""));
    let challenge =
        format!("Bearer realm=\"http://127.0.0.1\"{}, scope=\"write\"", error.unwrap_or_default());
    assert_eq!((answer.status, answer.header("www-authenticate")), (status, Some(challenge.as_str())));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// S66: the scope is looked at on every way in, and there is one way in.
#[tokio::test]
async fn a_token_with_less_scope_does_not_pass() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let narrow = running.tokens("alice", "read").await;
    let wide = running.tokens("alice", "read write").await;
    let open = async |request: Request| request.send(address).await;
    assert_eq!(open(Request::get("/write").bearer(&wide.access)).await.body, "u-alice");
    let answer = open(Request::get("/write").bearer(&narrow.access)).await;
    assert_challenge(&answer, 403, Some(("insufficient_scope", "the access token is not good for this")));
    for token in [&narrow.access, &wide.access] {
        for request in [
            Request::get("/write").basic(token, ""),
            Request::get("/write").basic("", token),
            Request::get("/write").basic("web", &running.web.secret),
            Request::get(&format!("/write?access_token={token}")),
            Request::get(&format!("/write?access_token={token}&scope=write")),
            Request::form("/write", format!("access_token={token}")),
            Request::get("/write").header("x-access-token", token),
            Request::get("/write").header("cookie", &format!("access_token={token}")),
            Request::get("/write").header("authorization", &format!("Token {token}")),
        ] {
            assert_challenge(&open(request).await, 401, None);
        }
    }
    // A refresh that asks for less gives less, whatever the authorization had.
    let body = format!("grant_type=refresh_token&refresh_token={}&scope=read", wide.refresh);
    let narrowed = running.token(&running.web, &body).await;
    let narrowed = narrowed.json()["access_token"].as_str().unwrap().to_owned();
    let answer = open(Request::get("/write").bearer(&narrowed)).await;
    assert_challenge(&answer, 403, Some(("insufficient_scope", "the access token is not good for this")));
}

/// S66: a client's own token has the scopes it asked for, too.
#[tokio::test]
async fn a_clients_own_token_with_less_scope_does_not_pass() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let answer = running.token(&running.web, "grant_type=client_credentials&scope=read").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let answer = Request::get("/write").bearer(&token).send(address).await;
    assert_challenge(&answer, 403, Some(("insufficient_scope", "the access token is not good for this")));
}

/// S65: a client that is called like a person, or like a person's subject, is nobody.
#[tokio::test]
async fn a_client_named_like_a_person_is_not_the_person() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let alice = running.tokens("alice", "read write").await;
    assert_eq!(Request::get("/write").bearer(&alice.access).send(address).await.body, "u-alice");
    for id in ["u-alice", "alice", "-"] {
        let namesake: Credentials = register(&running.portal, client(id, &[])).await;
        let answer = running.token(&namesake, "grant_type=client_credentials").await;
        assert!(answer.json().get("refresh_token").is_none());
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(Request::get("/write").bearer(&token).send(address).await.body, "-");
        assert_eq!(running.introspect(&namesake, &token).await.json().get("sub"), None);
        let answer = Request::get("/mine").bearer(&token).send(address).await;
        let reason = "the access token is not good for this";
        assert_challenge(&answer, 403, Some(("insufficient_scope", reason)));
        answer.assert_error(403, "insufficient_scope", reason);
    }
    let answer = Request::get("/mine").bearer(&alice.access).send(address).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "u-alice"));
    let subjects = "SELECT COALESCE(subject, 'none') FROM oauth2_token ORDER BY rowid";
    assert_eq!(running.database.texts(subjects).await, ["u-alice", "none", "none", "none"]);
}

/// The same 256 bits written in another way: the last of the 43 characters has two bits that nothing decodes to. The
/// check sum fits.
fn otherwise_written(token: &str) -> impl Iterator<Item = String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (body, last) = (&token[..45], token.as_bytes()[45]);
    let index = ALPHABET.iter().position(|character| *character == last).unwrap();
    assert!(index.is_multiple_of(4), "the unused bits are zero");
    (1..4).map(move |bits| {
        let value = format!("{body}{}", char::from(ALPHABET[index ^ bits]));
        let check = URL_SAFE_NO_PAD.encode(&Sha256::digest(&value)[..3]);
        format!("{value}{check}")
    })
}

/// Every proper prefix and suffix, every letter in the other case, every bit turned over, and more.
fn nearly(token: &str) -> Vec<Vec<u8>> {
    let mut variants = Vec::new();
    for cut in 1..token.len() {
        variants.extend([token[..cut].into(), token[cut..].into()]);
    }
    for position in 0..token.len() {
        for bit in 0..8 {
            let mut bytes = token.as_bytes().to_vec();
            bytes[position] ^= 1 << bit;
            variants.push(bytes);
        }
    }
    for more in ["A", "=", " ", "\u{e9}", "%00", "."] {
        variants.extend([format!("{token}{more}").into_bytes(), format!("{more}{token}").into_bytes()]);
    }
    variants.extend([token.to_uppercase(), token.to_lowercase(), token.repeat(2)].map(String::into_bytes));
    variants.extend(otherwise_written(token).map(String::into_bytes));
    assert!(!variants.contains(&token.as_bytes().to_vec()));
    variants
}

/// What a form with the value is answered, by what it decodes to; `None` where the value is looked at.
fn refused(variant: &[u8]) -> Option<&'static str> {
    match std::str::from_utf8(variant) {
        Err(_) => Some("a parameter is not UTF-8"),
        Ok(text) if text.contains('\0') => Some("a parameter contains a NUL"),
        Ok(_) => None,
    }
}

/// Asks for it at introspection and at revocation.
async fn is_none_in_forms(running: &RunningPortal, variant: &[u8]) {
    let value = url::form_urlencoded::byte_serialize(variant).collect::<String>();
    let introspected = running.introspect(&running.web, &value).await;
    let revoke = Request::form("/oauth/revoke", format!("token={value}"));
    let revoked = running.send(revoke.basic(&running.web.id, &running.web.secret)).await;
    if let Some(reason) = refused(variant) {
        introspected.assert_error(400, "invalid_request", reason);
        revoked.assert_error(400, "invalid_request", reason);
    } else {
        let introspected = (introspected.status, introspected.body.as_str());
        assert_eq!(introspected, (200, "{\"active\":false}"), "{value}");
        assert_eq!((revoked.status, revoked.body.as_str()), (200, ""), "{value}");
    }
}

/// Presents it at the protected resource. A header can have no control characters but tabs (RFC 9110 section 5.5), and what it
/// has beyond ASCII is no text.
async fn is_none_in_a_header(address: SocketAddr, variant: &[u8]) {
    let request =
        [&b"GET /whoami HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: Bearer "[..], variant];
    let answer = exchange(address, &[&request.concat(), &b"\r\n\r\n"[..]].concat()).await;
    let shown = variant.escape_ascii();
    if variant.iter().any(|byte| *byte < b' ' && *byte != b'\t' || *byte == 0x7f) {
        assert_eq!((answer.status, answer.body.as_str()), (400, ""), "{shown}: {answer:?}");
    } else if variant.is_ascii() {
        answer.assert_error(401, "invalid_token", "the access token is not valid");
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.contains("error=\"invalid_token\""), "{shown}: {challenge}");
    } else {
        answer.assert_error(400, "invalid_request", "the Authorization header is not well-formed");
    }
}

/// S70, S57: at the protected resource, at introspection and at revocation; and the token itself lives through all of
/// it.
#[tokio::test]
async fn what_is_nearly_a_token_is_none() {
    let running = RunningPortal::start().await;
    let address = site(&running).await;
    let tokens = running.tokens("alice", "read write").await;
    running.portal.journal.lock().signals.clear();
    for variant in otherwise_written(&tokens.access) {
        assert!(Digest::<AccessToken>::of(&variant).is_some(), "it has the form of a token");
    }
    let mut tried = 0;
    for token in [&tokens.access, &tokens.refresh] {
        for variant in nearly(token) {
            is_none_in_forms(&running, &variant).await;
            tried += 2;
            // White space around the value is no part of a header's value, and a line break would end it.
            let own = variant.trim_ascii() == token.as_bytes();
            if token.starts_with("at_") && !own && !variant.contains(&b'\r') && !variant.contains(&b'\n') {
                is_none_in_a_header(address, &variant).await;
                tried += 1;
            }
        }
    }
    assert!(tried > 2_400, "{tried}");
    assert!(running.is_active(&tokens.access).await && running.is_active(&tokens.refresh).await);
    assert_eq!(Request::get("/write").bearer(&tokens.access).send(address).await.status, 200);
    assert!(running.portal.journal.signals().is_empty());
}
