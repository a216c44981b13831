//! A client authentication method that uses no secret, beside `none`; and a grant limited to what was approved.

use oauth2_runtime::client_auth::{ClientAuthMethod, Unauthenticated};
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::http::Request;
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Database, listen};

/// A client proves itself by a header that only a proxy can set.
enum Certificate {}

impl<S: OAuth2Server> ClientAuthMethod<S> for Certificate {
    const NAME: &'static str = "tls_client_auth";

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        let subject = request.parts.headers.get("certificate-subject");
        Ok(subject.and_then(|subject| subject.to_str().ok()).map(str::to_owned))
    }

    async fn verify(_: &Ready<S>, _: &S::Client, _: &Unauthenticated<'_>) -> Result<bool, OAuthError> {
        Ok(true)
    }
}

/// A person has approved reading, whatever the client asks for.
#[grant(extension = "urn:test:approved")]
struct Approved;

impl ExtensionGrant<Auth> for Approved {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject("u-1").limited_to([Access::Read].into_iter().collect()))
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Approved),
    client_auth(none, Certificate),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

struct Site {
    auth: Ready<Auth>,
    _database: Database,
    address: std::net::SocketAddr,
}

async fn site() -> Site {
    let database = Database::default();
    let auth = Auth { db: database.store().await }.ready().await.unwrap();
    let address = listen(auth.router()).await;
    Site { auth, _database: database, address }
}

fn client(method: Option<&str>) -> Client<Access> {
    Client {
        grant_types: Some(["urn:test:approved"].into_iter().collect()),
        token_endpoint_auth_method: method.map(str::to_owned),
        ..Client::new("robot", ScopeSet::all())
    }
}

/// RFC 8705 section 2: the request names the client too. Without its certificate that alone must not pass for a public
/// client, though the client has no secret.
#[tokio::test]
async fn a_client_without_a_secret_need_not_be_public() {
    let site = site().await;
    let body = "grant_type=urn:test:approved&client_id=robot";
    site.auth.clients().ensure(client(None)).await.unwrap();
    let proven = Request::form("/oauth/token", body).header("certificate-subject", "robot");
    assert_eq!(proven.send(site.address).await.status, 200);
    let bare = Request::form("/oauth/token", body).send(site.address).await;
    bare.assert_error(401, "invalid_client", "client authentication failed");
    site.auth.clients().ensure(client(Some("none"))).await.unwrap();
    assert_eq!(Request::form("/oauth/token", body).send(site.address).await.status, 200);
}

#[tokio::test]
async fn a_grant_gives_no_more_than_was_approved() {
    let site = site().await;
    site.auth.clients().ensure(client(Some("none"))).await.unwrap();
    let ask = async |scope: &str| {
        let body = format!("grant_type=urn:test:approved&client_id=robot{scope}");
        Request::form("/oauth/token", body).send(site.address).await
    };
    assert_eq!(ask("").await.json()["scope"], "read");
    assert_eq!(ask("&scope=read+write").await.json()["scope"], "read");
    ask("&scope=write").await.assert_error(
        400,
        "invalid_scope",
        "there is no scope that this client may be granted",
    );
}
