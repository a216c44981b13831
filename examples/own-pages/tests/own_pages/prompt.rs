//! `prompt` (OpenID Connect Core 1.0 section 3.1.2.1), and what is remembered.

use crate::site::{PASSWORD, Site, assert_told, authorize, code_of, query};

#[tokio::test]
async fn what_somebody_has_agreed_to_they_are_not_asked_again() {
    let site = Site::start().await;
    let (mut browser, _) = site.agreed().await;
    let granted = "SELECT granted_at FROM oauth2_consent";
    let before = site.database.number(granted).await;
    site.database.execute("UPDATE oauth2_consent SET granted_at = granted_at - 100").await;
    let answer = browser.get(&authorize("")).await;
    assert!(code_of(&answer).is_some(), "{answer:?}");
    assert_eq!(site.codes().await, 2);
    assert_eq!(site.database.number(granted).await, before - 100, "nobody agreed to anything now");
    // To more they are.
    let more = authorize("").replace("photos%3Aread", "photos%3Aread+photos%3Awrite");
    let page = browser.get(&more).await;
    assert!(page.body.contains("<li>Upload and delete photos</li>"), "{page:?}");
    // And so is somebody else.
    let page = site.signed_in("bob", "builder").await.get(&authorize("")).await;
    assert!(page.status == 200 && page.body.contains("<bdi>bob</bdi>"), "{page:?}");
    let alice = site.database.texts("SELECT subject FROM oauth2_consent").await.remove(0);
    site.auth.people().withdraw_consent(&alice.as_str().into(), &"web".into()).await.unwrap();
    assert_eq!(browser.get(&authorize("")).await.status, 200, "it was taken back");
}

#[tokio::test]
async fn none_asks_nothing() {
    let site = Site::start().await;
    let target = authorize("&prompt=none");
    assert_told(&site, &site.browser().get(&target).await, "login_required");
    let mut browser = site.alice().await;
    assert_told(&site, &browser.get(&target).await, "consent_required");
    let (mut browser, _) = site.agreed().await;
    assert!(code_of(&browser.get(&target).await).is_some());
}

#[tokio::test]
async fn login_asks_for_the_password_again_and_once() {
    let site = Site::start().await;
    let (mut browser, _) = site.agreed().await;
    for prompt in ["login", "select_account"] {
        let more = format!("&prompt={prompt}&login_hint=alice");
        let answer = browser.get(&authorize(&more)).await;
        let sign_in = format!("/sign-in?{}", query(&more));
        assert_eq!((answer.status, answer.header("location")), (303, Some(sign_in.as_str())));
        let page = browser.get(&sign_in).await;
        assert!(page.body.contains("name=\"username\" value=\"alice\""), "{page:?}");
        let answer = browser.sign_in(&page, &sign_in, "alice", PASSWORD).await;
        let onward = answer.header("location").unwrap().to_owned();
        assert_eq!(onward, authorize("&login_hint=alice"));
        assert!(code_of(&browser.get(&onward).await).is_some());
    }
}

#[tokio::test]
async fn consent_asks_again_also_after_the_password() {
    let site = Site::start().await;
    let (mut browser, _) = site.agreed().await;
    let target = authorize("&prompt=consent");
    let page = browser.get(&target).await;
    assert_eq!(page.status, 200, "{page:?}");
    site.database.execute("UPDATE oauth2_consent SET granted_at = granted_at - 100").await;
    let before = site.database.number("SELECT granted_at FROM oauth2_consent").await;
    assert!(code_of(&browser.decide(&page, &target, "allow").await).is_some());
    assert!(site.database.number("SELECT granted_at FROM oauth2_consent").await > before);
    let sign_in = format!("/sign-in?{}", query("&prompt=login+consent"));
    let page = browser.get(&sign_in).await;
    let answer = browser.sign_in(&page, &sign_in, "alice", PASSWORD).await;
    assert_eq!(answer.header("location"), Some(target.as_str()));
}
