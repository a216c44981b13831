//! The pages in a real browser.

mod crowded;
mod looks;
mod site;

use oauth2_tests::chrome::Chrome;
use site::Site;

const TAB: &str = "\u{e004}";
/// With the shift key, which the null key lets go.
const BACK_TAB: &str = "\u{e008}\u{e004}\u{e000}";
const ENTER: &str = "\u{e007}";

/// What every page of the server has.
async fn assert_document(chrome: &Chrome, heading: &str) {
    assert_eq!(chrome.find("html").await.attr("lang").await.unwrap().as_deref(), Some("en"));
    assert_eq!((chrome.count("h1").await, chrome.count("main").await), (1, 1));
    assert_eq!(chrome.text("h1").await, heading);
    assert!(!chrome.client.title().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_person_signs_in_agrees_and_returns_to_the_client() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start().await;
    chrome.open(&site.authorization("&scope=read&state=xyz")).await;
    assert_eq!(chrome.address().await.path(), "/login");
    assert_document(&chrome, "Sign in").await;
    assert_eq!(chrome.text(".lead").await, "to continue to Photo Printer");
    assert_eq!(chrome.focus().await, "username");

    chrome.sign_in("alice", "wrong").await;
    assert_eq!(chrome.text("[role=alert]").await, "The user name or the password is wrong.");
    assert_document(&chrome, "Sign in").await;
    let name = chrome.field("User name").await.prop("value").await.unwrap();
    assert_eq!((name.as_deref(), chrome.focus().await.as_str()), (Some("alice"), "password"));

    chrome.sign_in("alice", "alice-password").await;
    assert_eq!(chrome.address().await.path(), "/consent");
    assert_document(&chrome, "Allow Photo Printer to access your account?").await;
    assert_eq!(chrome.text(".scopes").await, "See your photos and albums");
    let cookies = chrome.client.get_all_cookies().await.unwrap();
    let [cookie] = cookies.as_slice() else { panic!("{cookies:?}") };
    assert_eq!((cookie.name(), cookie.http_only()), ("oauth2_session", Some(true)));
    assert_eq!(cookie.same_site().map(|site| site.to_string()).as_deref(), Some("Lax"));

    chrome.leave(chrome.click("#consent-allow")).await;
    assert!(site.answer(&chrome, "GET", "xyz", "code").await.starts_with("ac_"));
    site.assert_quiet(&chrome, &[]).await;
}

#[tokio::test]
async fn a_person_refuses() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start().await;
    chrome.open(&site.authorization("&scope=read+write&state=s1")).await;
    chrome.sign_in("alice", "alice-password").await;
    let asked = "See your photos and albums\nUpload, change and delete photos";
    assert_eq!(chrome.text(".scopes").await, asked);
    chrome.leave(chrome.click("#consent-deny")).await;
    assert_eq!(site.answer(&chrome, "GET", "s1", "error").await, "access_denied");
    site.assert_quiet(&chrome, &[]).await;
}

#[tokio::test]
async fn form_post_needs_no_click() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start().await;
    chrome.open(&site.authorization("&scope=read&state=s1&response_mode=form_post")).await;
    chrome.sign_in("alice", "alice-password").await;
    chrome.leave(chrome.click("#consent-allow")).await;
    assert!(site.answer(&chrome, "POST", "s1", "code").await.starts_with("ac_"));
    site.assert_quiet(&chrome, &[]).await;
}

#[tokio::test]
async fn a_redirect_uri_of_nobody_is_explained_and_not_followed() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start().await;
    chrome.open(&site.misdirected()).await;
    assert_eq!(chrome.address().await.path(), "/oauth/authorize");
    assert_document(&chrome, "Request refused").await;
    let facts = chrome.text(".facts").await;
    assert!(facts.contains("redirect_uri is not one the client has registered"), "{facts}");
    assert_eq!(chrome.count("a, form, [src]").await, 0);
    let events = chrome.log("performance").await;
    assert!(!events.is_empty() && !events.iter().any(|event| event.to_string().contains("//evil.example")));
    // That the other tests hear of what a policy forbids is because they would.
    let intruder = format!("document.body.append(Object.assign(new Image, {{ src: '{}' }}))", site.callback);
    chrome.devtools("Runtime.evaluate", serde_json::json!({ "expression": intruder })).await;
    let console = chrome.log("browser").await;
    assert!(console.iter().any(|entry| entry["source"] == "security"), "{console:#?}");
}

/// What has the focus, and that it shows (WCAG 2.2, success criterion 2.4.7).
async fn assert_focus(chrome: &Chrome, id: &str) {
    assert_eq!(chrome.focus().await, id);
    let element = chrome.client.active_element().await.unwrap();
    let mut ring = Vec::new();
    for property in ["outline-style", "outline-width"] {
        ring.push(element.css_value(property).await.unwrap());
    }
    assert_eq!(ring, ["solid", "2px"], "{id}");
}

#[tokio::test]
async fn the_keyboard_suffices() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start().await;
    chrome.open(&site.authorization("&scope=read&state=s1")).await;
    assert_focus(&chrome, "username").await;
    chrome.keys("alice").await;
    chrome.keys(TAB).await;
    assert_focus(&chrome, "password").await;
    chrome.keys("alice-password").await;
    chrome.keys(TAB).await;
    assert_focus(&chrome, "login-submit").await;
    chrome.leave(chrome.keys(ENTER)).await;
    // Nothing has the focus yet, so that no key that was pressed too often decides.
    assert_eq!(chrome.focus().await, "");
    chrome.keys(ENTER).await;
    assert_eq!(chrome.address().await.path(), "/consent");
    chrome.keys(TAB).await;
    assert_focus(&chrome, "consent-deny").await;
    chrome.keys(TAB).await;
    assert_focus(&chrome, "consent-allow").await;
    chrome.keys(TAB).await;
    assert_focus(&chrome, "sign-in-again").await;
    chrome.keys(BACK_TAB).await;
    assert_focus(&chrome, "consent-allow").await;
    chrome.leave(chrome.keys(ENTER)).await;
    assert!(site.answer(&chrome, "GET", "s1", "code").await.starts_with("ac_"));
}

#[tokio::test]
async fn no_script_is_needed() {
    let Some(chrome) = Chrome::start(false).await else { return };
    let site = Site::start().await;
    chrome.open(&site.authorization("&scope=read&state=s1")).await;
    chrome.sign_in("alice", "alice-password").await;
    chrome.leave(chrome.click("#consent-allow")).await;
    assert!(site.answer(&chrome, "GET", "s1", "code").await.starts_with("ac_"));
    assert_eq!(chrome.client.title().await.unwrap(), "Client", "scripts do not run");
    chrome.open(&site.authorization("&scope=read&state=s2&response_mode=form_post")).await;
    chrome.leave(chrome.click("#consent-allow")).await;
    assert_document(&chrome, "Returning to the application").await;
    chrome.leave(chrome.click("button.primary")).await;
    assert!(site.answer(&chrome, "POST", "s2", "code").await.starts_with("ac_"));
}
