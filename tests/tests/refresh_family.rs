//! The refresh tokens of one authorization: one is live, and an old one that comes back ends them all (RFC 9700 section
//! 4.14.2).

use futures_util::future::join_all;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{RunningPortal, ready};
use oauth2_tests::running::{Credentials, Database, Tokens, listen};
use tokio::runtime::Runtime;

const NOT_VALID: &str = "the refresh token is not valid";

/// The tokens of `count` generations, each a second after the one before.
async fn generations(running: &RunningPortal, count: usize, pause: i64) -> Vec<Tokens> {
    let mut all = vec![running.tokens("alice", "read write").await];
    while all.len() < count {
        running.clock.step(pause);
        all.push(Tokens::of(&running.refresh(&all.last().unwrap().refresh).await));
    }
    all
}

async fn assert_dead(running: &RunningPortal, generations: &[Tokens]) {
    for token in generations.iter().flat_map(|tokens| [&tokens.access, &tokens.refresh]) {
        let answer = running.introspect(&running.web, token).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "{\"active\":false}"));
    }
    for tokens in generations {
        assert_eq!(running.send(Request::get("/whoami").bearer(&tokens.access)).await.status, 401);
        running.refresh(&tokens.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
    }
}

async fn replay(running: &RunningPortal, tokens: &Tokens) -> Vec<String> {
    drop(running.portal.journal.signals());
    running.refresh(&tokens.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
    running.portal.journal.signals()
}

/// S31: eight at once, a few times, generation after generation: one successor each time, and the family lives.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s31_of_concurrent_refreshes_exactly_one_succeeds() {
    let running = RunningPortal::start().await;
    let mut live = running.tokens("alice", "read write").await;
    for _ in 0..20 {
        running.clock.step(1);
        let answers = join_all((0..8).map(|_| running.refresh(&live.refresh))).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!((won.len(), lost.len()), (1, 7), "{answers:?}");
        for answer in lost {
            answer.assert_error(400, "invalid_grant", NOT_VALID);
        }
        live = Tokens::of(won[0]);
        assert!(running.is_active(&live.access).await && running.is_active(&live.refresh).await);
    }
    let count = "SELECT COUNT(*) FROM oauth2_token";
    assert_eq!(running.database.number(count).await, 21);
    assert_eq!(running.database.number(&format!("{count} WHERE revoked_at IS NULL")).await, 1);
}

/// S32: three rotations within one second of a clock that stands still, then the first token again.
#[tokio::test]
async fn s32_generations_within_one_second_are_told_apart() {
    let running = RunningPortal::start().await;
    let all = generations(&running, 4, 0).await;
    let told = replay(&running, &all[0]).await;
    assert_eq!(told, ["refresh_token_reused web true", "token_revoked web 1"]);
    assert_dead(&running, &all).await;
}

/// S32: with time between them, a token whose successor nobody has used may be a lost answer, and no other may.
#[tokio::test]
async fn s32_only_the_last_use_may_be_a_lost_answer() {
    for (member, ends) in [(2, false), (1, true), (0, true)] {
        let running = RunningPortal::start().await;
        let all = generations(&running, 4, 1).await;
        let told = replay(&running, &all[member]).await;
        if ends {
            assert_eq!(told, ["refresh_token_reused web true", "token_revoked web 1"], "{member}");
            assert_dead(&running, &all).await;
        } else {
            assert_eq!(told, ["refresh_token_reused web false"], "{member}");
            assert_eq!(running.refresh(&all[3].refresh).await.status, 200);
        }
    }
}

/// S34: four generations, and any of the old ones comes back later: nothing of any generation is left, and the tokens of
/// another authorization of the same person are.
#[tokio::test]
async fn s34_any_old_member_that_comes_back_ends_all_generations() {
    for member in 0..3 {
        let running = RunningPortal::start().await;
        let bystander = running.tokens("alice", "read write").await;
        let all = generations(&running, 4, 20).await;
        running.clock.step(11);
        let told = replay(&running, &all[member]).await;
        assert_eq!(told, ["refresh_token_reused web true", "token_revoked web 1"], "{member}");
        assert_dead(&running, &all).await;
        let live = "SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL";
        assert_eq!(running.database.number(live).await, 1);
        assert!(running.is_active(&bystander.access).await);
        assert_eq!(running.refresh(&bystander.refresh).await.status, 200);
    }
}

/// S34: a narrowed access token on the way, and the token that was kept beside it, end too.
#[tokio::test]
async fn s34_narrowed_tokens_of_old_generations_end_too() {
    let running = RunningPortal::start().await;
    let mut all = vec![running.tokens("alice", "read write").await];
    for scope in ["read", "write", "read+write"] {
        running.clock.step(20);
        let last = &all.last().unwrap().refresh;
        let body = format!("grant_type=refresh_token&refresh_token={last}&scope={scope}");
        all.push(Tokens::of(&running.token(&running.web, &body).await));
    }
    // Each narrowed access token lives on beside its refresh token's successors.
    assert!(running.is_active(&all[1].access).await && running.is_active(&all[2].access).await);
    running.clock.step(11);
    let told = replay(&running, &all[1]).await;
    assert_eq!(told, ["refresh_token_reused web true", "token_revoked web 3"]);
    assert_dead(&running, &all).await;
}

/// What a client keeps when the server is gone.
async fn restarted(database: Database, clock: SteppingClock, web: Credentials) -> RunningPortal {
    let portal = ready(&database, &clock, "http://127.0.0.1").await;
    let address = listen(portal.router()).await;
    RunningPortal { portal, address, clock, database, other: web.clone(), web }
}

/// S33: what rejects old tokens is in the database, so a server that was ended in the middle of everything knows them as
/// well as the one before. Here the runtime is dropped with all its tasks and connections: nothing is closed or told.
#[test]
fn s33_a_restart_forgets_no_old_token() {
    for pause in [0, 11] {
        let first = Runtime::new().unwrap();
        let (running, code, all) = first.block_on(async {
            let running = RunningPortal::start().await;
            let code = running.code("alice", "read").await;
            assert_eq!(running.redeem(&code).await.status, 200);
            let all = generations(&running, 3, 1).await;
            (running, code, all)
        });
        let RunningPortal { portal, clock, database, web, .. } = running;
        drop(portal);
        first.shutdown_background();
        Runtime::new().unwrap().block_on(async {
            let running = restarted(database, clock, web).await;
            running.clock.step(pause);
            let told = replay(&running, &all[0]).await;
            assert_eq!(told, ["refresh_token_reused web true", "token_revoked web 1"]);
            for tokens in &all {
                running.refresh(&tokens.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
                assert!(
                    !running.is_active(&tokens.access).await && !running.is_active(&tokens.refresh).await
                );
            }
            running.redeem(&code).await.assert_error(400, "invalid_grant", "the code is not valid");
        });
    }
}

/// S33: and it honours what the one before has promised: a live code, a live token, a session, a consent.
#[test]
fn s33_a_restart_loses_nothing() {
    let first = Runtime::new().unwrap();
    let (running, code, tokens, browser) = first.block_on(async {
        let running = RunningPortal::start().await;
        let tokens = running.tokens("alice", "read").await;
        let code = running.code("alice", "read").await;
        let browser = running.signed_in("alice").await;
        (running, code, tokens, browser)
    });
    let RunningPortal { portal, clock, database, web, .. } = running;
    drop(portal);
    first.shutdown_background();
    Runtime::new().unwrap().block_on(async {
        let running = restarted(database, clock, web).await;
        assert_eq!(running.redeem(&code).await.status, 200);
        assert_eq!(running.refresh(&tokens.refresh).await.status, 200);
        let mut again = running.browser();
        again.cookies = browser.cookies;
        assert!(again.get("/login").await.body.contains("<h1>You are signed in</h1>"));
    });
}
