//! The database cannot answer while somebody signs in: the client is told, once it is certain who that is (RFC 6749 section
//! 4.1.2.1); before that the person is.

use oauth2_tests::answer::{Answer, MODES};
use oauth2_tests::http::Response;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};

fn target(page: &str, mode: &str) -> String {
    format!("{page}?{}", request("web", WEB_CALLBACK, &format!("&scope=read&state=s{mode}")))
}

async fn rename(running: &RunningPortal, from: &str, to: &str) {
    running.database.execute(&format!("ALTER TABLE {from} RENAME TO {to}")).await;
}

fn assert_unavailable_page(answer: &Response) {
    assert_eq!((answer.status, answer.header("location")), (503, None), "{answer:?}");
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("set-cookie"), None);
    assert!(answer.body.contains("<h1>The server cannot answer now</h1>"), "{answer:?}");
}

fn assert_told(mode: &str, answer: &Response) {
    Answer::in_mode(mode, answer).assert_error(WEB_CALLBACK, "temporarily_unavailable", "s");
}

/// Nothing is known about the client, so nothing is sent to it.
#[tokio::test]
async fn without_the_client_there_is_a_page() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    rename(&running, "oauth2_client", "gone").await;
    for mode in MODES {
        for page in ["/oauth/authorize", "/login", "/consent"] {
            assert_unavailable_page(&browser.get(&target(page, mode)).await);
            assert_unavailable_page(&running.browser().get(&target(page, mode)).await);
        }
    }
    rename(&running, "gone", "oauth2_client").await;
    assert_eq!(browser.get(&target("/oauth/authorize", "")).await.status, 303);
}

#[tokio::test]
async fn without_sessions_the_client_is_told() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    rename(&running, "oauth2_session", "gone").await;
    for mode in MODES {
        for page in ["/oauth/authorize", "/consent"] {
            assert_told(mode, &browser.get(&target(page, mode)).await);
        }
    }
    // On the sign-in page a person can try again, and is not sent away; nor signed in.
    let sign_in = target("/login", "");
    let mut stranger = running.browser();
    let page = stranger.get(&sign_in).await;
    let before = stranger.cookies.clone();
    assert_unavailable_page(&stranger.sign_in(&page, &sign_in, "bob", "bob-password").await);
    assert_eq!(stranger.cookies, before);
    rename(&running, "gone", "oauth2_session").await;
    assert_eq!(stranger.sign_in(&page, &sign_in, "bob", "bob-password").await.status, 303);
    assert_eq!(browser.get(&target("/oauth/authorize", "")).await.status, 303);
}

/// Neither half of an authorization is stored without the other.
#[tokio::test]
async fn a_code_that_cannot_be_stored_is_not_sent() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    for mode in MODES {
        for table in ["portal_code", "oauth2_consent"] {
            let consent = target("/consent", mode);
            let page = browser.get(&consent).await;
            rename(&running, table, "gone").await;
            assert_told(mode, &browser.decide(&page, &consent, "allow").await);
            rename(&running, "gone", table).await;
        }
    }
    for table in ["portal_code", "oauth2_consent"] {
        assert_eq!(running.database.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0);
    }
    assert_eq!(running.portal.journal.signals(), Vec::<String>::new());
    let consent = target("/consent", "");
    let page = browser.get(&consent).await;
    let answer = Answer::of(&browser.decide(&page, &consent, "allow").await);
    assert_eq!(running.redeem(&answer.value("code")).await.status, 200);
    // And the same where nobody has to be asked any more.
    for table in ["portal_code", "oauth2_consent"] {
        rename(&running, table, "gone").await;
        assert_told("", &browser.get(&target("/oauth/authorize", "")).await);
        rename(&running, "gone", table).await;
    }
    assert_eq!(
        Answer::of(&browser.get(&target("/oauth/authorize", "")).await).names(),
        ["code", "state", "iss"]
    );
}

/// Another process holds the write lock for longer than a request may wait for it. Who only reads is not held up.
#[tokio::test]
async fn a_locked_database_is_told_to_the_client() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let consent = target("/consent", "");
    let page = browser.get(&consent).await;
    let mut other = running.database.connect().await;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    assert_told("", &browser.decide(&page, &consent, "allow").await);
    assert_eq!(browser.get(&consent).await.status, 200);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    let answer = Answer::of(&browser.decide(&page, &consent, "allow").await);
    assert_eq!(running.redeem(&answer.value("code")).await.status, 200);
}

#[tokio::test]
async fn closed_connections_are_a_page() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    running.portal.db.pool().close().await;
    for page in ["/oauth/authorize", "/login", "/consent"] {
        assert_unavailable_page(&browser.get(&target(page, "")).await);
    }
    // What needs no database is answered as ever.
    browser.get("/oauth/authorize").await.assert_refused_page("invalid_request");
    assert!(running.browser().get("/login").await.body.contains("<h1>Sign in</h1>"));
}
