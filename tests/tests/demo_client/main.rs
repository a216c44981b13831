//! The demo client believes no answer that is not to its own question, and keeps what it was given.

mod album;
mod fake;
mod sign_in;

use demo_client::{Registration, router};
use oauth2_tests::browser::Browser;
use oauth2_tests::http::Response;
use oauth2_tests::portal::{encoded, parameters, value};
use oauth2_tests::running::listen;

use fake::Fake;

const CALLBACK: &str = "http://127.0.0.1:8081/callback";
const WELCOME: &str = "Photo Album";
const REFUSED: &str = "The photo service said no";
const SILENT: &str = "The photo service is silent";

/// A browser on a demo client of this provider.
async fn browser(issuer: &str) -> Browser {
    let registration = Registration {
        issuer: issuer.into(),
        client_id: "photo-album".into(),
        redirect_uri: CALLBACK.into(),
        scope: "photos:read photos:write".into(),
        photos: format!("{issuer}/photos"),
    };
    Browser::new(listen(router(registration).unwrap()).await)
}

/// Starts a sign-in; the parameters of the authorization request.
async fn start(browser: &mut Browser, fake: &Fake) -> Vec<(String, String)> {
    let answer = browser.get("/start").await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let location = answer.header("location").unwrap();
    assert!(location.starts_with(&format!("{}/authorize?", fake.endpoints())), "{location}");
    assert_cookie(&answer);
    parameters(location)
}

/// The answer gives the browser a name.
#[track_caller]
fn assert_cookie(answer: &Response) {
    let cookie = answer.header("set-cookie").unwrap();
    let name = cookie
        .strip_prefix("photo_album=")
        .and_then(|rest| rest.strip_suffix("; Path=/; HttpOnly; SameSite=Lax"));
    assert!(name.is_some_and(|name| name.len() >= 22 && !name.contains(';')), "{cookie}");
}

/// The provider's answer to a sign-in that was just started.
async fn callback(browser: &mut Browser, state: &str, more: &str) -> Response {
    browser.get(&format!("/callback?state={}&{more}", encoded(state))).await
}

/// Starts a sign-in and has it answered; what is shown then, at an address without the answer.
async fn answered(browser: &mut Browser, fake: &Fake, more: &str) -> Response {
    let state = value(&start(browser, fake).await, "state");
    let answer = callback(browser, &state, more).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{answer:?}");
    browser.get("/").await
}

/// Somebody who has signed in.
async fn signed_in(fake: &Fake) -> Browser {
    let mut browser = browser(&fake.issuer).await;
    let album = answered(&mut browser, fake, &fake.code()).await;
    expect(&album, 200, "Your photos");
    browser
}

#[track_caller]
fn expect(answer: &Response, status: u16, heading: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.body.contains(&format!("<h1>{heading}</h1>")), "{}", answer.body);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; "), "{policy}");
    assert!(policy.contains("; frame-ancestors 'none'; "), "{policy}");
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
}
