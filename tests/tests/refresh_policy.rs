//! S35: what has changed since a person agreed counts at every token, from a code as from a refresh token.
//!
//! Of the changes that other servers have missed these exist here: the person is disabled (or locked, or taken from a group:
//! `subjects = ..` has one answer for all three), the client's grant type is taken away, its scope is narrowed or withdrawn,
//! the consent is withdrawn; and besides, the client is deleted, its redirect URIs change, its secret changes. A client cannot be
//! disabled other than by its grant types, there are no audiences, and a session that ends leaves the tokens alone on purpose:
//! a refresh token is for when nobody is there.

use std::time::Duration;

use oauth2_runtime::models::Client;
use oauth2_tests::answer::{Answer, MODES};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    NATIVE_CALLBACK, RunningPortal, VERIFIER, WEB_CALLBACK, client, encoded, request, value,
};
use oauth2_tests::provider::Access;
use oauth2_tests::running::Tokens;

const CODE: &str = "the code is not valid";
const REFRESH: &str = "the refresh token is not valid";
const GONE: &str = "the grant is no longer valid";
const NO_RIGHT: &str = "this client may not use this grant type";

/// A code and tokens of one person, of two authorizations, for `read` and `write`.
struct Held {
    running: RunningPortal,
    code: String,
    tokens: Tokens,
}

impl Held {
    async fn new() -> Self {
        let running = RunningPortal::start().await;
        let tokens = running.tokens("alice", "read write").await;
        let code = running.code("alice", "read write").await;
        Self { running, code, tokens }
    }

    /// Replaces the client `web`, but for its secret.
    async fn replace(&self, web: Client<Access>) {
        assert!(self.running.portal.clients().replace(web).await.unwrap());
    }

    async fn redeem(&self) -> Response {
        self.running.redeem(&self.code).await
    }

    async fn refresh(&self) -> Response {
        self.running.refresh(&self.tokens.refresh).await
    }

    /// Asserts that nothing was issued since.
    async fn assert_nothing_issued(&self) {
        assert_eq!(self.running.database.number("SELECT COUNT(*) FROM oauth2_token").await, 1);
    }

    /// Asserts that what was refused was not used up either.
    async fn assert_usable(&self) {
        assert_eq!(Tokens::of(&self.redeem().await).access.len(), 50);
        assert_eq!(Tokens::of(&self.refresh().await).access.len(), 50);
    }
}

#[tokio::test]
async fn s35_a_disabled_person_gets_no_token() {
    let held = Held::new().await;
    held.running.portal.journal.disable("u-alice");
    held.redeem().await.assert_error(400, "invalid_grant", GONE);
    held.refresh().await.assert_error(400, "invalid_grant", GONE);
    held.assert_nothing_issued().await;
    // Others go on, and so does the person when they are back.
    assert_eq!(held.running.redeem(&held.running.code("bob", "read").await).await.status, 200);
    held.running.clock.step(0);
    held.running.portal.journal.lock().disabled.clear();
    held.assert_usable().await;
}

fn assert_unavailable(answer: &Response) {
    answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
    assert_eq!(answer.header("retry-after"), Some("2"));
}

/// The function of `subjects = ..` fails: nobody is taken for active, and nothing is used up by a request that may be sent again.
#[tokio::test]
async fn s35_somebody_of_whom_nobody_knows_gets_no_token() {
    let held = Held::new().await;
    let journal = &held.running.portal.journal;
    drop(journal.signals());
    journal.lock().failing.insert("u-alice".into());
    assert_unavailable(&held.redeem().await);
    assert_unavailable(&held.refresh().await);
    held.assert_nothing_issued().await;
    for used in [
        "SELECT COUNT(*) FROM portal_code WHERE consumed_at IS NOT NULL",
        "SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NOT NULL",
    ] {
        // The code that the first tokens were exchanged for.
        let before = i64::from(used.contains("portal_code"));
        assert_eq!(held.running.database.number(used).await, before, "{used}");
    }
    assert_eq!(journal.signals(), Vec::<String>::new());
    journal.lock().failing.clear();
    held.assert_usable().await;
}

/// At the authorization endpoint and on the consent page the client is told, and no code is made.
#[tokio::test]
async fn s35_somebody_of_whom_nobody_knows_gets_no_code() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let codes = "SELECT COUNT(*) FROM portal_code";
    for mode in MODES {
        let query = request("web", WEB_CALLBACK, &format!("&scope=read&state=s{mode}"));
        let (authorize, consent) = (format!("/oauth/authorize?{query}"), format!("/consent?{query}"));
        let page = browser.get(&consent).await;
        running.portal.journal.lock().failing.insert("u-alice".into());
        for answer in [
            browser.get(&authorize).await,
            browser.get(&format!("{authorize}&prompt=none")).await,
            browser.send(Request::form("/oauth/authorize", query.clone())).await,
            browser.decide(&page, &consent, "allow").await,
        ] {
            let told = Answer::in_mode(mode, &answer);
            told.assert_error(WEB_CALLBACK, "temporarily_unavailable", "s");
        }
        assert_eq!(running.database.number(codes).await, 0);
        assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_consent").await, 0);
        running.portal.journal.lock().failing.clear();
    }
    assert_eq!(running.portal.journal.signals(), Vec::<String>::new());
    // Where it has been agreed to as well.
    let query = request("web", WEB_CALLBACK, "&scope=read&state=s");
    running.authorize(&mut browser, &query).await;
    running.portal.journal.lock().failing.insert("u-alice".into());
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    Answer::of(&answer).assert_error(WEB_CALLBACK, "temporarily_unavailable", "s");
    assert_eq!(running.database.number(codes).await, 1);
}

/// And nobody is signed in: the person is told to try again, and is not told that their password was right.
#[tokio::test]
async fn s35_somebody_of_whom_nobody_knows_is_not_signed_in() {
    let running = RunningPortal::start().await;
    running.portal.journal.lock().failing.insert("u-alice".into());
    let mut browser = running.browser();
    for target in ["/login".to_owned(), format!("/login?{}", request("web", WEB_CALLBACK, "&scope=read"))] {
        let page = browser.get(&target).await;
        let before = browser.cookies.clone();
        let answer = browser.sign_in(&page, &target, "alice", "alice-password").await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{answer:?}");
        assert_eq!((answer.header("location"), answer.header("set-cookie")), (None, None));
        assert!(answer.body.contains("<h1>The server cannot answer now</h1>"), "{answer:?}");
        assert_eq!(browser.cookies, before);
    }
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_session").await, 0);
}

#[tokio::test]
async fn s35_a_deleted_client_gets_no_token_not_even_as_a_new_one() {
    let held = Held::new().await;
    let secret = held.running.portal.clients().get(&"web".into()).await.unwrap().unwrap().client_secret;
    assert!(held.running.portal.clients().delete(&"web".into()).await.unwrap());
    for answer in [held.redeem().await, held.refresh().await] {
        answer.assert_error(401, "invalid_client", "client authentication failed");
    }
    let whoami = Request::get("/whoami").bearer(&held.tokens.access);
    assert_eq!(held.running.send(whoami).await.status, 401);
    // Whoever takes the identifier over, even with the same secret, inherits nothing.
    let again = Client { client_secret: secret, ..client("web", &[WEB_CALLBACK]) };
    held.running.portal.clients().register(again).await.unwrap();
    held.redeem().await.assert_error(400, "invalid_grant", CODE);
    held.refresh().await.assert_error(400, "invalid_grant", REFRESH);
    let query = request("web", WEB_CALLBACK, "&scope=read&prompt=none");
    let mut browser = held.running.signed_in("alice").await;
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    assert!(answer.header("location").unwrap().contains("error=consent_required"), "{answer:?}");
    held.assert_nothing_issued().await;
}

#[tokio::test]
async fn s35_a_grant_type_that_was_taken_away_is_not_used() {
    let held = Held::new().await;
    let with = |types: &[&str]| Client {
        grant_types: Some(types.iter().copied().collect()),
        ..client("web", &[WEB_CALLBACK])
    };
    for types in [&[][..], &["client_credentials"], &["authorization_codes", "refresh_tokens"]] {
        held.replace(with(types)).await;
        held.redeem().await.assert_error(400, "unauthorized_client", NO_RIGHT);
        held.refresh().await.assert_error(400, "unauthorized_client", NO_RIGHT);
    }
    held.assert_nothing_issued().await;
    // One of both: the code is exchanged, but for no token that could not be used.
    held.replace(with(&["authorization_code"])).await;
    held.refresh().await.assert_error(400, "unauthorized_client", NO_RIGHT);
    let answer = held.redeem().await;
    assert_eq!((answer.status, answer.json().get("refresh_token")), (200, None));
    held.replace(with(&["refresh_token"])).await;
    assert_eq!(held.refresh().await.status, 200);
}

#[tokio::test]
async fn s35_a_scope_that_was_taken_away_is_not_granted() {
    let held = Held::new().await;
    let with = |scope: &[Access]| Client {
        scope: scope.iter().copied().collect(),
        ..client("web", &[WEB_CALLBACK])
    };
    for left in [&[Access::Admin][..], &[]] {
        held.replace(with(left)).await;
        let none = "there is no scope that this client may be granted";
        held.redeem().await.assert_error(400, "invalid_scope", none);
        held.refresh().await.assert_error(400, "invalid_scope", none);
    }
    held.assert_nothing_issued().await;
    held.replace(with(&[Access::Read])).await;
    let redeemed = held.redeem().await;
    assert_eq!((redeemed.status, &redeemed.json()["scope"]), (200, &"read".into()));
    let refreshed = held.refresh().await;
    assert_eq!((refreshed.status, &refreshed.json()["scope"]), (200, &"read".into()));
    // What the person agreed to is not forgotten, and what they did not agree to is not granted.
    held.replace(with(&[Access::Read, Access::Write, Access::Admin])).await;
    let again = held.running.refresh(&Tokens::of(&refreshed).refresh).await;
    assert_eq!(again.json()["scope"], "read write");
}

#[tokio::test]
async fn s35_a_withdrawn_consent_ends_codes_and_tokens() {
    let held = Held::new().await;
    let people = held.running.portal.people();
    // Somebody else's consent, and the same person's for another client, are other consents.
    for (subject, client_id) in [("u-bob", "web"), ("u-alice", "other")] {
        assert_eq!(people.withdraw_consent(&subject.into(), &client_id.into()).await.unwrap(), 0);
    }
    assert!(held.running.is_active(&held.tokens.refresh).await);
    assert_eq!(people.withdraw_consent(&"u-alice".into(), &"web".into()).await.unwrap(), 1);
    held.redeem().await.assert_error(400, "invalid_grant", CODE);
    held.refresh().await.assert_error(400, "invalid_grant", REFRESH);
    assert!(!held.running.is_active(&held.tokens.access).await);
    held.assert_nothing_issued().await;
    let query = request("web", WEB_CALLBACK, "&scope=read&prompt=none");
    let mut browser = held.running.signed_in("alice").await;
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    assert!(answer.header("location").unwrap().contains("error=consent_required"), "{answer:?}");
}

#[tokio::test]
async fn s35_a_redirect_uri_that_was_taken_away_has_received_its_last_code() {
    let held = Held::new().await;
    let no_more = "the client has this `redirect_uri` no more";
    for uris in [&["https://web.example/new"][..], &["https://web.example/cb/"], &[]] {
        held.replace(client("web", uris)).await;
        held.redeem().await.assert_error(400, "invalid_grant", no_more);
    }
    held.assert_nothing_issued().await;
    held.replace(client("web", &["https://web.example/new", WEB_CALLBACK])).await;
    held.assert_usable().await;
}

/// A public client is known by its redirect URIs and nothing else: without any it is no client.
#[tokio::test]
async fn s35_a_public_client_without_redirect_uris_gets_no_token() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let query = request("native", NATIVE_CALLBACK, "&scope=read");
        codes.push(value(&running.authorize(&mut browser, &query).await, "code"));
    }
    let redeem = async |code: &str| {
        let uri = encoded(NATIVE_CALLBACK);
        let body = format!(
            "grant_type=authorization_code&client_id=native&code={code}&redirect_uri={uri}&code_verifier={VERIFIER}"
        );
        running.send(Request::form("/oauth/token", body)).await
    };
    let tokens = Tokens::of(&redeem(&codes[0]).await);
    assert!(running.portal.clients().replace(client("native", &[])).await.unwrap());
    let body = format!("grant_type=refresh_token&client_id=native&refresh_token={}", tokens.refresh);
    let answer = running.send(Request::form("/oauth/token", body)).await;
    answer.assert_error(400, "unauthorized_client", NO_RIGHT);
    assert_eq!(redeem(&codes[1]).await.status, 400);
}

#[tokio::test]
async fn s35_a_secret_that_was_replaced_gets_no_token() {
    let held = Held::new().await;
    held.running.portal.clients().rotate_secret(&"web".into(), Duration::ZERO).await.unwrap();
    for answer in [held.redeem().await, held.refresh().await] {
        answer.assert_error(401, "invalid_client", "client authentication failed");
    }
    held.assert_nothing_issued().await;
}

/// The end of a session ends no token: that is what the documentation of `sign_out` says.
#[tokio::test]
async fn s35_the_end_of_a_session_leaves_tokens_alone() {
    let held = Held::new().await;
    assert_eq!(held.running.portal.people().sign_out(&"u-alice".into()).await.unwrap(), 2);
    assert_eq!(held.running.database.number("SELECT COUNT(*) FROM oauth2_session").await, 0);
    held.assert_usable().await;
}
