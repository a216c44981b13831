//! A server that starts again over the database of one that was ended in the middle of everything.

use oauth2_runtime::time::Clock;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, client, ready, register};
use oauth2_tests::running::{Credentials, Database, Tokens, listen};
use oauth2_tests::storm::{Process, codes, redemptions, refreshes, token_request};
use tokio::runtime::Runtime;

const NOT_VALID: &str = "the refresh token is not valid";

/// The tokens of three generations, each a second after the one before.
async fn generations(running: &RunningPortal) -> Vec<Tokens> {
    let mut all = vec![running.tokens("alice", "read write").await];
    while all.len() < 3 {
        running.clock.step(1);
        all.push(Tokens::of(&running.refresh(&all.last().unwrap().refresh).await));
    }
    all
}

async fn replay(running: &RunningPortal, tokens: &Tokens) -> Vec<String> {
    drop(running.portal.journal.signals());
    running.refresh(&tokens.refresh).await.assert_error(400, "invalid_grant", NOT_VALID);
    running.portal.journal.signals()
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
            let all = generations(&running).await;
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

/// S33: the same with a process that is killed.
#[tokio::test]
async fn s33_a_killed_process_forgets_no_old_token() {
    for pause in [0, 11] {
        let (database, clock) = (Database::default(), SteppingClock::default());
        let portal = ready(&database, &clock, "http://127.0.0.1").await;
        let web = register(&portal, client("web", &[WEB_CALLBACK])).await;
        let bodies = redemptions(&codes(&portal.db, 0..1, clock.now()).await);
        let start = |now| Process::start(env!("CARGO_BIN_EXE_portal"), &database.url(), now);
        let first = start(clock.now());
        let mut all = vec![Tokens::of(&token_request(&web, &bodies[0]).send(first.address).await)];
        while all.len() < 3 {
            let body = &refreshes(&[all.last().unwrap().refresh.clone()])[0];
            all.push(Tokens::of(&token_request(&web, body).send(first.address).await));
        }
        first.kill();
        clock.step(pause);
        let live = "SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL";
        assert_eq!(database.number(live).await, 1);
        let second = start(clock.now());
        let tokens: Vec<_> = all.into_iter().map(|tokens| tokens.refresh).collect();
        for body in refreshes(&tokens) {
            let answer = token_request(&web, &body).send(second.address).await;
            answer.assert_error(400, "invalid_grant", NOT_VALID);
            assert_eq!(database.number(live).await, 0, "after the first of them");
        }
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
