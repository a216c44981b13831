//! From the question to the tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_tests::portal::{encoded, value};
use sha2::{Digest, Sha256};

use super::fake::Fake;
use super::{
    CALLBACK, REFUSED, SILENT, WELCOME, answered, assert_cookie, browser, callback, expect, signed_in, start,
};

/// The heading of the page for an answer to no question.
const UNASKED: &str = "That was not our question";
const STRANGER: &str = "That was somebody else";

#[tokio::test]
async fn the_question_is_asked_where_the_metadata_says_and_its_code_is_redeemed_there() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    let asked = start(&mut browser, &fake).await;
    for (name, expected) in [
        ("response_type", "code"),
        ("client_id", "photo-album"),
        ("redirect_uri", CALLBACK),
        ("scope", "photos:read photos:write"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(value(&asked, name), expected);
    }
    callback(&mut browser, &value(&asked, "state"), &fake.code()).await;
    let [redeemed] = &fake.asked()[..] else { panic!("{:?}", fake.asked()) };
    let redeemed: Vec<_> = url::form_urlencoded::parse(redeemed.as_bytes()).into_owned().collect();
    for (name, expected) in [
        ("grant_type", "authorization_code"),
        ("code", "c"),
        ("client_id", "photo-album"),
        ("redirect_uri", CALLBACK),
    ] {
        assert_eq!(value(&redeemed, name), expected);
    }
    let digest = Sha256::digest(value(&redeemed, "code_verifier"));
    assert_eq!(value(&asked, "code_challenge"), URL_SAFE_NO_PAD.encode(digest));
}

/// RFC 8414 section 3.3: what is said in another's name is not used.
#[tokio::test]
async fn metadata_of_another_issuer_is_not_used() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    for other in ["https://evil.example", &format!("{}/", fake.issuer)] {
        fake.calls_itself(other);
        let answer = browser.get("/start").await;
        expect(&answer, 400, STRANGER);
        assert_eq!(answer.header("set-cookie"), None);
    }
    fake.calls_itself(&fake.issuer);
    start(&mut browser, &fake).await;
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_a_page_and_no_redirect() {
    expect(&browser("http://127.0.0.1:1").await.get("/start").await, 502, SILENT);
}

#[tokio::test]
async fn an_answer_must_have_the_state_and_the_cookie_and_is_good_once() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    let state = value(&start(&mut browser, &fake).await, "state");
    let mut stranger = browser.clone();
    stranger.cookies.clear();
    expect(&callback(&mut stranger, &state, &fake.code()).await, 400, UNASKED);
    expect(&callback(&mut browser, "forged", &fake.code()).await, 400, UNASKED);
    assert_eq!(fake.asked(), [""; 0]);
    // Who forges an answer does not cancel what is under way.
    let (mut again, answer) = (browser.clone(), callback(&mut browser, &state, &fake.code()).await);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    expect(&browser.get("/").await, 200, "Your photos");
    expect(&callback(&mut again, &state, &fake.code()).await, 400, UNASKED);
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn an_answer_of_somebody_else_is_not_used() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    for more in ["code=c&iss=http%3A%2F%2Fevil.example", "code=c", "error=access_denied"] {
        expect(&answered(&mut browser, &fake, more).await, 400, STRANGER);
    }
    assert_eq!(fake.asked(), [""; 0]);
}

/// RFC 6749 section 3.1: which of two it means nobody can tell.
#[tokio::test]
async fn an_answer_that_says_something_twice_is_not_used() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    let right = fake.code();
    for more in ["code=d", "iss=http%3A%2F%2Fevil.example", "state=x", "more=1&more=1"] {
        let state = value(&start(&mut browser, &fake).await, "state");
        expect(&callback(&mut browser, &state, &format!("{right}&{more}")).await, 400, UNASKED);
    }
    assert_eq!(fake.asked(), [""; 0]);
}

/// S83: whoever has planted a cookie in a browser is not signed in by what its owner does.
#[tokio::test]
async fn the_cookie_of_somebody_who_signs_in_is_a_new_one() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    let state = value(&start(&mut browser, &fake).await, "state");
    let mut planted = browser.clone();
    let answer = callback(&mut browser, &state, &fake.code()).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    assert_cookie(&answer);
    assert_ne!(planted.cookies, browser.cookies);
    expect(&browser.get("/").await, 200, "Your photos");
    expect(&planted.get("/").await, 200, WELCOME);
}

/// Any site can send a browser to where a sign-in starts.
#[tokio::test]
async fn who_is_signed_in_stays_so_until_somebody_else_has_signed_in() {
    let fake = Fake::start().await;
    let mut browser = signed_in(&fake).await;
    start(&mut browser, &fake).await;
    expect(&browser.get("/").await, 200, "Your photos");
    let denied = format!("error=access_denied&iss={}", encoded(&fake.issuer));
    expect(&answered(&mut browser, &fake, &denied).await, 200, "No photos, then");
    expect(&browser.get("/").await, 200, "Your photos");
    let mut before = browser.clone();
    expect(&answered(&mut browser, &fake, &fake.code()).await, 200, "Your photos");
    expect(&before.get("/").await, 200, WELCOME);
}

#[tokio::test]
async fn errors_are_shown_kindly_and_as_text() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    let iss = encoded(&fake.issuer);
    let denied = answered(&mut browser, &fake, &format!("error=access_denied&iss={iss}")).await;
    expect(&denied, 200, "No photos, then");
    let refused = answered(&mut browser, &fake, &format!("error=%3Cb%3E&iss={iss}")).await;
    expect(&refused, 502, REFUSED);
    assert!(refused.body.contains("<code>&#60;b&#62;</code>"), "{}", refused.body);
    expect(&browser.get("/").await, 200, WELCOME);
}

#[tokio::test]
async fn a_code_that_is_refused_leaves_nothing_behind() {
    let fake = Fake::start().await;
    let mut browser = browser(&fake.issuer).await;
    for (status, body, heading) in [
        (400, r#"{"error":"invalid_grant"}"#, REFUSED),
        (500, "<html>", SILENT),
        (200, r#"{"token_type":"Bearer"}"#, SILENT),
    ] {
        fake.answers_tokens_with(status, body);
        let shown = answered(&mut browser, &fake, &fake.code()).await;
        expect(&shown, 502, heading);
        assert_eq!(shown.body.contains("<code>invalid_grant</code>"), status == 400, "{}", shown.body);
        // It is said once.
        expect(&browser.get("/").await, 200, WELCOME);
    }
}
