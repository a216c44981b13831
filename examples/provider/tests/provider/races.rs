//! A code and a refresh token are good once, also for two of these processes over one file, and what they are exchanged for is
//! live for both.

use std::fmt::Write as _;

use oauth2_runtime::prelude::*;
use oauth2_runtime::time::{Clock, SystemClock};
use oauth2_runtime::types::Artefact;
use oauth2_tests::portal::{CHALLENGE, WEB_CALLBACK};
use oauth2_tests::running::{Credentials, Database};
use oauth2_tests::storm::{artefact, assert_introspected, race, redemptions, refreshes};
use serde_json::json;

use crate::process::Process;
use crate::site::write_seed;

const GRANTS: usize = 1_000;
/// How many requests redeem the same one.
const REDEEMERS: usize = 8;

/// Values of a kind, and the SQL literals of what is stored of them.
fn artefacts<K: Artefact>() -> (Vec<String>, Vec<String>) {
    let all = (0..GRANTS).map(artefact::<K>);
    let hex = |digest: &Digest<K>| {
        digest.as_bytes().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    all.map(|(value, digest)| (value, format!("x'{}'", hex(&digest)))).unzip()
}

/// Alice has allowed the client a thousand times to fetch a token. Walking to the codes through pages would take minutes.
async fn store_codes(database: &Database, now: i64) -> Vec<String> {
    let (values, digests) = artefacts::<AuthorizationCode>();
    let rows = digests.iter().enumerate().map(|(number, digest)| {
        let expires = now + 600;
        format!(
            "({digest}, 'g-code-{number}', 'web', 'u-alice', 'photos:read', '{WEB_CALLBACK}', '{CHALLENGE}', {expires})"
        )
    });
    let rows = rows.collect::<Vec<_>>().join(",");
    let columns = "code, grant_id, client_id, subject, scope, redirect_uri, code_challenge, expires_at";
    database.execute(&format!("INSERT INTO oauth2_code ({columns}) VALUES {rows}")).await;
    values
}

async fn store_refresh_tokens(database: &Database, now: i64) -> Vec<String> {
    let (values, digests) = artefacts::<RefreshToken>();
    let (_, unseen) = artefacts::<AccessToken>();
    let rows = digests.iter().zip(unseen).enumerate().map(|(number, (digest, unseen))| {
        let expires = now + 600;
        format!("({unseen}, {digest}, 'g-{number}', 'web', 'u-alice', 'photos:read', {now}, {expires})")
    });
    let rows = rows.collect::<Vec<_>>().join(",");
    let columns = "access_token, refresh_token, grant_id, client_id, subject, scope, issued_at, expires_at";
    database.execute(&format!("INSERT INTO oauth2_token ({columns}) VALUES {rows}")).await;
    values
}

/// S18, S31, F01, F02, F15.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_a_thousand_codes_and_refresh_tokens_are_good_once_for_two_providers() {
    let (database, secret) = (Database::default(), ClientSecret::generate().unwrap());
    write_seed(
        &database,
        &json!({
            "users": [{ "sub": "u-alice", "username": "alice", "password": "wonderland" }],
            "clients": [{ "client_id": "web", "client_secret": secret.expose(), "redirect_uris": [WEB_CALLBACK],
                          "scope": "photos:read" }],
        }),
    );
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
    let mut processes = [(); 2].map(|()| Process::start(database.folder(), &flags, &[("RUST_LOG", "info")]));
    let addresses = processes.each_mut().map(Process::address);
    let web = Credentials { id: "web".to_owned(), secret: secret.expose().to_owned() };
    let now = SystemClock.now().unix_seconds();
    let codes = store_codes(&database, now).await;
    let won = race(addresses, &web, &redemptions(&codes), REDEEMERS, "the code is not valid").await;
    assert_eq!(won.len(), GRANTS);
    assert_introspected(addresses, &web, &won).await;
    let tokens = store_refresh_tokens(&database, now).await;
    let won = race(addresses, &web, &refreshes(&tokens), REDEEMERS, "the refresh token is not valid").await;
    assert_eq!(won.len(), GRANTS);
    assert_introspected(addresses, &web, &won).await;
    for (sql, count) in [
        ("SELECT COUNT(*) FROM oauth2_code WHERE consumed_at IS NOT NULL", 1_000),
        ("SELECT COUNT(*) FROM oauth2_token WHERE grant_id LIKE 'g-code-%' AND revoked_at IS NULL", 1_000),
        (
            "SELECT COUNT(*) FROM oauth2_token WHERE grant_id NOT LIKE 'g-code-%' AND revoked_at IS NULL",
            1_000,
        ),
        ("SELECT COUNT(*) FROM oauth2_token", 3_000),
        ("SELECT COUNT(DISTINCT grant_id) FROM oauth2_token WHERE revoked_at IS NULL", 2_000),
    ] {
        assert_eq!(database.number(sql).await, count, "{sql}");
    }
}
