//! Single use is decided by the database: two processes' worth of stores over one file.

use std::net::SocketAddr;

use futures_util::future::join_all;
use oauth2_runtime::prelude::*;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::{App, SMS_CODE, app};
use oauth2_tests::running::{Database, ISSUER, Tokens, listen, ready};

const TOKENS: usize = 200;
const REDEEMERS: usize = 8;

async fn send(address: SocketAddr, secret: &ClientSecret, body: &str) -> Response {
    Request::form("/oauth/token", body).basic("phone", secret.expose()).send(address).await
}

/// S31, F02: of eight concurrent uses of each of two hundred refresh tokens exactly one succeeds, and none is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_concurrent_uses_exactly_one_succeeds() {
    let (database, clock) = (Database::default(), SteppingClock::default());
    let servers = [ready(&database, &clock, ISSUER).await, ready(&database, &clock, ISSUER).await];
    let secret = ClientSecret::generate().unwrap();
    servers[0].clients().ensure(App { client_secret: Some(secret.hash()), ..app("phone") }).await.unwrap();
    let addresses = [listen(servers[0].router()).await, listen(servers[1].router()).await];
    let mut successors = Vec::new();
    for number in 0..TOKENS {
        let body = format!("grant_type={SMS_CODE}&phone={number}&code=123456");
        let tokens = Tokens::of(&send(addresses[number % 2], &secret, &body).await);
        let body = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
        let uses = (0..REDEEMERS).map(|redeemer| send(addresses[redeemer % 2], &secret, &body));
        let answers = join_all(uses).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!((won.len(), lost.len()), (1, REDEEMERS - 1), "{answers:?}");
        for answer in lost {
            answer.assert_error(400, "invalid_grant", "the refresh token is not valid");
        }
        successors.push(Tokens::of(won[0]).refresh);
    }
    assert_eq!(database.number("SELECT COUNT(*) FROM app_token").await, 2 * i64::try_from(TOKENS).unwrap());
    assert_eq!(database.number("SELECT COUNT(*) FROM app_token WHERE revoked_at IS NULL").await, 200);
    for successor in successors {
        let body = format!("grant_type=refresh_token&refresh_token={successor}");
        assert_eq!(send(addresses[0], &secret, &body).await.status, 200);
    }
}
