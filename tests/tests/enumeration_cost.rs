//! S95: what a failed sign-in costs tells nobody who has an account. One test, because it counts the process's
//! processor time.

use std::time::Duration;

use oauth2_tests::browser::Browser;
use oauth2_tests::classic::{PASSWORD, RunningClassic};
use oauth2_tests::cpu;

/// How often each of them fails, in turns.
const ROUNDS: usize = 8;

/// Each failure costs one hash, on a server that really hashes: an answer without one would come many times sooner.
#[tokio::test]
async fn every_failed_sign_in_costs_a_hash() {
    let running = RunningClassic::start().await;
    running.server.journal.lock().disabled.insert("u-david".to_owned());
    let mut browser = Browser::new(running.address);
    let page = browser.get("/login").await;
    let failures = [("alice", "wrong"), ("nobod", "wrong"), ("david", PASSWORD), ("david", "wrong")];
    let mut costs = [Duration::ZERO; 4];
    for _ in 0..ROUNDS {
        for ((name, password), cost) in failures.into_iter().zip(&mut costs) {
            let before = cpu::of_process();
            let answer = browser.sign_in(&page, "/login", name, password).await;
            *cost += cpu::of_process().saturating_sub(before);
            assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{name}: {answer:?}");
        }
    }
    let [wrong, others @ ..] = costs;
    println!("{failures:?}: {costs:?} for {ROUNDS} of each");
    assert!(wrong > Duration::from_millis(20), "nothing is hashed: {wrong:?}");
    for ((name, password), other) in failures[1..].iter().zip(others) {
        assert!(other > wrong / 3 && other < wrong * 3, "{name} with {password}: {other:?} and {wrong:?}");
    }
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_session").await, 0);
}
