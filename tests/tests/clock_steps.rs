//! F10: the clock jumps an hour, or shows a second twice. Ends are ends by whatever it shows, and single use needs no clock.

use oauth2_tests::http::Request;
use oauth2_tests::portal::RunningPortal;
use oauth2_tests::running::Tokens;

const CODE: &str = "the code is not valid";
const REFRESH: &str = "the refresh token is not valid";
/// An hour back, an hour on, a second that is shown again, and none of it.
const STEPS: [i64; 4] = [-3_600, 3_600, -1, 0];

/// S22 after a step: a code lives for sixty seconds of the time that is shown now.
#[tokio::test]
async fn f10_codes_live_a_minute_whatever_the_clock_shows() {
    let running = RunningPortal::start().await;
    for step in STEPS {
        running.clock.step(step);
        for (age, status) in [(59, 200), (60, 400), (61, 400)] {
            let code = running.code("alice", "read").await;
            running.clock.step(age);
            let answer = running.redeem(&code).await;
            assert_eq!(answer.status, status, "{step} {age}: {answer:?}");
        }
    }
}

/// A step between a code and its use: backwards it is still good, once; forwards it has ended.
#[tokio::test]
async fn f10_a_code_is_good_once_across_a_step() {
    for step in STEPS {
        let running = RunningPortal::start().await;
        let code = running.code("alice", "read").await;
        running.clock.step(step);
        let answer = running.redeem(&code).await;
        if step > 60 {
            answer.assert_error(400, "invalid_grant", CODE);
            continue;
        }
        let tokens = Tokens::of(&answer);
        running.redeem(&code).await.assert_error(400, "invalid_grant", CODE);
        assert!(running.is_active(&tokens.access).await);
        // Used at one time, and back at another: never good, and in the end the sign of a theft that it is.
        running.clock.step(-7_200);
        running.redeem(&code).await.assert_error(400, "invalid_grant", CODE);
        running.clock.step(7_211);
        running.redeem(&code).await.assert_error(400, "invalid_grant", CODE);
        assert!(!running.is_active(&tokens.access).await && !running.is_active(&tokens.refresh).await);
    }
}

/// S32 after and across steps: every refresh token is good once, and an old one ends the family.
#[tokio::test]
async fn f10_refresh_tokens_are_good_once_across_a_step() {
    for step in [-3_600, 599, -1, 0] {
        let running = RunningPortal::start().await;
        let first = running.tokens("alice", "read").await;
        running.clock.step(step);
        let second = Tokens::of(&running.refresh(&first.refresh).await);
        running.clock.step(step);
        let third = Tokens::of(&running.refresh(&second.refresh).await);
        assert!(running.is_active(&third.access).await && running.is_active(&third.refresh).await);
        running.refresh(&first.refresh).await.assert_error(400, "invalid_grant", REFRESH);
        // The successor has been used, so no answer was lost: whenever that was, it ends the family.
        for token in [&third.access, &third.refresh] {
            assert!(!running.is_active(token).await, "{step}");
        }
        running.refresh(&third.refresh).await.assert_error(400, "invalid_grant", REFRESH);
        let live = "SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL";
        assert_eq!(running.database.number(live).await, 0);
    }
}

/// A lost answer, and the clock is set back before the client asks again: the family lives.
#[tokio::test]
async fn f10_a_retry_after_a_step_back_ends_nothing() {
    for step in [-3_600, -1, 0] {
        let running = RunningPortal::start().await;
        let first = running.tokens("alice", "read").await;
        let second = Tokens::of(&running.refresh(&first.refresh).await);
        running.clock.step(step);
        running.refresh(&first.refresh).await.assert_error(400, "invalid_grant", REFRESH);
        assert!(running.is_active(&second.access).await, "{step}");
        assert_eq!(running.refresh(&second.refresh).await.status, 200);
    }
}

/// Tokens and sessions end when the clock says so, at the very second, and not before.
#[tokio::test]
async fn f10_ends_are_exact() {
    let running = RunningPortal::start().await;
    for step in STEPS {
        running.clock.step(step);
        let tokens = running.tokens("alice", "read").await;
        let whoami = || running.send(Request::get("/whoami").bearer(&tokens.access));
        running.clock.step(599);
        assert_eq!(whoami().await.status, 200, "{step}");
        running.clock.step(1);
        assert_eq!(whoami().await.status, 401, "{step}");
        assert!(!running.is_active(&tokens.access).await && running.is_active(&tokens.refresh).await);
        running.clock.step(2_999);
        assert!(running.is_active(&tokens.refresh).await);
        running.clock.step(1);
        assert!(!running.is_active(&tokens.refresh).await);
        running.refresh(&tokens.refresh).await.assert_error(400, "invalid_grant", REFRESH);
        // Set back by a second it is the second before the end again.
        running.clock.step(-1);
        assert_eq!(running.refresh(&tokens.refresh).await.status, 200);
        let mut browser = running.signed_in("alice").await;
        running.clock.step(12 * 3_600 - 1);
        assert!(browser.get("/login").await.body.contains("<h1>You are signed in</h1>"));
        running.clock.step(1);
        assert!(browser.get("/login").await.body.contains("<h1>Sign in</h1>"));
    }
}
