//! Rows of clients that contradict the declaration: named, and the server starts.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::start_up::CLIENTS_NAMED;
use oauth2_tests::running::Database;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Type};

#[derive(Debug, Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(authorization_code, refresh_token)]
struct SignIn;

#[grant(refresh_token)]
struct Renewal;

#[grant(client_credentials)]
struct Machine;

async fn nobody<S: Sync>(_: &S, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(SignIn, Renewal, Machine),
    allow(no_revocation_endpoint, reason = "no token is issued here"),
    client_auth(none, client_secret_basic),
    sign_in = password(nobody),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// For clients with a secret only.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic)
)]
struct Strict {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// For public clients only.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(SignIn, Renewal),
    allow(no_revocation_endpoint, reason = "no token is issued here"),
    client_auth(none),
    sign_in = password(nobody),
)]
struct Open {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

const CALLBACK: &str = "https://client.example/cb";

/// A public client that signs people in.
fn app(client_id: &str) -> Client<Access> {
    Client { redirect_uris: [CALLBACK].into_iter().collect(), ..Client::new(client_id, ScopeSet::all()) }
}

/// A client with a secret.
fn machine(client_id: &str) -> Client<Access> {
    let secret = ClientSecret::generate().unwrap();
    Client { client_secret: Some(secret.hash()), ..Client::new(client_id, ScopeSet::all()) }
}

/// A server over a new database that holds these clients.
async fn with(clients: impl IntoIterator<Item = Client<Access>>) -> (Database, Ready<Auth>) {
    let database = Database::default();
    let auth = Auth { db: database.store().await }.ready().await.unwrap();
    for client in clients {
        auth.clients().register(client).await.unwrap();
    }
    (database, auth)
}

/// What is found after the row of `client` was changed by `set`, which the framework would not have done.
async fn after(client: Client<Access>, set: &str) -> String {
    let (database, auth) = with([client]).await;
    assert_eq!(auth.check().await.to_string(), "");
    assert_eq!(database.execute(&format!("UPDATE oauth2_client SET {set}")).await, 1);
    let found = auth.check().await;
    assert!(found.allow_start());
    Auth { db: database.store().await }.ready().await.unwrap();
    found.to_string()
}

#[tokio::test]
async fn clients_that_fit_are_not_mentioned() {
    let introspects = Client { introspect: true, scope: ScopeSet::EMPTY, ..machine("resource") };
    let listed = Client {
        grant_types: Some(
            ["authorization_code", "refresh_token", "client_credentials"].into_iter().collect(),
        ),
        response_types: Some(["code"].into_iter().collect()),
        token_endpoint_auth_method: Some("client_secret_basic".into()),
        access_token_ttl: Some(Lifetime::MAX),
        redirect_uris: [CALLBACK, "http://127.0.0.1/cb", "com.example.app:/cb"].into_iter().collect(),
        ..machine("listed")
    };
    let public = Client { token_endpoint_auth_method: Some("none".into()), ..app("public") };
    let retired = Client {
        grant_types: Some(GrantTypes::default()),
        scope: ScopeSet::EMPTY,
        ..Client::new("retired", ScopeSet::EMPTY)
    };
    let (database, auth) = with([app("app"), machine("machine"), introspects, listed, public, retired]).await;
    assert!(auth.check().await.is_empty());
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_client").await, 6);
}

/// M041.
#[tokio::test]
async fn a_scope_that_is_not_declared() {
    assert_eq!(
        after(app("app"), "scope = 'read gone'").await,
        "warning: the client `app` has the scope `gone`, which is not declared and grants nothing: remove it from its \
         `scope`\n"
    );
}

#[tokio::test]
async fn no_scope_at_all() {
    assert_eq!(
        after(app("app"), "scope = ''").await,
        "warning: the client `app` has no scope, so that it is issued no token: give it one, or leave its `grant_types` \
         empty\n"
    );
}

/// M040.
#[tokio::test]
async fn a_grant_type_that_no_grant_answers() {
    assert_eq!(
        after(machine("till"), "grant_types = 'client_credentials password'").await,
        "warning: the client `till` has the grant type `password`, which no grant of the server answers: remove it from \
         its `grant_types`, or add the grant\n"
    );
}

/// M040, of the authorization endpoint.
#[tokio::test]
async fn a_response_type_that_no_grant_answers() {
    assert_eq!(
        after(app("app"), "response_types = 'code id_token'").await,
        "warning: the client `app` has the response type `id_token`, which no grant of the server answers: remove it \
         from its `response_types`, or add the grant\n"
    );
}

/// M036.
#[tokio::test]
async fn a_method_that_nobody_accepts() {
    assert_eq!(
        after(machine("robot"), "token_endpoint_auth_method = 'private_key_jwt'").await,
        "warning: the client `robot` uses `private_key_jwt`, which no endpoint accepts: change its \
         `token_endpoint_auth_method`, or add the method to `client_auth(..)`\n"
    );
}

/// M036.
#[tokio::test]
async fn a_method_with_a_secret_for_a_client_without() {
    assert_eq!(
        after(machine("robot"), "token_endpoint_auth_method = 'client_secret_basic', client_secret = NULL")
            .await,
        "warning: the client `robot` uses `client_secret_basic` and has no secret, so that it is always refused: give it \
         one with `rotate_secret`, or change its `token_endpoint_auth_method`\n"
    );
}

/// M037.
#[tokio::test]
async fn a_public_client_with_a_secret() {
    assert_eq!(
        after(machine("robot"), "token_endpoint_auth_method = 'none'").await,
        "warning: the client `robot` uses `none` and has a secret, so that it is always refused: remove the secret, or \
         change its `token_endpoint_auth_method`\n"
    );
}

/// M036, M037: a row that names no method.
#[tokio::test]
async fn a_client_for_which_there_is_no_method() {
    let (database, _auth) = with([app("app"), machine("robot")]).await;
    let strict = Strict { db: database.store().await }.check().await.to_string();
    assert_eq!(
        strict,
        "warning: the client `app` has no secret, which every endpoint asks for: give it one with `rotate_secret`, or add \
         `none` to `client_auth(..)`\n"
    );
    let open = Open { db: database.store().await }.check().await.to_string();
    assert_eq!(
        open,
        "warning: the client `robot` has a secret, which no endpoint asks for: remove it, or add `client_secret_basic` to \
         `client_auth(..)`\n"
    );
}

/// M051.
#[tokio::test]
async fn codes_without_a_redirect_uri() {
    assert_eq!(
        after(app("app"), "grant_types = 'authorization_code', redirect_uris = ''").await,
        "warning: the client `app` may use `authorization_code` and has no redirect URI, so that it is always refused: \
         add one to its `redirect_uris`, or remove the grant type\n"
    );
}

/// M053 a fragment, M054 `http`, M055 a scheme, M056 a wildcard, M058 an `iss` parameter.
#[tokio::test]
async fn redirect_uris_that_registration_refuses() {
    for (uri, reason) in [
        ("https://client.example/cb#x", "a redirect URI has no fragment"),
        ("http://client.example/cb", "`http` is for loopback hosts only; use `https`"),
        (
            "javascript:alert(1)",
            "a scheme of an application's own is its reversed domain name, such as `com.example.app`",
        ),
        (
            "https://*.client.example/cb",
            "a redirect URI is printable ASCII without `*` and `\\`: there are no wildcards",
        ),
        (
            "https://client.example/cb?iss=https://id.example",
            "a redirect URI has no `iss` parameter: the server adds its own (RFC 9207 section 2)",
        ),
    ] {
        let found = after(app("app"), &format!("redirect_uris = '{CALLBACK} {uri}'")).await;
        let expected = format!(
            "warning: the client `app` cannot have the redirect URI `{uri}`: {reason}; correct its row\n"
        );
        assert_eq!(found, expected);
        let (_database, auth) = with([]).await;
        let client = Client { redirect_uris: [uri].into_iter().collect(), ..app("app") };
        let refused = auth.clients().register(client).await;
        assert_eq!(
            refused.unwrap_err().to_string(),
            format!("the client `app` cannot have the redirect URI `{uri}`: {reason}")
        );
    }
}

/// One row that cannot be read does not hide the others, and what it holds is not repeated.
#[tokio::test]
async fn rows_that_cannot_be_read() {
    let long = "the client `app` cannot be read, and every request of it is answered with 503: `access_token_ttl` has a \
                value that is none (a lifetime is from one second to a year); correct its row";
    for ttl in ["0", "-1", "31536001", "9223372036854775807"] {
        assert_eq!(
            after(app("app"), &format!("access_token_ttl = {ttl}")).await,
            format!("warning: {long}\n")
        );
    }
    let (database, auth) = with([machine("a"), machine("b"), machine("c")]).await;
    database.execute("UPDATE oauth2_client SET client_secret = 'in clear' WHERE client_id = 'b'").await;
    database.execute("UPDATE oauth2_client SET scope = 'gone' WHERE client_id = 'c'").await;
    assert_eq!(
        auth.check().await.to_string(),
        "warning: the client `b` cannot be read, and every request of it is answered with 503: `client_secret` has a value \
         that is none (a stored client secret is neither in the form `sha256:<base64url>` nor an argon2 hash); correct \
         its row\nwarning: the client `c` has the scope `gone`, which is not declared and grants nothing: remove it from \
         its `scope`\n"
    );
}

/// A type of the application, whose errors repeat what they are about.
#[derive(Debug)]
struct Pin(u32);

impl Type<sqlx::Sqlite> for Pin {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<sqlx::Sqlite>>::type_info()
    }
}

impl Encode<'_, sqlx::Sqlite> for Pin {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<sqlx::Sqlite>::encode(self.0.to_string(), buffer)
    }
}

impl Decode<'_, sqlx::Sqlite> for Pin {
    fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
        let text = <String as Decode<sqlx::Sqlite>>::decode(value)?;
        text.parse().map(Self).map_err(|_| format!("`{text}` is no pin").into())
    }
}

#[derive(Debug, OAuth2Client)]
struct Terminal {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
    #[oauth2(default = Pin(0))]
    pin: Pin,
}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = Terminal),
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic)
)]
struct Terminals {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// What is in a column of the application's own is nobody's business here.
#[tokio::test]
async fn the_value_of_an_own_column_is_not_repeated() {
    let database = Database::default();
    let auth = Terminals { db: database.store().await }.ready().await.unwrap();
    let (client_id, secret) = (ClientId::from("till"), ClientSecret::generate().unwrap());
    let till =
        Terminal { client_id, client_secret: Some(secret.hash()), scope: ScopeSet::all(), pin: Pin(1234) };
    assert_eq!(auth.clients().register(till).await.unwrap().pin.0, 1234);
    assert_eq!(auth.check().await.to_string(), "");
    database.execute("UPDATE terminal SET pin = 'tuesday'").await;
    assert_eq!(
        auth.check().await.to_string(),
        "warning: the client `till` cannot be read, and every request of it is answered with 503: `pin` has a value that is \
         none; correct its row\n"
    );
}

/// What a row holds goes to a terminal and a log as one line.
#[tokio::test]
async fn what_a_row_holds_stays_in_its_line() {
    let found = after(app("app"), "client_id = 'a' || char(10) || char(27) || 'b'").await;
    assert_eq!(
        found,
        "warning: the client `a\\n\\u{1b}b` has an identifier that is none: it is one or more printable ASCII characters \
         (RFC 6749 appendix A.1); correct its row\n"
    );
}

/// As many clients as `count`, all with a scope that is not declared.
async fn many(count: u32) -> (Database, Ready<Auth>) {
    let (database, auth) = with([app("c")]).await;
    let columns = database.texts("SELECT name FROM pragma_table_info('oauth2_client')").await.join(", ");
    let values = columns.replace("client_id", "printf('c%05d', n)").replace("scope", "'gone'");
    database
        .execute(&format!(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count}) \
             INSERT INTO oauth2_client ({columns}) SELECT {values} FROM n, oauth2_client; \
             DELETE FROM oauth2_client WHERE client_id = 'c'"
        ))
        .await;
    (database, auth)
}

fn gone(client_id: &str) -> String {
    format!(
        "the client `{client_id}` has the scope `gone`, which is not declared and grants nothing: remove it from its \
         `scope`"
    )
}

#[tokio::test]
async fn the_first_of_a_kind_are_named_and_the_others_counted() {
    for (count, others) in [(10, None), (11, Some(1)), (1_500, Some(1_490))] {
        let (_database, auth) = many(count).await;
        let mut lines: Vec<_> = (1..=10).map(|n| gone(&format!("c{n:05}"))).collect();
        lines.extend(others.map(|others| {
            format!("{others} more findings about clients are of the same kind: scopes that are not declared")
        }));
        let found: Vec<_> = auth.check().await.iter().map(ToString::to_string).collect();
        assert_eq!(found, lines, "{count}");
    }
    assert_eq!(CLIENTS_NAMED, 10);
}
