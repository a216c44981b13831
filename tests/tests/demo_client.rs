//! The demo client believes no answer that is not to its own question.

use demo_client::{Registration, router};
use oauth2_tests::browser::Browser;
use oauth2_tests::http::Response;
use oauth2_tests::portal::{encoded, parameters, value};
use oauth2_tests::running::listen;

/// Nobody listens there.
const ISSUER: &str = "http://127.0.0.1:1";
/// The heading of the page for an answer to no question.
const UNASKED: &str = "That was not our question";

/// A browser on the demo client.
async fn browser() -> Browser {
    let registration = Registration {
        issuer: ISSUER.into(),
        client_id: "photo-album".into(),
        redirect_uri: "http://127.0.0.1:8081/callback".into(),
        scope: "photos:read photos:write".into(),
        photos: format!("{ISSUER}/photos"),
    };
    Browser::new(listen(router(registration).unwrap()).await)
}

/// Starts a sign-in; its `state`.
async fn start(browser: &mut Browser) -> String {
    let answer = browser.get("/start").await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("http://127.0.0.1:1/oauth/authorize?"), "{location}");
    let cookie = answer.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("photo_album=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let parameters = parameters(location);
    for (name, expected) in [
        ("response_type", "code"),
        ("client_id", "photo-album"),
        ("redirect_uri", "http://127.0.0.1:8081/callback"),
        ("scope", "photos:read photos:write"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(value(&parameters, name), expected);
    }
    assert_eq!(value(&parameters, "code_challenge").len(), 43);
    value(&parameters, "state")
}

#[track_caller]
fn expect(answer: &Response, status: u16, heading: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.body.contains(&format!("<h1>{heading}</h1>")), "{}", answer.body);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; "), "{policy}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

async fn callback(browser: &mut Browser, state: &str, more: &str) -> Response {
    browser.get(&format!("/callback?state={}&{more}", encoded(state))).await
}

#[tokio::test]
async fn an_answer_must_have_the_state_and_the_cookie_and_is_good_once() {
    let mut browser = browser().await;
    let right = format!("code=c&iss={}", encoded(ISSUER));
    let state = start(&mut browser).await;
    let mut stranger = browser.clone();
    stranger.cookies.clear();
    expect(&callback(&mut stranger, &state, &right).await, 400, UNASKED);
    expect(&callback(&mut browser, "forged", &right).await, 400, UNASKED);
    // The forged answer was the one that this request gets.
    expect(&callback(&mut browser, &state, &right).await, 400, UNASKED);
    let state = start(&mut browser).await;
    expect(&callback(&mut browser, &state, &right).await, 502, "The photo service is silent");
}

#[tokio::test]
async fn an_answer_of_somebody_else_is_not_used() {
    let mut browser = browser().await;
    for more in ["code=c&iss=http%3A%2F%2Fevil.example", "code=c", "error=access_denied"] {
        let state = start(&mut browser).await;
        expect(&callback(&mut browser, &state, more).await, 400, "That was somebody else");
    }
}

#[tokio::test]
async fn errors_are_shown_kindly_and_as_text() {
    let mut browser = browser().await;
    let iss = encoded(ISSUER);
    let state = start(&mut browser).await;
    let denied = callback(&mut browser, &state, &format!("error=access_denied&iss={iss}")).await;
    expect(&denied, 200, "No photos, then");
    let state = start(&mut browser).await;
    let refused = callback(&mut browser, &state, &format!("error=%3Cb%3E&iss={iss}")).await;
    expect(&refused, 502, "The photo service said no");
    assert!(refused.body.contains("<code>&#60;b&#62;</code>"), "{}", refused.body);
    expect(&browser.get("/").await, 200, "Photo Album");
    let refreshed = browser.post("/refresh", &[]).await;
    assert_eq!(
        (refreshed.status, refreshed.header("location")),
        (303, Some("/")),
        "there is nothing to refresh"
    );
}
