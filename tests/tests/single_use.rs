//! A thousand codes and a thousand refresh tokens, each redeemed eight times at once, through two servers over one file: each
//! is exchanged once, and what it was exchanged for is live.

use std::net::SocketAddr;

use futures_util::future::join;
use futures_util::{StreamExt, stream};
use oauth2_runtime::prelude::*;
use oauth2_runtime::time::Clock;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::portal::{Portal, WEB_CALLBACK, client, ready, register};
use oauth2_tests::running::{Credentials, Database, Tokens, listen};
use oauth2_tests::storm::{
    Process, Won, assert_introspected, assert_live, codes, race, redemptions, refresh_tokens, refreshes,
    token_request,
};

const PEOPLE: usize = 1_000;
/// How many requests redeem the same artefact.
const REDEEMERS: usize = 8;
const CODE_REFUSED: &str = "the code is not valid";
const TOKEN_REFUSED: &str = "the refresh token is not valid";

/// Two servers over one database, of which no test asks more than a process would offer.
struct Site {
    database: Database,
    clock: SteppingClock,
    servers: [Ready<Portal>; 2],
    web: Credentials,
}

impl Site {
    async fn start() -> Self {
        let (database, clock) = (Database::default(), SteppingClock::default());
        let issuer = "http://127.0.0.1";
        let servers = [ready(&database, &clock, issuer).await, ready(&database, &clock, issuer).await];
        let web = register(&servers[0], client("web", &[WEB_CALLBACK])).await;
        Self { database, clock, servers, web }
    }

    async fn listen(&self) -> [SocketAddr; 2] {
        [listen(self.servers[0].router()).await, listen(self.servers[1].router()).await]
    }

    /// What each client was answered is live, also for the server that did not answer it.
    async fn assert_none_lost(&self, won: &[Won], count: usize) {
        assert_eq!(won.len(), count);
        for Won { tokens, by } in won {
            assert_live(&self.servers[1 - by].db, tokens).await;
        }
    }
}

/// Each code is used, and has exactly its one token.
async fn assert_codes_used_once(database: &Database, count: i64) {
    let used = "SELECT COUNT(*) FROM portal_code WHERE consumed_at IS NOT NULL";
    assert_eq!(database.number(used).await, count);
    let once = "SELECT COUNT(*) FROM portal_code AS c WHERE (SELECT COUNT(*) FROM oauth2_token AS t \
                WHERE t.grant_id = c.grant_id AND t.subject = c.subject AND t.revoked_at IS NULL) = 1";
    assert_eq!(database.number(once).await, count);
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, count);
}

/// Each token is used, and has exactly one live successor; `others` are the live ones of other authorizations.
async fn assert_tokens_used_once(database: &Database, others: i64) {
    let once = "SELECT COUNT(*) FROM (SELECT 1 FROM oauth2_token WHERE grant_id NOT LIKE 'g-code-%' GROUP BY grant_id \
                HAVING COUNT(*) = 2 AND COUNT(revoked_at) = 1)";
    assert_eq!(database.number(once).await, 1_000);
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, 2_000 + others);
    let live = "SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL";
    assert_eq!(database.number(live).await, 1_000 + others);
}

/// S18, F01: a code is looked at and used in one step.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s18_f01_a_code_is_good_once() {
    for (count, redeemers) in [(PEOPLE, REDEEMERS), (100, 64)] {
        let site = Site::start().await;
        let codes = codes(&site.servers[0].db, 0..count, site.clock.now()).await;
        let bodies = redemptions(&codes);
        let won = race(site.listen().await, &site.web, &bodies, redeemers, CODE_REFUSED).await;
        site.assert_none_lost(&won, count).await;
        assert_codes_used_once(&site.database, i64::try_from(count).unwrap()).await;
    }
}

/// S31, F02: a refresh token has one successor, and the race by itself revokes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s31_f02_a_refresh_token_is_good_once() {
    let site = Site::start().await;
    let tokens = refresh_tokens(&site.servers[0].db, 0..PEOPLE, site.clock.now()).await;
    let won = race(site.listen().await, &site.web, &refreshes(&tokens), REDEEMERS, TOKEN_REFUSED).await;
    site.assert_none_lost(&won, PEOPLE).await;
    assert_tokens_used_once(&site.database, 0).await;
}

/// S18, S31, F01, F02, F15: the same through two processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_a_code_and_a_refresh_token_are_good_once_for_two_processes() {
    let site = Site::start().await;
    let now = site.clock.now();
    let codes = codes(&site.servers[0].db, 0..PEOPLE, now).await;
    let program = env!("CARGO_BIN_EXE_portal");
    let processes = [(); 2].map(|()| Process::start(program, &site.database.url(), now));
    let addresses = processes.each_ref().map(|process| process.address);
    let won = race(addresses, &site.web, &redemptions(&codes), REDEEMERS, CODE_REFUSED).await;
    site.assert_none_lost(&won, PEOPLE).await;
    assert_introspected(addresses, &site.web, &won).await;
    assert_codes_used_once(&site.database, 1_000).await;
    let tokens = refresh_tokens(&site.servers[0].db, 0..PEOPLE, now).await;
    let won = race(addresses, &site.web, &refreshes(&tokens), REDEEMERS, TOKEN_REFUSED).await;
    site.assert_none_lost(&won, PEOPLE).await;
    assert_introspected(addresses, &site.web, &won).await;
    assert_tokens_used_once(&site.database, 1_000).await;
}

const FAMILIES: usize = 250;

/// F03: in each of 250 families of four generations an old member comes back while the youngest is being used. Whichever is
/// first, the family is dead, once, and no other one is harmed. One event says so. When the youngest comes second it is told to
/// have come back too, which ends nothing: it was revoked by then, and a row does not say whether it was used or revoked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f03_a_stolen_refresh_token_ends_its_family_and_no_other() {
    let site = Site::start().await;
    let addresses = site.listen().await;
    let first = refresh_tokens(&site.servers[0].db, 0..2 * FAMILIES, site.clock.now()).await;
    let (stolen, bystanders) = first.split_at(FAMILIES);
    let refresh = async |number: usize, token: &str| {
        let body = format!("grant_type=refresh_token&refresh_token={token}");
        token_request(&site.web, &body).send(addresses[number % 2]).await
    };
    let grow = async |(number, first): (usize, &String)| {
        let mut family = vec![first.clone()];
        for generation in 1..4 {
            let next = Tokens::of(&refresh(number + generation, &family[generation - 1]).await);
            family.push(next.refresh);
        }
        (number, family)
    };
    let families: Vec<_> =
        stream::iter(stolen.iter().enumerate()).map(grow).buffer_unordered(8).collect().await;
    site.clock.step(11);
    let signals = || site.servers.each_ref().map(|server| server.journal.signals()).concat();
    assert_eq!(signals().len(), 3 * FAMILIES);
    let attack = async |(number, family): &(usize, Vec<String>)| {
        let old = &family[number * 7 % 3];
        let (replayed, refreshed) = join(refresh(*number, old), refresh(number + 1, &family[3])).await;
        replayed.assert_error(400, "invalid_grant", TOKEN_REFUSED);
        if refreshed.status != 200 {
            refreshed.assert_error(400, "invalid_grant", TOKEN_REFUSED);
        }
        usize::from(refreshed.status == 200)
    };
    let first: Vec<_> = stream::iter(&families).map(attack).buffer_unordered(8).collect().await;
    let first: usize = first.into_iter().sum();
    let told = signals();
    let count = |line: &str| told.iter().filter(|told| *told == line).count();
    assert_eq!(count("refresh_token_reused web true"), FAMILIES);
    assert_eq!(count("token_revoked web 1"), FAMILIES);
    assert_eq!(count("refresh_token_reused web false"), FAMILIES - first);
    assert_eq!(told.iter().filter(|told| told.starts_with("token_issued web u-")).count(), first);
    assert_eq!(told.len(), 3 * FAMILIES);
    let live = "SELECT grant_id FROM oauth2_token WHERE revoked_at IS NULL ORDER BY rowid";
    let bystanding: Vec<_> = (FAMILIES..2 * FAMILIES).map(|number| format!("g-{number}")).collect();
    assert_eq!(site.database.texts(live).await, bystanding);
    for (number, token) in bystanders.iter().enumerate() {
        assert_eq!(refresh(number, token).await.status, 200);
    }
}
