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

/// How many requests are under way at a time, more or less.
const AT_A_TIME: usize = 96;

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

/// The one use of an artefact that succeeded.
#[derive(Debug)]
pub struct Won {
    /// What the client got for it.
    pub tokens: Tokens,
    /// Which server it got that from.
    pub by: usize,
}

/// Sends each body so many times at once to two servers. Exactly one succeeds, which comes back, and each of the others is
/// refused with this description.
pub async fn race(
    servers: [SocketAddr; 2],
    client: &Credentials,
    bodies: &[String],
    redeemers: usize,
    refusal: &str,
) -> Vec<Won> {
    let one = async |body: &String| {
        let uses = (0..redeemers).map(async |number| {
            let by = number % 2;
            (by, token_request(client, body).send(servers[by]).await)
        });
        let (won, lost): (Vec<(usize, Response)>, Vec<_>) =
            join_all(uses).await.into_iter().partition(|(_, answer)| answer.status == 200);
        for (_, answer) in &lost {
            answer.assert_error(400, "invalid_grant", refusal);
        }
        assert_eq!((won.len(), lost.len()), (1, redeemers - 1), "{won:?}");
        Won { tokens: Tokens::of(&won[0].1), by: won[0].0 }
    };
    stream::iter(bodies).map(one).buffer_unordered((AT_A_TIME / redeemers).max(1)).collect().await
}

/// Asserts that the tokens are stored and neither used nor revoked.
pub async fn assert_live(store: &SqlStore<Sqlite>, tokens: &Tokens) {
    let access = Store::<Portal>::access_token(store, &Digest::of(&tokens.access).unwrap()).await.unwrap();
    assert!(access.unwrap().revoked_at.is_none());
    let refresh = Store::<Portal>::refresh_token(store, &Digest::of(&tokens.refresh).unwrap()).await.unwrap();
    assert!(refresh.unwrap().revoked_at.is_none());
}

/// Asserts that the server that did not issue the tokens says that they are live.
pub async fn assert_introspected(servers: [SocketAddr; 2], client: &Credentials, won: &[Won]) {
    let one = async |won: &Won| {
        for token in [&won.tokens.access, &won.tokens.refresh] {
            let request = Request::form("/oauth/introspect", format!("token={token}"));
            let answer = request.basic(&client.id, &client.secret).send(servers[1 - won.by]).await;
            assert_eq!((answer.status, &answer.json()["active"]), (200, &true.into()), "{answer:?}");
        }
    };
    let () = stream::iter(won).map(one).buffer_unordered(8).collect().await;
}

/// A server in a process of its own, which ends with it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Process {
    /// Starts the program `portal` over the database at `url`. For it, it stays `now`.
    #[must_use]
    pub fn start(program: &str, url: &str, now: Timestamp) -> Self {
        let mut command = Command::new(program);
        command.args([url, &now.unix_seconds().to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
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
