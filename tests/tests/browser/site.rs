//! What the browser visits: a server on which people sign in, and a client's page that shows what it was sent.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::RawQuery;
use axum::http::Method;
use axum::response::Html;
use axum::routing::{any, get};
use oauth2_runtime::http::serve_until;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::{Bearer, Json, Ready, Subject, protect};
use oauth2_tests::chrome::Chrome;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::portal::{self, Portal, client, encoded, request};
use oauth2_tests::running::{Database, listen};
use tokio::net::TcpListener;

/// The server and the client's page.
pub(crate) struct Site {
    /// The server's issuer, which is its address.
    pub(crate) issuer: String,
    /// The address of the client's page.
    pub(crate) callback: String,
    pub(crate) portal: Ready<Portal>,
    pub(crate) database: Database,
}

/// The photos of the demo client.
#[protect(Portal, any)]
async fn photos(token: Bearer<Portal>) -> Json<BTreeMap<String, [&'static str; 2]>> {
    let owner = token.subject().map_or("-", Subject::as_str);
    Json(BTreeMap::from([(owner.to_owned(), ["The sea at six", "An old door"])]))
}

/// The parameters that arrived, one a line, as they were encoded.
async fn callback(method: Method, RawQuery(query): RawQuery, body: String) -> Html<String> {
    let sent = if method == Method::POST { body } else { query.unwrap_or_default() };
    let sent = sent.replace('&', "\n");
    Html(format!(
        "<!doctype html><html lang=en><link rel=icon href=data:,><title>Client</title>\
         <h1>{method}</h1><pre id=answer>{sent}</pre><script>document.title = 'A script ran'</script>"
    ))
}

impl Site {
    /// Starts one with the public client `printer`.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let (database, clock) = (Database::default(), SteppingClock::default());
        let portal = portal::ready(&database, &clock, &issuer).await;
        let app = Router::new().route("/photos", get(photos)).merge(portal.router());
        tokio::spawn(serve_until(app.with_state(portal.clone()), listener, std::future::pending()));
        let printer = client("printer", &["http://127.0.0.1/cb"]);
        let printer = Client { client_name: Some("Photo Printer".into()), ..printer };
        portal.clients().ensure(printer).await.unwrap();
        let client = listen(Router::new().route("/cb", any(callback))).await;
        Self { issuer, callback: format!("http://{client}/cb"), portal, database }
    }

    /// The address of an authorization request of `printer`, with `more` parameters such as `&state=1`.
    pub(crate) fn authorization(&self, more: &str) -> String {
        let query = request("printer", &self.callback, more);
        format!("{}/oauth/authorize?{query}", self.issuer)
    }

    /// The same with a redirect URI that nobody has registered.
    pub(crate) fn misdirected(&self) -> String {
        let query = request("printer", "https://evil.example/cb", "&scope=read");
        format!("{}/oauth/authorize?{query}", self.issuer)
    }

    /// Asserts that the client's page was reached by `method` with the state and the issuer; the value of `name` there.
    pub(crate) async fn answer(&self, chrome: &Chrome, method: &str, state: &str, name: &str) -> String {
        let answer = chrome.text("#answer").await;
        assert_eq!(chrome.text("h1").await, method);
        assert!(chrome.address().await.as_str().starts_with(&self.callback));
        let lines: Vec<_> = answer.lines().collect();
        assert!(lines.contains(&format!("state={state}").as_str()), "{answer}");
        assert!(lines.contains(&format!("iss={}", encoded(&self.issuer)).as_str()), "{answer}");
        let start = format!("{name}=");
        let value = lines.iter().find_map(|line| line.strip_prefix(&start));
        value.unwrap_or_else(|| panic!("no `{name}`: {answer}")).to_owned()
    }

    /// Asserts that nothing was asked of anybody else, and that no page tried what its policy forbids.
    pub(crate) async fn assert_quiet(&self, chrome: &Chrome, also: &[&str]) {
        let mut console = chrome.log("browser").await;
        // That an answer is an error is no message of the page's.
        console.retain(|entry| entry["source"] != "network");
        assert!(console.is_empty(), "{console:#?}");
        let events = chrome.log("performance").await;
        let events = events.iter().map(|entry| entry["message"].as_str().unwrap());
        let events = events.map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
        let sent = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        let urls: Vec<_> = sent
            .map(|event| event["message"]["params"]["request"]["url"].as_str().unwrap().to_owned())
            .collect();
        assert!(urls.iter().any(|url| url.starts_with(&self.issuer)), "{urls:#?}");
        let client = self.callback.strip_suffix("/cb").unwrap();
        let own = |url: &str| {
            let origins = [self.issuer.as_str(), client, "data:"].into_iter();
            origins.chain(also.iter().copied()).any(|origin| url.starts_with(origin))
        };
        let others: Vec<_> = urls.iter().filter(|url| !own(url)).collect();
        assert!(others.is_empty(), "{others:#?}");
    }
}
