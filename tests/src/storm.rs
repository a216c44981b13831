//! Many requests at once: artefacts that are made without walking through pages, and what becomes of them.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use oauth2_runtime::model::{NewCode, NewToken, OAuth2Code, OAuth2Token};
use oauth2_runtime::models::Token;
use oauth2_runtime::prelude::*;
use oauth2_runtime::store::{Agreed, Authorization, Issuance, Store};
use oauth2_runtime::types::Artefact;
use sha2::{Digest as _, Sha256};

use crate::http::{Request, Response};
use crate::portal::{CHALLENGE, Portal, PortalCode, WEB_CALLBACK, redemption};
use crate::running::{Credentials, Database, Tokens};

/// How many requests redeem the same artefact.
pub const REDEEMERS: usize = 8;
/// How many artefacts are redeemed at a time.
const AT_A_TIME: usize = 12;

/// A value of the kind `K` as the server makes them, and what is stored of it. Different for each number.
#[must_use]
pub fn artefact<K: Artefact>(number: usize) -> (String, Digest<K>) {
    let random = Sha256::digest(format!("{} {number}", K::DOMAIN));
    let value = format!("{}{}", K::PREFIX, URL_SAFE_NO_PAD.encode(random));
    let check = URL_SAFE_NO_PAD.encode(&Sha256::digest(&value)[..3]);
    let value = value + &check;
    let digest = Digest::of(&value).expect("a value of this kind");
    (value, digest)
}

/// Stores codes for as many people; the authorization of each is `g-code-` and its number.
pub async fn codes(store: &SqlStore<Sqlite>, numbers: std::ops::Range<usize>, now: Timestamp) -> Vec<String> {
    let mut values = Vec::new();
    for number in numbers {
        let (value, code) = artefact(number);
        let row = PortalCode::issued(NewCode {
            code,
            grant_id: format!("g-code-{number}").into(),
            client_id: "web".into(),
            subject: format!("u-{number}").into(),
            scope: ScopeSet::all(),
            redirect_uri: Some(WEB_CALLBACK.to_owned()),
            code_challenge: CodeChallenge::parse(CHALLENGE).ok(),
            expires_at: Timestamp::from_unix_seconds(now.unix_seconds() + 600),
        });
        let authorization = Authorization { code: &row, agreed: Agreed::Elsewhere };
        assert!(Store::<Portal>::authorize(store, authorization).await.unwrap());
        values.push(value);
    }
    values
}

/// Stores refresh tokens of as many people, in one transaction; the authorization of each is `g-` and its number.
pub async fn refresh_tokens(
    store: &SqlStore<Sqlite>,
    numbers: std::ops::Range<usize>,
    now: Timestamp,
) -> Vec<String> {
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for number in numbers {
        let (value, refresh_token) = artefact(number);
        rows.push(Token::issued(NewToken {
            access_token: artefact(number).1,
            refresh_token: Some(refresh_token),
            grant_id: format!("g-{number}").into(),
            client_id: "web".into(),
            subject: Some(format!("u-{number}").into()),
            scope: ScopeSet::all(),
            issued_at: now,
            expires_at: Timestamp::from_unix_seconds(now.unix_seconds() + 600),
        }));
        values.push(value);
    }
    assert!(Store::<Portal>::issue(store, Issuance::of(&rows)).await.unwrap());
    values
}

/// The bodies that redeem codes.
#[must_use]
pub fn redemptions(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| redemption(code)).collect()
}

/// The bodies that redeem refresh tokens.
#[must_use]
pub fn refreshes(tokens: &[String]) -> Vec<String> {
    tokens.iter().map(|token| format!("grant_type=refresh_token&refresh_token={token}")).collect()
}

/// A token request.
#[must_use]
pub fn token_request(client: &Credentials, body: &str) -> Request {
    Request::form("/oauth/token", body).basic(&client.id, &client.secret)
}

/// Sends each body eight times at once to two servers. Exactly one succeeds, whose tokens come back, and each of the others is
/// refused with this description.
pub async fn race(
    servers: [SocketAddr; 2],
    client: &Credentials,
    bodies: &[String],
    refusal: &str,
) -> Vec<Tokens> {
    let one = async |body: &String| {
        let uses = (0..REDEEMERS).map(|number| token_request(client, body).send(servers[number % 2]));
        let (won, lost): (Vec<Response>, Vec<_>) =
            join_all(uses).await.into_iter().partition(|answer| answer.status == 200);
        for answer in &lost {
            answer.assert_error(400, "invalid_grant", refusal);
        }
        assert_eq!((won.len(), lost.len()), (1, REDEEMERS - 1), "{won:?}");
        Tokens::of(&won[0])
    };
    stream::iter(bodies).map(one).buffer_unordered(AT_A_TIME).collect().await
}

/// A server in a process of its own, which ends with it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Process {
    /// Starts the program `portal` over the database at `url`.
    #[must_use]
    pub fn start(program: &str, url: &str) -> Self {
        let mut command = Command::new(program);
        command.arg(url).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().expect("an address") }
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asserts that no code and no refresh token in the database is half used: each that was has what it was exchanged for, once.
pub async fn assert_nothing_half(database: &Database) {
    let codes = "SELECT COUNT(*) FROM portal_code AS c WHERE (consumed_at IS NOT NULL) <> \
                 (SELECT COUNT(*) FROM oauth2_token AS t WHERE t.grant_id = c.grant_id)";
    assert_eq!(database.number(codes).await, 0, "codes that are half used");
    let tokens = "SELECT COUNT(*) FROM (SELECT COUNT(*) AS tokens, COUNT(revoked_at) AS used FROM oauth2_token \
                  WHERE grant_id NOT LIKE 'g-code-%' GROUP BY grant_id) WHERE tokens <> used + 1 OR used > 1";
    assert_eq!(database.number(tokens).await, 0, "refresh tokens that are half used");
}
