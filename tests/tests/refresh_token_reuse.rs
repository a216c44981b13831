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

/// The tokens of as many generations, `pause` seconds apart; the first is from the sign-in.
async fn generations(
    running: &Running,
    client: &Credentials,
    first: Tokens,
    pause: i64,
    count: usize,
) -> Vec<Tokens> {
    let mut tokens = vec![first];
    while tokens.len() < count {
        running.clock.step(pause);
        let last = &tokens[tokens.len() - 1].refresh;
        tokens.push(Tokens::of(&running.refresh(client, last).await));
    }
    tokens
}

async fn assert_ended(running: &Running, client: &Credentials, tokens: &Tokens) {
    assert_eq!(running.whoami(&tokens.access).await.status, 401);
    running.refresh(client, &tokens.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
    assert_eq!(running.database.number("SELECT COUNT(*) FROM app_token WHERE revoked_at IS NULL").await, 0);
}

const ENDED: [&str; 3] = [AUTHENTICATED, "refresh_token_reused phone revoked=true", "token_revoked phone 1"];
const SPARED: [&str; 2] = [AUTHENTICATED, "refresh_token_reused phone revoked=false"];

/// S32: three rotations within one second, then the first token again. A client that lost an answer cannot have used what was
/// in it, so the retry window spares nobody here.
#[tokio::test]
async fn the_first_of_three_quick_rotations_comes_back() {
    for pause in [0, 1, 3] {
        let (running, phone_app, first) = start().await;
        let tokens = generations(&running, &phone_app, first, pause, 4).await;
        let told = replay(&running, &phone_app, &tokens[0].refresh).await;
        assert_eq!(told, ENDED, "{pause}");
        assert_ended(&running, &phone_app, &tokens[3]).await;
    }
}

/// S34: of a family of four generations any used member that comes back ends all, and nobody else's.
#[tokio::test]
async fn any_old_member_ends_the_family() {
    for (pause, old) in [(0, 0), (0, 1), (2, 0), (2, 1), (60, 0), (60, 1)] {
        let (running, phone_app, first) = start().await;
        let bystander = running.sign_in(&phone_app, "5550100").await;
        let tokens = generations(&running, &phone_app, first, pause, 4).await;
        let told = replay(&running, &phone_app, &tokens[old].refresh).await;
        assert_eq!(told, ENDED, "{pause} {old}");
        for member in &tokens {
            assert_eq!(running.whoami(&member.access).await.status, 401, "{pause} {old}");
            let answer = running.refresh(&phone_app, &member.refresh).await;
            answer.assert_error(400, "invalid_grant", NOT_VALID);
        }
        assert_eq!(running.refresh(&phone_app, &bystander.refresh).await.status, 200);
    }
}

/// The last used member within the window is a lost answer, as long as what was in the answer is unused. After the window it
/// is not.
#[tokio::test]
async fn the_last_used_member_may_come_back_for_ten_seconds() {
    let (running, phone_app, first) = start().await;
    let tokens = generations(&running, &phone_app, first, 2, 4).await;
    for pause in [0, 10] {
        running.clock.step(pause);
        assert_eq!(replay(&running, &phone_app, &tokens[2].refresh).await, SPARED, "{pause}");
        assert_eq!(running.whoami(&tokens[3].access).await.status, 200);
    }
    running.clock.step(1);
    assert_eq!(replay(&running, &phone_app, &tokens[2].refresh).await, ENDED);
    assert_ended(&running, &phone_app, &tokens[3]).await;
}

/// Times are whole seconds: of two uses within one second it is not known which was the later. A lost answer to the second one
/// looks like a replay of the first, and the family ends, which is the safe side. From the next second on it is a lost answer.
#[tokio::test]
async fn within_one_second_the_order_is_not_known() {
    for (pause, expected) in [(0, &ENDED[..]), (1, &SPARED[..])] {
        let (running, phone_app, first) = start().await;
        let tokens = generations(&running, &phone_app, first, pause, 3).await;
        assert_eq!(replay(&running, &phone_app, &tokens[1].refresh).await, expected, "{pause}");
    }
}

/// As long as the successor is unused the window spares the family; its first use ends that at once.
#[tokio::test]
async fn the_use_of_the_successor_ends_the_window() {
    for pause in [0, 1] {
        let (running, phone_app, first) = start().await;
        let tokens = generations(&running, &phone_app, first, pause, 2).await;
        assert_eq!(replay(&running, &phone_app, &tokens[0].refresh).await, SPARED);
        running.clock.step(pause);
        let third = Tokens::of(&running.refresh(&phone_app, &tokens[1].refresh).await);
        assert_eq!(replay(&running, &phone_app, &tokens[0].refresh).await, ENDED);
        assert_ended(&running, &phone_app, &third).await;
    }
}

/// Two uses at once: the one that loses is a retry, wherever it notices.
#[tokio::test]
async fn the_family_lives_after_a_lost_race() {
    for _ in 0..20 {
        let (running, phone_app, first) = start().await;
        let answers = tokio::join!(
            running.refresh(&phone_app, &first.refresh),
            running.refresh(&phone_app, &first.refresh)
        );
        let (won, lost) = if answers.0.status == 200 { answers } else { (answers.1, answers.0) };
        lost.assert_error(400, "invalid_grant", NOT_VALID);
        let second = Tokens::of(&won);
        let mut told = running.auth.journal.signals();
        told.retain(|line| line.starts_with("refresh_token_reused") || line.starts_with("token_revoked"));
        assert_eq!(told, ["refresh_token_reused phone revoked=false"]);
        assert_eq!(running.whoami(&second.access).await.status, 200);
        assert_eq!(running.refresh(&phone_app, &second.refresh).await.status, 200);
    }
}

/// S34: every narrowed access token lives on beside its refresh token's successors, and all of them end.
#[tokio::test]
async fn a_replay_ends_narrowed_tokens_too() {
    let (running, phone_app, first) = start().await;
    let mut tokens = vec![first];
    for scope in ["read", "write", "read+write"] {
        running.clock.step(20);
        let last = &tokens[tokens.len() - 1].refresh;
        let body = format!("grant_type=refresh_token&refresh_token={last}&scope={scope}");
        tokens.push(Tokens::of(&running.token(&phone_app, &body).await));
    }
    for narrow in &tokens[1..] {
        assert_eq!(running.whoami(&narrow.access).await.status, 200);
    }
    running.clock.step(11);
    let told = replay(&running, &phone_app, &tokens[1].refresh).await;
    assert_eq!(told, [AUTHENTICATED, "refresh_token_reused phone revoked=true", "token_revoked phone 4"]);
    for member in &tokens {
        assert_ended(&running, &phone_app, member).await;
    }
}
