//! A used refresh token comes back: a lost answer, or a theft.

use oauth2_tests::provider::app;
use oauth2_tests::running::{Credentials, Running, Tokens};

const NOT_VALID: &str = "the refresh token is not valid";
const AUTHENTICATED: &str = "client_authenticated phone by client_secret_basic";

async fn start() -> (Running, Credentials, Tokens) {
    let running = Running::start().await;
    let phone_app = running.register(app("phone")).await;
    let tokens = running.sign_in(&phone_app, "5550100").await;
    (running, phone_app, tokens)
}

async fn replay(running: &Running, client: &Credentials, token: &str) -> Vec<String> {
    running.auth.journal.forget();
    running.refresh(client, token).await.assert_error(400, "invalid_grant", NOT_VALID);
    running.auth.journal.signals()
}

#[tokio::test]
async fn a_replay_within_ten_seconds_is_refused_and_the_family_lives() {
    let (running, phone_app, first) = start().await;
    let second = Tokens::of(&running.refresh(&phone_app, &first.refresh).await);
    for pause in [0, 1, 9] {
        running.clock.step(pause);
        let told = replay(&running, &phone_app, &first.refresh).await;
        assert_eq!(told, [AUTHENTICATED, "refresh_token_reused phone revoked=false"]);
    }
    assert_eq!(running.whoami(&second.access).await.status, 200);
    assert_eq!(running.refresh(&phone_app, &second.refresh).await.status, 200);
}

#[tokio::test]
async fn a_replay_after_ten_seconds_ends_the_family() {
    let (running, phone_app, first) = start().await;
    let bystander = running.sign_in(&phone_app, "5550100").await;
    let second = Tokens::of(&running.refresh(&phone_app, &first.refresh).await);
    running.clock.step(11);
    let told = replay(&running, &phone_app, &first.refresh).await;
    assert_eq!(told, [AUTHENTICATED, "refresh_token_reused phone revoked=true", "token_revoked phone 1"]);
    assert_eq!(running.whoami(&second.access).await.status, 401);
    running.refresh(&phone_app, &second.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
    // Another authorization of the same person at the same client is not touched.
    assert_eq!(running.whoami(&bystander.access).await.status, 200);
    assert_eq!(running.refresh(&phone_app, &bystander.refresh).await.status, 200);
}

#[tokio::test]
async fn a_second_replay_finds_nothing_left_to_revoke() {
    let (running, phone_app, first) = start().await;
    running.refresh(&phone_app, &first.refresh).await;
    running.clock.step(11);
    replay(&running, &phone_app, &first.refresh).await;
    let told = replay(&running, &phone_app, &first.refresh).await;
    assert_eq!(told, [AUTHENTICATED, "refresh_token_reused phone revoked=false"]);
}

/// S32: three rotations within one second, then the first token again. It is no lost answer: its successor has been used,
/// so the answer arrived.
#[tokio::test]
async fn the_first_of_three_quick_rotations_comes_back() {
    let (running, phone_app, first) = start().await;
    let second = Tokens::of(&running.refresh(&phone_app, &first.refresh).await);
    let third = Tokens::of(&running.refresh(&phone_app, &second.refresh).await);
    let fourth = Tokens::of(&running.refresh(&phone_app, &third.refresh).await);
    let told = replay(&running, &phone_app, &first.refresh).await;
    assert_eq!(told, [AUTHENTICATED, "refresh_token_reused phone revoked=true", "token_revoked phone 1"]);
    assert_eq!(running.whoami(&fourth.access).await.status, 401);
    running.refresh(&phone_app, &fourth.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
}

/// The family has two rows after a narrowed refresh, and both end.
#[tokio::test]
async fn a_replay_ends_narrowed_tokens_too() {
    let (running, phone_app, first) = start().await;
    let body = format!("grant_type=refresh_token&refresh_token={}&scope=read", first.refresh);
    let narrow = Tokens::of(&running.token(&phone_app, &body).await);
    running.clock.step(11);
    let told = replay(&running, &phone_app, &first.refresh).await;
    assert_eq!(told, [AUTHENTICATED, "refresh_token_reused phone revoked=true", "token_revoked phone 2"]);
    assert_eq!(running.whoami(&narrow.access).await.status, 401);
    running.refresh(&phone_app, &narrow.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
}
