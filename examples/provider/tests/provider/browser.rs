//! The real program in a real browser: a person signs in, agrees, and is back at the client.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use oauth2_tests::chrome::Chrome;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{VERIFIER, encoded, request, value};
use oauth2_tests::running::{Tokens, listen};

use crate::site::{PASSWORD, Site};

const PAGE: &str =
    "<!doctype html><html lang=en><link rel=icon href=data:,><title>Client</title><h1>Back</h1>";

#[tokio::test]
async fn a_person_signs_in_agrees_and_lands_on_the_clients_page() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start();
    let client = listen(Router::new().route("/cb", get(async || Html(PAGE)))).await;
    let callback = format!("http://{client}/cb");
    let query = request("native", &callback, "&scope=profile%20photos:read&state=s1");
    chrome.open(&format!("http://{}/oauth/authorize?{query}", site.address)).await;
    assert_eq!(chrome.text("h1").await, "Sign in");
    assert_eq!(chrome.text(".lead").await, "to continue to Native app");
    chrome.sign_in("alice", PASSWORD).await;
    assert_eq!(chrome.text("h1").await, "Allow Native app to access your account?");
    let asked = "See your profile, such as your name and your picture\nSee your photos";
    assert_eq!(chrome.text(".scopes").await, asked);
    let facts = "Signed in as\nalice\nYou will be sent to\n127.0.0.1 (this device)";
    assert_eq!(chrome.text(".facts").await, facts);
    chrome.leave(chrome.click("#consent-allow")).await;

    assert_eq!(chrome.text("h1").await, "Back");
    let landed = chrome.address().await;
    assert_eq!((landed.path(), landed.port()), ("/cb", Some(client.port())));
    let answered: Vec<_> = landed.query_pairs().into_owned().collect();
    assert_eq!(value(&answered, "state"), "s1");
    assert_eq!(value(&answered, "iss"), format!("http://{}", site.address));
    let (code, redirect_uri) = (value(&answered, "code"), encoded(&callback));
    let body = format!(
        "grant_type=authorization_code&client_id=native&code={code}&redirect_uri={redirect_uri}&code_verifier={VERIFIER}"
    );
    let tokens = Tokens::of(&site.send(Request::form("/oauth/token", body)).await);
    let me = site.send(Request::get("/api/me").bearer(&tokens.access)).await;
    assert_eq!(me.body, r#"{"sub":"u-alice","client_id":"native","scope":"profile photos:read"}"#);
}
