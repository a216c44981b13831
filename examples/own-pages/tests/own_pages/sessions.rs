//! The application's sessions: what is in the cookie, what is in the table, and when they end.

use oauth2_tests::http::Response;
use tokio::net::TcpListener;

use crate::site::{PASSWORD, Site, authorize, query};

fn cookie(answer: &Response) -> &str {
    answer.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {answer:?}"))
}

#[tokio::test]
async fn signing_in_changes_the_identifier_and_ends_the_session_before() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let page = browser.get("/sign-in").await;
    // Somebody who has planted it, and with it the anti-forgery token.
    let mut attacker = browser.clone();
    browser.sign_in(&page, "/sign-in", "alice", PASSWORD).await;
    assert_ne!(browser.cookies["session"], attacker.cookies["session"]);
    assert!(browser.get("/").await.body.contains("<bdi>alice</bdi>"));
    assert!(attacker.get("/").await.body.contains("href=\"/sign-in\""));
    assert!(!attacker.get(&authorize("")).await.body.contains("alice"));
    // Signing in anew changes it again, and the old one is nobody's.
    let mut old = browser.clone();
    let page = browser.get("/sign-in").await;
    browser.sign_in(&page, "/sign-in", "bob", "builder").await;
    assert!(old.get("/").await.body.contains("href=\"/sign-in\""));
    assert!(browser.get("/").await.body.contains("<bdi>bob</bdi>"));
}

#[tokio::test]
async fn an_identifier_of_somebodys_choice_is_not_taken_over() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let chosen = "AAAAAAAAAAAAAAAAAAAAAA";
    browser.cookies.insert("session".into(), chosen.into());
    let page = browser.get("/sign-in").await;
    assert_ne!(browser.cookies["session"], chosen);
    browser.sign_in(&page, "/sign-in", "alice", PASSWORD).await;
    assert_ne!(browser.cookies["session"], chosen);
}

#[tokio::test]
async fn the_cookie_is_for_http_and_this_site_and_for_tls_off_loopback() {
    let site = Site::start().await;
    let answer = site.browser().get("/sign-in").await;
    let (value, attributes) = cookie(&answer).split_once("; ").unwrap();
    assert!(value.starts_with("session=") && value.len() == "session=".len() + 22, "{value}");
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Path=/; Max-Age=43200");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = Site::start_on(listener, "https://id.example").await;
    let answer = site.browser().get("/sign-in").await;
    let (value, attributes) = cookie(&answer).split_once("; ").unwrap();
    assert!(value.starts_with("__Host-session="), "{value}");
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=43200");
}

#[tokio::test]
async fn signing_out_ends_the_session_here_and_in_the_table() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let stolen = browser.clone();
    let page = browser.get("/").await;
    let csrf = oauth2_tests::browser::hidden_fields(&page.body).remove(0).1;
    let answer = browser.post("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{answer:?}");
    assert!(cookie(&answer).starts_with("session=; "), "{answer:?}");
    assert!(stolen.clone().get("/").await.body.contains("href=\"/sign-in\""));
    assert_eq!(site.database.number("SELECT COUNT(*) FROM session").await, 0);
}

#[tokio::test]
async fn the_table_holds_no_identifier_and_expired_rows_are_nobodys() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let file = std::fs::read(site.database.path()).unwrap();
    let log = std::fs::read(site.database.folder().join("test.db-wal")).unwrap();
    let stored = [file, log].concat();
    let contains = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(contains("\"user\":\"1\"") && contains("$argon2id$"), "it was looked for in the right place");
    assert!(!contains(&browser.cookies["session"]) && !contains(PASSWORD));
    site.database.execute("UPDATE session SET expires_at = unixepoch()").await;
    assert!(browser.get(&authorize("")).await.header("location").unwrap().starts_with("/sign-in?"));
    site.browser().get("/sign-in").await;
    assert_eq!(site.database.number("SELECT COUNT(*) FROM session").await, 1, "expired rows are deleted");
}

/// Where somebody goes on to after signing in is said by the authorization request and by nothing else.
#[tokio::test]
async fn a_foreign_next_is_not_followed() {
    let site = Site::start().await;
    let sign_in = format!("/sign-in?{}", query(""));
    for evil in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%5Cevil.example"] {
        let target = format!("{sign_in}&next={evil}&return_to={evil}");
        let mut browser = site.browser();
        let page = browser.get(&target).await;
        let mut fields = oauth2_tests::browser::hidden_fields(&page.body);
        fields.extend([("username", "alice"), ("password", PASSWORD)].map(|(a, b)| (a.into(), b.into())));
        fields.push(("next".into(), "https://evil.example".into()));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = browser.post(&target, &fields).await;
        let onward = answer.header("location").unwrap();
        assert!(onward.starts_with("/oauth/authorize?response_type=code&client_id=web&"), "{onward}");
        // Alone it is no authorization request.
        let answer = browser.get(&format!("/sign-in?next={evil}")).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{answer:?}");
    }
}
