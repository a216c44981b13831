//! What a grant rests on ends while the request is under way: nothing is issued.

use oauth2_runtime::models::{Client, Token};
use oauth2_runtime::prelude::*;
use oauth2_runtime::store::{Issuance, Store};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::running::{Database, listen};

#[derive(Debug, Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

/// While it decides, an administrator deletes the client.
#[grant(extension = "urn:test:slow", refresh_token, scopes(Access::Read))]
struct Slow;

impl ExtensionGrant<Auth> for Slow {
    async fn authorize(self, cx: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        assert!(cx.server().clients().delete(&cx.client().client_id).await?);
        Ok(Authorized::subject("u-1"))
    }
}

#[grant(refresh_token)]
struct Renewal;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Slow, Renewal),
    client_auth(client_secret_basic),
    allow(no_revocation_endpoint, reason = "no token is revoked here"),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn ready(database: &Database) -> (Ready<Auth>, ClientSecret) {
    let auth = Auth { db: database.store().await }.ready().await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let client = Client { client_secret: Some(secret.hash()), ..Client::new("robot", ScopeSet::all()) };
    auth.clients().register(client).await.unwrap();
    (auth, secret)
}

#[tokio::test]
async fn a_client_that_was_deleted_meanwhile_gets_nothing() {
    let database = Database::default();
    let (auth, secret) = ready(&database).await;
    let address = listen(auth.router()).await;
    let request = Request::form("/oauth/token", "grant_type=urn:test:slow").basic("robot", secret.expose());
    let response: Response = request.send(address).await;
    response.assert_error(400, "invalid_grant", "the grant is no longer valid");
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, 0);
}

/// The same for a refresh token that is kept: the command itself looks whether it is still live.
#[tokio::test]
async fn a_kept_refresh_token_that_was_revoked_meanwhile_issues_nothing() {
    let database = Database::default();
    let (auth, _) = ready(&database).await;
    let refresh = Digest::from_bytes(&[7; 32]).unwrap();
    let at = Timestamp::from_unix_seconds(100);
    let row = |access: u8, refresh_token| Token::<Access> {
        access_token: Digest::from_bytes(&[access; 32]).unwrap(),
        refresh_token,
        grant_id: "g-1".into(),
        client_id: "robot".into(),
        subject: Some("u-1".into()),
        scope: ScopeSet::all(),
        issued_at: at,
        expires_at: Timestamp::from_unix_seconds(200),
        revoked_at: None,
    };
    let rows = [row(1, Some(refresh)), row(2, None), row(3, None)];
    let [signed_in, renewed, too_late] = rows.each_ref().map(std::slice::from_ref);
    assert!(issue(&auth, signed_in, None).await);
    assert!(issue(&auth, renewed, Some(refresh)).await);
    let revoked = Store::<Auth>::revoke_grant(&auth.db, &"g-1".into(), at).await;
    assert_eq!(revoked.unwrap(), 2);
    assert!(!issue(&auth, too_late, Some(refresh)).await);
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, 2);
}

async fn issue(auth: &Auth, rows: &[Token<Access>], kept: Option<Digest<RefreshToken>>) -> bool {
    Store::<Auth>::issue(&auth.db, Issuance { kept, ..Issuance::of(rows) }).await.unwrap()
}
