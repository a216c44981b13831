//! F05, F06: a server is killed in the middle of a storm, ten times over one database. What it has answered is there, and nothing
//! half: no artefact is used without what it was exchanged for.

use futures_util::{StreamExt, stream};
use oauth2_runtime::time::Clock;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::attempt;
use oauth2_tests::portal::{WEB_CALLBACK, client, ready, register};
use oauth2_tests::running::{Credentials, Database, Tokens};
use oauth2_tests::storm::{
    Process, assert_live, assert_nothing_half, codes, redemptions, refresh_tokens, refreshes, token_request,
};

const KILLS: usize = 10;
/// Codes and refresh tokens of each storm.
const EACH: usize = 60;

/// Redeems everything, and kills the server once so many answers have arrived; the tokens in the answers.
async fn storm(process: Process, web: &Credentials, bodies: &[String], kill_after: usize) -> Vec<Tokens> {
    let (address, mut process, mut answered) = (process.address, Some(process), Vec::new());
    let send = |body: &String| {
        let bytes = token_request(web, body).into_bytes();
        async move { attempt(address, &bytes).await }
    };
    let mut answers = stream::iter(bodies).map(send).buffer_unordered(16);
    while let Some(answer) = answers.next().await {
        answered.extend(answer.as_ref().map(Tokens::of));
        if answered.len() >= kill_after {
            process.take().into_iter().for_each(Process::kill);
        }
    }
    assert!(process.is_none(), "it was killed");
    answered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives() {
    let (database, clock) = (Database::default(), SteppingClock::default());
    let portal = ready(&database, &clock, "http://127.0.0.1").await;
    let web = register(&portal, client("web", &[WEB_CALLBACK])).await;
    let (now, url) = (clock.now(), database.url());
    let start = || Process::start(env!("CARGO_BIN_EXE_portal"), &url, now);
    let (mut all, mut acknowledged) = (Vec::new(), 0);
    for kill in 0..KILLS {
        let numbers = kill * EACH..(kill + 1) * EACH;
        let codes = redemptions(&codes(&portal.db, numbers.clone(), now).await);
        let tokens = refreshes(&refresh_tokens(&portal.db, numbers, now).await);
        let bodies: Vec<_> = codes.into_iter().zip(tokens).flat_map(<[String; 2]>::from).collect();
        let answered = storm(start(), &web, &bodies, 1 + kill * 9).await;
        assert_nothing_half(&database).await;
        assert_eq!(database.texts("PRAGMA integrity_check").await, ["ok"]);
        for tokens in &answered {
            assert_live(&portal.db, tokens).await;
        }
        assert!(answered.len() < bodies.len(), "the storm was over before");
        acknowledged += answered.len();
        all.extend(bodies);
    }
    let process = start();
    let mut renewed = 0;
    for body in &all {
        let answer = token_request(&web, body).send(process.address).await;
        assert!([200, 400].contains(&answer.status), "{answer:?}");
        renewed += usize::from(answer.status == 200);
    }
    assert_nothing_half(&database).await;
    assert!(renewed + acknowledged <= all.len(), "{renewed} {acknowledged}");
    assert_eq!(database.number("SELECT COUNT(*) FROM portal_code WHERE consumed_at IS NULL").await, 0);
    let tokens = i64::try_from(KILLS * EACH).unwrap();
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, 3 * tokens);
    assert_eq!(
        database.number("SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL").await,
        2 * tokens
    );
}
