//! The store.

use oauth2_runtime::model::{Extent, Models};
use oauth2_runtime::models::{Client, Code, Token};
use oauth2_runtime::prelude::*;
use oauth2_runtime::store::{Agreed, Authorization, CodeRedemption, Issuance, Redemption, Schema, Store};
use oauth2_runtime::testing::conformance;
use tempfile::TempDir;
use third_party::document;
use third_party::redb_store::RedbStore;

use super::Site;
use crate::Access;

/// The shipped models, as of the server.
struct Shipped;

impl Models for Shipped {
    type Scopes = Access;
    type Client = Client<Access>;
    type Token = Token<Access>;
    type Code = Code<Access>;
    const EXTENT: Extent = Extent::SignIn;
}

/// A token model with a column of one's own and another table of roles.
#[derive(Debug, OAuth2Token)]
struct OwnToken {
    access_token: Digest<AccessToken>,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    #[oauth2(default = "Oslo".to_owned())]
    region: String,
}

document!(OwnToken { access_token, client_id, subject, scope, issued_at, expires_at, revoked_at, region });

struct Own;

impl Models for Own {
    type Scopes = Access;
    type Client = Client<Access>;
    type Token = OwnToken;
    type Code = Code<Access>;
    const EXTENT: Extent = Extent::Tokens;
}

fn client(client_id: &str) -> Client<Access> {
    let secret = ClientSecret::generate().unwrap().hash();
    Client {
        client_secret: client_id.ends_with(['0', '2', '4', '6', '8']).then_some(secret),
        ..Client::new(client_id, ScopeSet::all())
    }
}

fn open(folder: &TempDir) -> RedbStore {
    RedbStore::open(folder.path().join("test.redb")).unwrap()
}

/// Two stores over one file, as of two processes.
#[tokio::test]
async fn two_stores_over_one_file_keep_all_promises() {
    let folder = TempDir::new().unwrap();
    let handles = [open(&folder), open(&folder)];
    let report = conformance::<Shipped, _>(handles.each_ref(), client).await;
    assert_eq!((report.broken(), report.kept().len()), (&[][..], 54));
}

#[tokio::test]
async fn one_store_keeps_all_promises() {
    let folder = TempDir::new().unwrap();
    let only = open(&folder);
    let report = conformance::<Shipped, _>([&only, &only.clone()], client).await;
    assert_eq!((report.broken(), report.kept().len()), (&[][..], 54));
}

#[tokio::test]
async fn models_of_ones_own_are_kept_too() {
    let folder = TempDir::new().unwrap();
    let handles = [open(&folder), open(&folder)];
    let report = conformance::<Own, _>(handles.each_ref(), client).await;
    assert_eq!((report.broken(), report.kept().len()), (&[][..], 16));
    let [store, other] = handles;
    store_token(&store, 1).await;
    let found = Store::<Own>::access_token(&other, &digest(1)).await.unwrap().unwrap();
    assert_eq!(found.region, "Oslo");
}

fn digest<K>(number: u32) -> Digest<K> {
    let mut bytes = [9; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Digest::from_bytes(&bytes).unwrap()
}

async fn store_token(store: &RedbStore, number: u32) {
    Store::<Own>::insert_client(store, &client("c-1")).await.unwrap();
    let row = OwnToken {
        access_token: digest(number),
        client_id: "c-1".into(),
        subject: None,
        scope: ScopeSet::all(),
        issued_at: Timestamp::from_unix_seconds(0),
        expires_at: Timestamp::from_unix_seconds(60),
        revoked_at: None,
        region: "Oslo".to_owned(),
    };
    assert!(Store::<Own>::issue(store, Issuance::of(&[row])).await.unwrap());
}

fn token(number: u32) -> Token<Access> {
    Token {
        access_token: digest(number),
        refresh_token: None,
        grant_id: "g".into(),
        client_id: "c-1".into(),
        subject: Some("u".into()),
        scope: ScopeSet::all(),
        issued_at: Timestamp::from_unix_seconds(0),
        expires_at: Timestamp::from_unix_seconds(60),
        revoked_at: None,
    }
}

/// 200 codes, each of which 8 redeemers want over two stores at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn each_of_many_codes_has_one_winner() {
    const CODES: u32 = 200;
    const REDEEMERS: u32 = 8;
    let folder = TempDir::new().unwrap();
    let handles = [open(&folder), open(&folder)];
    let store = &handles[0];
    Store::<Shipped>::prepare(store, Schema::Managed).await.unwrap();
    Store::<Shipped>::insert_client(store, &client("c-1")).await.unwrap();
    for number in 0..CODES {
        let code = Code {
            code: digest(number),
            grant_id: "g".into(),
            client_id: "c-1".into(),
            subject: "u".into(),
            scope: ScopeSet::all(),
            redirect_uri: None,
            code_challenge: None,
            expires_at: Timestamp::from_unix_seconds(60),
            consumed_at: None,
        };
        let authorization = Authorization { code: &code, agreed: Agreed::Elsewhere };
        assert!(Store::<Shipped>::authorize(store, authorization).await.unwrap());
    }
    let mut redeemers = Vec::new();
    for number in 0..CODES * REDEEMERS {
        let store = handles[usize::try_from(number % 2).unwrap()].clone();
        redeemers.push(tokio::spawn(async move {
            let (client_id, tokens) = ("c-1".into(), [token(number)]);
            let at = Timestamp::from_unix_seconds(1);
            let code = digest(number / REDEEMERS);
            let redemption = CodeRedemption { code, client_id: &client_id, at, tokens: &tokens };
            (number, Store::<Shipped>::redeem_code(&store, redemption).await.unwrap())
        }));
    }
    let mut winners = vec![Vec::new(); usize::try_from(CODES).unwrap()];
    for redeemer in redeemers {
        let (number, redemption) = redeemer.await.unwrap();
        match redemption {
            Redemption::Consumed => winners[usize::try_from(number / REDEEMERS).unwrap()].push(number),
            Redemption::AlreadyConsumed { .. } => {}
            Redemption::Absent => panic!("no code for {number}"),
        }
    }
    assert!(winners.iter().all(|winners| winners.len() == 1), "{winners:?}");
    // The winners' tokens are there, and nobody else's.
    for number in 0..CODES * REDEEMERS {
        let stored = Store::<Shipped>::access_token(store, &digest(number)).await.unwrap().is_some();
        let won = winners[usize::try_from(number / REDEEMERS).unwrap()].contains(&number);
        assert_eq!(stored, won, "{number}");
    }
}

/// What was answered is in the file: the copy of it, made while the store is still open, is what a crash leaves.
#[tokio::test]
async fn what_was_answered_survives_the_process() {
    let site = Site::start().await;
    let token = super::text(&site.signed("robot", "grant_type=client_credentials").await, "access_token");
    let copy = site.folder.path().join("copy.redb");
    std::fs::copy(site.file(), &copy).unwrap();
    let store = RedbStore::open(&copy).unwrap();
    let row = Store::<Shipped>::access_token(&store, &Digest::of(&token).unwrap()).await.unwrap().unwrap();
    assert_eq!(row.client_id.as_str(), "robot");
    let stored = std::fs::read(site.file()).unwrap();
    let clear = stored.windows(token.len()).any(|window| window == token.as_bytes());
    assert!(!clear, "the token is in the file in clear");
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_one_line() {
    let folder = TempDir::new().unwrap();
    let error = RedbStore::open(folder.path()).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("cannot open the database `{}`: check", folder.path().display())),
        "{error}"
    );
    assert!(!error.contains('\n'), "{error}");
    let prepared = Store::<Shipped>::prepare(&open(&folder), Schema::External).await.unwrap_err();
    assert!(prepared.to_string().starts_with("the database failed"), "{prepared}");
}
