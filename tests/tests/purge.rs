//! The task that deletes what nobody can need again. Its ten minutes pass at once: tokio's clock is stopped, set ahead and
//! started again, so that only the wait is skipped and everything else runs in real time.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use oauth2_runtime::model::{NewToken, OAuth2Token, Session};
use oauth2_runtime::models::Token;
use oauth2_runtime::prelude::*;
use oauth2_runtime::purge::{BATCH, INTERVAL};
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_runtime::store::{Issuance, Store};
use oauth2_runtime::time::Clock;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::portal::{Journal, Portal, RunningPortal};
use oauth2_tests::provider::Access;
use oauth2_tests::running::Database;
use oauth2_tests::storm::{artefact, assert_nothing_half, codes, refresh_tokens, refreshes};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// Lets the time between two rounds pass.
async fn pass_an_interval() {
    tokio::time::pause();
    tokio::time::advance(INTERVAL).await;
    tokio::time::resume();
}

async fn until(condition: impl AsyncFn() -> bool) {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), waiting).await.expect("in time");
}

/// Lets an interval pass, and one more for a task that was not waiting yet: what it has deleted is seen before its round is over,
/// and time that passes then is not waited for.
async fn a_round_later(condition: impl AsyncFn() -> bool) {
    let patience = Duration::from_secs(2);
    for _ in 0..10 {
        pass_an_interval().await;
        if timeout(patience, until(&condition)).await.is_ok() {
            return;
        }
    }
    panic!("no round in ten intervals");
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// The refresh tokens of the portal live for an hour.
const REFRESH_TTL: i64 = 3_600;
const DEAD: usize = 4_000;
const LIVE: usize = 300;

/// Every refresh succeeds while thousands of rows are deleted around it, a batch at a time.
#[tokio::test]
async fn rows_are_deleted_in_batches_while_requests_go_on() {
    let running = RunningPortal::start().await;
    let (db, web) = (&running.portal.db, &running.web);
    refresh_tokens(db, 0..DEAD, running.clock.now()).await;
    running.clock.step(REFRESH_TTL);
    let live = refresh_tokens(db, DEAD..DEAD + LIVE, running.clock.now()).await;
    let of_the_dead = "SELECT COUNT(*) FROM oauth2_token WHERE CAST(SUBSTR(grant_id, 3) AS INTEGER) < 4000";
    let dead = async || running.database.number(of_the_dead).await;
    assert_eq!(dead().await, 4_000);
    pass_an_interval().await;
    let (seen, bodies) = (Mutex::new(Vec::new()), refreshes(&live));
    let refresh = async |body: &String| {
        let answer = running.token(web, body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let dead = dead().await;
        seen.lock().unwrap().push(dead);
    };
    let () = stream::iter(&bodies).map(refresh).buffer_unordered(4).collect().await;
    until(async || dead().await == 0).await;
    let seen = seen.into_inner().unwrap();
    assert!(seen.iter().any(|dead| *dead > 0), "requests were answered in between: {seen:?}");
    assert!(seen.iter().all(|dead| dead % i64::from(BATCH) == 0), "a batch is deleted whole: {seen:?}");
    assert_nothing_half(&running.database).await;
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_token").await, 600);
    assert_eq!(
        running.database.number("SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL").await,
        300
    );
}

/// One round is only one round: the next comes an interval later.
#[tokio::test]
async fn every_interval_has_a_round() {
    let running = RunningPortal::start().await;
    let count = async || running.database.number("SELECT COUNT(*) FROM portal_code").await;
    for round in 0..3 {
        codes(&running.portal.db, round..round + 1, running.clock.now()).await;
        // Codes live for ten minutes here and are remembered for a day.
        running.clock.step(600 + 86_400);
        assert_eq!(count().await, 1);
        a_round_later(async || count().await == 0).await;
    }
}

/// It holds no server, and is gone an interval after it.
#[tokio::test]
async fn the_task_ends_with_the_server() {
    let database = Database::default();
    let db = database.store().await;
    let before = tasks();
    let portal =
        Portal { db: db.clone(), issuer: "http://127.0.0.1".to_owned(), journal: Journal::default() };
    let portal = portal.ready().await.unwrap();
    until(async || tasks() == before + 1).await;
    pass_an_interval().await;
    assert_eq!(tasks(), before + 1, "it goes on while there is a server");
    drop(portal);
    a_round_later(async || tasks() == before).await;
}

#[grant(client_credentials)]
struct Machine;

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
    purge = off,
)]
struct Unpurged {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[tokio::test]
async fn a_server_can_do_without_the_task_and_purge_by_hand() {
    let (database, clock) = (Database::default(), SteppingClock::default());
    let db = database.store().await;
    let before = tasks();
    let auth =
        Unpurged { db: db.clone() }.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap();
    until(async || tasks() == before).await;
    auth.clients().ensure(oauth2_runtime::models::Client::new("web", ScopeSet::all())).await.unwrap();
    refresh_tokens(&db, 0..1_200, clock.now()).await;
    clock.step(599);
    assert_eq!(auth.purge().await.unwrap(), 0);
    clock.step(1);
    pass_an_interval().await;
    pass_an_interval().await;
    until(async || tasks() == before).await;
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, 1_200);
    for deleted in [500, 500, 200, 0] {
        assert_eq!(auth.purge().await.unwrap(), deleted);
    }
}

/// The time a server reads, the lifetimes it declares and what the store deletes fit to the second.
#[tokio::test]
async fn nothing_is_deleted_a_second_before_its_end() {
    let running = RunningPortal::start().await;
    let (db, start) = (&running.portal.db, running.clock.now().unix_seconds());
    let end = start + 90_000;
    let before = |seconds| Timestamp::from_unix_seconds(end - seconds);
    refresh_tokens(db, 0..2, before(REFRESH_TTL)).await;
    assert_eq!(Store::<Portal>::revoke_grant(db, &"g-1".into(), before(REFRESH_TTL)).await.unwrap(), 1);
    // Codes live for ten minutes here and are remembered for a day.
    codes(db, 0..1, before(600 + 86_400)).await;
    let session = Session {
        session: artefact(0).1,
        subject: "u-0".into(),
        username: "somebody".to_owned(),
        signed_in_at: before(60),
        expires_at: before(0),
    };
    Store::<Portal>::start_session(db, &session, None).await.unwrap();
    let access_token = Token::issued(NewToken {
        access_token: artefact(2).1,
        refresh_token: None,
        grant_id: "g-2".into(),
        client_id: "web".into(),
        subject: None,
        scope: ScopeSet::<Access>::all(),
        issued_at: before(600),
        expires_at: before(0),
    });
    assert!(Store::<Portal>::issue(db, Issuance::of(&[access_token])).await.unwrap());
    running.clock.step(end - start - 1);
    assert_eq!(running.portal.purge().await.unwrap(), 0);
    running.clock.step(1);
    assert_eq!(running.portal.purge().await.unwrap(), 5);
    assert_eq!(running.portal.purge().await.unwrap(), 0);
}

/// Of several servers over the same tables one may purge: another one takes what is live for it for expired, and has `purge = off`.
#[tokio::test]
async fn a_server_deletes_by_its_own_lifetimes() {
    let running = RunningPortal::start().await;
    let environment = Environment::new(running.clock.clone(), SystemRandom);
    let other = Unpurged { db: running.database.store().await }.ready_in(environment).await.unwrap();
    let tokens = refreshes(&refresh_tokens(&running.portal.db, 0..2, running.clock.now()).await);
    // Their access tokens are over.
    running.clock.step(600);
    pass_an_interval().await;
    pass_an_interval().await;
    assert_eq!(running.portal.purge().await.unwrap(), 0);
    assert_eq!(running.token(&running.web, &tokens[0]).await.status, 200);
    assert_eq!(other.purge().await.unwrap(), 2);
    let answer = running.token(&running.web, &tokens[1]).await;
    answer.assert_error(400, "invalid_grant", "the refresh token is not valid");
}
