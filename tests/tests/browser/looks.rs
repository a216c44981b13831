//! What the pages look like, on a phone and on a desktop, in light and in dark. The pictures are for people to look at, in
//! `screenshots` of the target folder's `tmp`; what can be measured is measured.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use demo_client::Registration;
use oauth2_tests::chrome::Chrome;
use oauth2_tests::portal::client;
use serde_json::json;
use tokio::net::TcpListener;

use super::crowded;
use super::site::Site;

const SIZES: &[(&str, u32, u32)] = &[("phone", 390, 844), ("desktop", 1280, 800)];

/// Takes the pictures of a page, and measures it at every size and at the narrowest that must do.
async fn picture(chrome: &Chrome, page: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    for &(size, width, height) in SIZES {
        resize(chrome, width, height).await;
        for scheme in ["light", "dark"] {
            let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
            chrome.devtools("Emulation.setEmulatedMedia", features).await;
            let ground = chrome.find("body").await.css_value("background-color").await.unwrap();
            let picture = capture(chrome, height).await;
            fs::write(folder.join(format!("{page}-{size}-{scheme}.png")), picture).unwrap();
            let sum: u32 = ground
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|part| part.parse::<u32>().ok())
                .take(3)
                .sum();
            assert_eq!(sum > 3 * 127, scheme == "light", "{page}: {ground} in {scheme}");
        }
        assert_fits(chrome, page, width).await;
    }
    // WCAG 2.2, success criterion 1.4.10.
    resize(chrome, 320, 568).await;
    assert_fits(chrome, page, 320).await;
}

/// The window, or the whole page when it is higher.
async fn capture(chrome: &Chrome, height: u32) -> Vec<u8> {
    let page = chrome.client.execute("return document.documentElement.scrollHeight", vec![]).await.unwrap();
    let parameters = json!({ "format": "png", "captureBeyondViewport": page.as_u64() > Some(height.into()) });
    let picture = chrome.devtools("Page.captureScreenshot", parameters).await;
    STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
}

async fn resize(chrome: &Chrome, width: u32, height: u32) {
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": width < 600 });
    chrome.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
}

/// What is wider than its place: it sticks out at the side, or is cut off there.
const WIDER: &str = "return [...document.querySelectorAll('main, main *')]\
                     .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth + 1)\
                     .map(part => part.outerHTML)";

/// Nothing sticks out at the side or is cut off there, and what can be pressed is large enough for a finger.
async fn assert_fits(chrome: &Chrome, page: &str, width: u32) {
    let wide = chrome.client.execute("return document.documentElement.scrollWidth", vec![]).await.unwrap();
    assert_eq!(wide.as_u64(), Some(u64::from(width)), "{page} at {width}");
    let wider = chrome.client.execute(WIDER, vec![]).await.unwrap();
    assert_eq!(wider, json!([]), "{page} at {width}");
    let pressable = "button, a.button, input:not([type=hidden])";
    for element in chrome.client.find_all(fantoccini::Locator::Css(pressable)).await.unwrap() {
        let (_, _, _, height) = element.rectangle().await.unwrap();
        assert!(height >= 44.0, "{page} at {width}: {height}");
    }
}

#[tokio::test]
async fn the_servers_pages() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start().await;
    chrome.open(&site.misdirected()).await;
    picture(&chrome, "refused").await;
    chrome.open(&site.authorization("&scope=read+write")).await;
    picture(&chrome, "sign-in").await;
    chrome.sign_in("alice", "wrong").await;
    picture(&chrome, "sign-in-wrong").await;
    chrome.sign_in("alice", "alice-password").await;
    picture(&chrome, "consent").await;
    chrome.open(&format!("{}/login", site.issuer)).await;
    assert_eq!(chrome.text("h1").await, "You are signed in");
    picture(&chrome, "signed-in").await;
    site.database.execute("ALTER TABLE oauth2_session RENAME TO gone").await;
    chrome.open(&format!("{}/login", site.issuer)).await;
    assert_eq!(chrome.text("h1").await, "The server cannot answer now");
    picture(&chrome, "unavailable").await;
}

/// The page that nobody sees where scripts run.
#[tokio::test]
async fn the_way_back_without_scripts() {
    let Some(chrome) = Chrome::start(false).await else { return };
    let site = Site::start().await;
    chrome.open(&site.authorization("&scope=read&response_mode=form_post")).await;
    chrome.sign_in("alice", "alice-password").await;
    chrome.leave(chrome.click("#consent-allow")).await;
    assert_eq!(chrome.text("h1").await, "Returning to the application");
    picture(&chrome, "returning").await;
}

/// Names and texts as long as they can be.
#[tokio::test]
async fn a_consent_page_with_much_to_say() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let (address, _database) = crowded::start().await;
    chrome.open(&address).await;
    assert_eq!(chrome.text(".lead").await, format!("to continue to {}", crowded::NAME));
    picture(&chrome, "crowded-sign-in").await;
    chrome.sign_in("a.very.long.user.name@an.even.longer.domain.example", "right").await;
    assert_eq!(chrome.count(".scopes li").await, 8);
    assert!(
        chrome.text(".facts").await.ends_with("com.example.photoprinter (an application on this device)")
    );
    picture(&chrome, "crowded-consent").await;
}

/// The demo client on a free port, registered at the site.
async fn demo_client(site: &Site) -> String {
    let callback = "http://127.0.0.1/callback";
    site.portal.clients().ensure(client("photo-album", &[callback])).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let registration = Registration {
        issuer: site.issuer.clone(),
        client_id: "photo-album".into(),
        redirect_uri: format!("http://{address}/callback"),
        scope: "read write".into(),
        photos: format!("{}/photos", site.issuer),
    };
    let router = demo_client::router(registration).unwrap();
    tokio::spawn(oauth2_runtime::http::serve_until(router, listener, std::future::pending()));
    format!("http://{address}")
}

#[tokio::test]
async fn the_demo_client_and_what_its_token_is_good_for() {
    let Some(chrome) = Chrome::start(true).await else { return };
    let site = Site::start().await;
    let album = demo_client(&site).await;
    chrome.open(&album).await;
    picture(&chrome, "album-welcome").await;
    chrome.leave(chrome.click("#start")).await;
    chrome.sign_in("alice", "alice-password").await;
    chrome.leave(chrome.click("#consent-deny")).await;
    assert_eq!(chrome.text("h1").await, "No photos, then");
    picture(&chrome, "album-denied").await;
    chrome.leave(chrome.click("a.primary")).await;
    chrome.leave(chrome.click("#consent-allow")).await;
    assert_eq!(chrome.text("#owner").await, "u-alice");
    assert_eq!(chrome.address().await.as_str(), format!("{album}/"), "the code is not in the address");
    assert_eq!(chrome.text("#scopes").await, "read write");
    assert!(chrome.text("#lifetime").await.starts_with("10 min, "));
    picture(&chrome, "album").await;
    let first = chrome.text("#token").await;
    chrome.leave(chrome.click("#refresh")).await;
    assert_eq!(chrome.text("#refreshed").await, "once");
    assert_ne!(chrome.text("#token").await, first);
    site.assert_quiet(&chrome, &[&album]).await;
}
