//! What is shown of a token, and how it is replaced.

use futures_util::future::join_all;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};

use super::fake::Fake;
use super::{REFUSED, SILENT, WELCOME, expect, signed_in};

/// The button, as a browser presses it.
async fn refresh(browser: &mut Browser) -> Response {
    browser.send(Request::form("/refresh", "").header("sec-fetch-site", "same-origin")).await
}

#[track_caller]
fn shows(album: &Response, parts: &[&str]) {
    expect(album, 200, "Your photos");
    for part in parts {
        assert!(album.body.contains(part), "{part}: {}", album.body);
    }
}

#[tokio::test]
async fn what_comes_from_elsewhere_is_text() {
    let fake = Fake::start().await;
    fake.grants("<s>&\"");
    let mut browser = signed_in(&fake).await;
    fake.answers_photos_with(200, r#"{"<b>alice":["<i>'sea'",""]}"#);
    let album = browser.get("/").await;
    shows(
        &album,
        &[
            "<bdi>&#60;b&#62;alice</bdi>",
            "&#60;i&#62;&#39;sea&#39;</li>",
            "<code>&#60;s&#62;&#38;&#34;</code>",
        ],
    );
    for raw in ["<b>", "<i>", "<s>"] {
        assert!(!album.body.contains(raw), "{}", album.body);
    }
}

#[tokio::test]
async fn nobody_sees_more_of_a_token_than_its_beginning() {
    let fake = Fake::start().await;
    let mut browser = signed_in(&fake).await;
    let album = browser.get("/").await;
    shows(&album, &["id=\"token\"><code>access-001…</code>", "60 min, 59 min", "id=\"refreshed\">not yet<"]);
    assert_eq!(album.body.matches("access-001").count(), 1);
    for hidden in ["access-001-", "refresh-1"] {
        assert!(
            !album.body.contains(hidden) && album.headers.iter().all(|(_, value)| !value.contains(hidden))
        );
    }
}

#[tokio::test]
async fn an_api_that_refuses_or_talks_nonsense_is_not_believed() {
    let fake = Fake::start().await;
    let mut browser = signed_in(&fake).await;
    for (status, body, heading, code) in [
        (403, "", REFUSED, Some("<code>insufficient_scope</code>")),
        (500, r#"{"alice":[]}"#, SILENT, None),
        (302, "", SILENT, None),
        (200, "<html>", SILENT, None),
        (200, "{}", SILENT, None),
        (200, r#"{"alice":[1]}"#, SILENT, None),
    ] {
        fake.answers_photos_with(status, body);
        let shown = browser.get("/").await;
        expect(&shown, 502, heading);
        assert_eq!(shown.body.contains("<code>"), code.is_some(), "{}", shown.body);
        assert!(shown.body.contains(code.unwrap_or_default()), "{}", shown.body);
    }
    assert_eq!(fake.asked().len(), 1, "a new token would not help");
    fake.answers_photos_with(200, r#"{"alice":["The sea at six"]}"#);
    shows(&browser.get("/").await, &["<bdi>alice</bdi>", "The sea at six"]);
}

/// `SameSite` is no help against another port of the host, which is the same site.
#[tokio::test]
async fn only_its_own_button_refreshes_the_token() {
    let fake = Fake::start().await;
    let mut browser = signed_in(&fake).await;
    for (name, value) in [
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "http://127.0.0.1:8080"),
        ("accept", "*/*"),
    ] {
        let answer = browser.send(Request::form("/refresh", "").header(name, value)).await;
        assert_eq!((answer.status, answer.body.as_str()), (403, ""), "{name}: {value}");
    }
    assert_eq!(fake.asked().len(), 1);
    let answer = refresh(&mut browser).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    shows(&browser.get("/").await, &["<code>access-002…</code>", "id=\"refreshed\">once<"]);
    // The address that people are sent back to is on port 8081.
    let own = Request::form("/refresh", "").header("origin", "http://127.0.0.1:8081");
    assert_eq!(browser.send(own).await.status, 303);
    shows(&browser.get("/").await, &["<code>access-003…</code>", "id=\"refreshed\">2 times<"]);
    let mut nobody = browser.clone();
    nobody.cookies.clear();
    let answer = refresh(&mut nobody).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "there is nothing to refresh");
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn a_refused_refresh_ends_the_stay_and_a_silent_one_does_not() {
    let fake = Fake::start().await;
    let mut browser = signed_in(&fake).await;
    fake.answers_tokens_with(503, "");
    expect(&refresh(&mut browser).await, 502, SILENT);
    shows(&browser.get("/").await, &["<code>access-001…</code>", "id=\"refreshed\">not yet<"]);
    fake.answers_tokens_with(400, r#"{"error":"invalid_grant"}"#);
    let refused = refresh(&mut browser).await;
    expect(&refused, 502, REFUSED);
    assert!(refused.body.contains("<code>invalid_grant</code>"), "{}", refused.body);
    expect(&browser.get("/").await, 200, WELCOME);
}

/// The refresh token lives longer than the access token: nobody has to do anything when that has ended.
#[tokio::test]
async fn an_access_token_that_has_ended_is_replaced_once_however_many_ask() {
    let fake = Fake::start().await;
    let browser = signed_in(&fake).await;
    fake.ends_access_tokens();
    let albums = join_all((0..8).map(|_| {
        let mut tab = browser.clone();
        async move { tab.get("/").await }
    }));
    for album in albums.await {
        shows(&album, &["<code>access-002…</code>", "id=\"refreshed\">once<"]);
    }
    let asked = fake.asked();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(
        asked[1].contains("grant_type=refresh_token") && asked[1].contains("refresh_token=refresh-1"),
        "{asked:?}"
    );
    fake.ends_access_tokens();
    fake.answers_tokens_with(400, r#"{"error":"invalid_grant"}"#);
    let mut browser = browser;
    expect(&browser.get("/").await, 502, REFUSED);
    expect(&browser.get("/").await, 200, WELCOME);
}

/// The refresh token is used up then; its successor is all that is left.
#[tokio::test]
async fn new_tokens_are_kept_though_the_browser_has_hung_up() {
    let fake = Fake::start().await;
    let mut browser = signed_in(&fake).await;
    let told = fake.holds();
    let mut tab = browser.clone();
    let hanging = tokio::spawn(async move { refresh(&mut tab).await });
    told.arrived.notified().await;
    hanging.abort();
    assert!(hanging.await.unwrap_err().is_cancelled());
    // What would stop the refresh has the time to do so. The assertions hold without it.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    told.go.notify_one();
    shows(&browser.get("/").await, &["<code>access-002…</code>", "id=\"refreshed\">once<"]);
}
