//! Steps of the application's own inside the built-in grants.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::{AuthorizationResponse, TokenResponse};
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{CHALLENGE, VERIFIER, encoded, parameters, value};
use oauth2_tests::running::{Database, listen};
use sha2::{Digest as _, Sha256};

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

/// A code with a column of an extension.
#[derive(OAuth2Code)]
struct BoundCode {
    code: Digest<AuthorizationCode>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Subject,
    scope: ScopeSet<Access>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
    device: String,
}

/// A token with the same.
#[derive(OAuth2Token)]
struct BoundToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    device: String,
    steps: String,
}

/// A code can be redeemed on the device that asked for it only.
struct DeviceBinding;

fn device(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(name))
}

impl Extension<Auth> for DeviceBinding {
    type Reach = AuthorizationRequests;

    async fn token_request(cx: &TokenContext<'_, Auth>) -> Result<(), OAuthError> {
        let presented = device(cx.form().require("device")?);
        match cx.code() {
            Some(code) if code.device == presented => Ok(()),
            _ => Err(OAuthError::invalid_grant("another device asked for this code")),
        }
    }

    async fn before_issue(cx: &TokenContext<'_, Auth>, token: &mut BoundToken) -> Result<(), OAuthError> {
        token.device = cx.code().map(|code| code.device.clone()).unwrap_or_default();
        Ok(())
    }

    async fn token_response(
        _: &TokenContext<'_, Auth>,
        response: &mut TokenResponse,
    ) -> Result<(), OAuthError> {
        response.insert("device_bound", true)
    }
}

impl AuthorizationExtension<Auth> for DeviceBinding {
    async fn authorization_request(cx: &AuthorizationContext<'_, Auth>) -> Result<(), OAuthError> {
        cx.form().require("device").map(drop)
    }

    async fn consent(_: &AuthorizationContext<'_, Auth>, subject: &Subject) -> Result<(), OAuthError> {
        if subject.as_str() == "u-mallory" {
            return Err(OAuthError::access_denied("no devices for this person"));
        }
        Ok(())
    }

    async fn before_code(
        cx: &AuthorizationContext<'_, Auth>,
        code: &mut BoundCode,
    ) -> Result<(), OAuthError> {
        code.device = device(cx.form().require("device")?);
        Ok(())
    }

    async fn authorization_response(
        _: &AuthorizationContext<'_, Auth>,
        response: &mut AuthorizationResponse,
    ) -> Result<(), OAuthError> {
        response.insert("device_bound", "yes")
    }
}

/// Writes down that it was asked.
struct Step<const NAME: char>;

impl<const NAME: char> Extension<Auth> for Step<NAME> {
    type Reach = TokenRequests;

    async fn before_issue(_: &TokenContext<'_, Auth>, token: &mut BoundToken) -> Result<(), OAuthError> {
        token.steps.push(NAME);
        Ok(())
    }
}

/// Does what no extension may.
struct Greedy;

impl Extension<Auth> for Greedy {
    type Reach = TokenRequests;

    async fn before_issue(cx: &TokenContext<'_, Auth>, token: &mut BoundToken) -> Result<(), OAuthError> {
        match cx.form().get("greed")? {
            Some("time") => token.expires_at = cx.now().after(std::time::Duration::from_hours(1000)),
            Some("subject") => token.subject = Some("u-alice".into()),
            _ => {}
        }
        Ok(())
    }

    async fn token_response(
        cx: &TokenContext<'_, Auth>,
        response: &mut TokenResponse,
    ) -> Result<(), OAuthError> {
        match cx.form().get("greed")? {
            Some("answer") => response.insert("access_token", "mine"),
            Some("refuse") => Err(OAuthError::invalid_grant("not today")),
            _ => Ok(()),
        }
    }
}

#[grant(authorization_code, refresh_token, extensions(DeviceBinding, Step<'b'>, Step<'c'>))]
struct WebSignIn;

#[grant(refresh_token)]
struct StaySignedIn;

#[grant(client_credentials, extensions(Greedy))]
struct Machines;

#[oauth2_server(
    issuer = "http://127.0.0.1",
    models(token = BoundToken, code = BoundCode),
    scopes = Access,
    grants(WebSignIn, StaySignedIn, Machines),
    extensions(Step<'a'>),
    client_auth(none, client_secret_basic),
    allow(no_revocation_endpoint, reason = "no token is revoked here"),
    sign_in = password(check_password),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check_password(_: &Auth, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(Some(format!("u-{}", credentials.username()).into()))
}

const CALLBACK: &str = "https://app.example/cb";

struct Site {
    address: std::net::SocketAddr,
    database: Database,
    secret: String,
}

impl Site {
    async fn start() -> Self {
        let database = Database::default();
        let auth = Auth { db: database.store().await }.ready().await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        let app = Client { redirect_uris: CALLBACK.into(), ..Client::new("app", ScopeSet::all()) };
        let machine =
            Client { client_secret: Some(secret.hash()), ..Client::new("machine", ScopeSet::all()) };
        auth.clients().ensure(app).await.unwrap();
        auth.clients().ensure(machine).await.unwrap();
        let secret = secret.expose().to_owned();
        Self { address: listen(auth.router()).await, database, secret }
    }

    /// What the client receives when `name` allows the request.
    async fn authorize(&self, name: &str, more: &str) -> Vec<(String, String)> {
        let mut browser = Browser::new(self.address);
        let query = format!(
            "response_type=code&client_id=app&redirect_uri={}&code_challenge={CHALLENGE}\
             &code_challenge_method=S256&state=7{more}",
            encoded(CALLBACK)
        );
        let mut answer = browser.get(&format!("/oauth/authorize?{query}")).await;
        if let Some(page) = answer.header("location").filter(|to| to.starts_with("/login")).map(str::to_owned)
        {
            let shown = browser.get(&page).await;
            let signed_in = browser.sign_in(&shown, &page, name, "any").await;
            answer = browser.get(signed_in.header("location").unwrap()).await;
        }
        if let Some(page) =
            answer.header("location").filter(|to| to.starts_with("/consent")).map(str::to_owned)
        {
            let shown = browser.get(&page).await;
            answer = browser.decide(&shown, &page, "allow").await;
        }
        assert_eq!(answer.status, 303, "{answer:?}");
        parameters(answer.header("location").unwrap())
    }

    async fn redeem(&self, code: &str, more: &str) -> Response {
        let body = format!(
            "grant_type=authorization_code&client_id=app&code={code}&redirect_uri={}&code_verifier={VERIFIER}{more}",
            encoded(CALLBACK)
        );
        Request::form("/oauth/token", body).send(self.address).await
    }

    async fn machine(&self, more: &str) -> Response {
        let body = format!("grant_type=client_credentials{more}");
        Request::form("/oauth/token", body).basic("machine", &self.secret).send(self.address).await
    }

    async fn column(&self, sql: &str) -> Vec<String> {
        self.database.texts(sql).await
    }
}

/// Data of an extension travels from the authorization request over the code's row to the token's row.
#[tokio::test]
async fn an_extension_binds_a_code_to_a_device() {
    let site = Site::start().await;
    let answer = site.authorize("alice", "&device=phone").await;
    assert_eq!(value(&answer, "device_bound"), "yes");
    let code = value(&answer, "code");
    site.redeem(&code, "").await.assert_error(400, "invalid_request", "`device` is missing");
    let wrong = site.redeem(&code, "&device=laptop").await;
    wrong.assert_error(400, "invalid_grant", "another device asked for this code");
    // What refused did not use the code up.
    let token = site.redeem(&code, "&device=phone").await;
    assert_eq!((token.status, &token.json()["device_bound"]), (200, &true.into()), "{token:?}");
    assert_eq!(site.column("SELECT device FROM bound_code").await, [device("phone")]);
    assert_eq!(site.column("SELECT device FROM bound_token").await, [device("phone")]);
}

#[tokio::test]
async fn an_extension_refuses_an_authorization_request_and_a_person() {
    let site = Site::start().await;
    let expected = |error: &str, description: &str| {
        [("error", error), ("error_description", description), ("state", "7"), ("iss", "http://127.0.0.1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    };
    assert_eq!(site.authorize("alice", "").await, expected("invalid_request", "`device` is missing"));
    let denied = expected("access_denied", "no devices for this person");
    assert_eq!(site.authorize("mallory", "&device=phone").await, denied);
    assert_eq!(site.column("SELECT client_id FROM bound_code").await, Vec::<String>::new());
}

/// The server's extensions come first, then the grant's, each in the order of the declaration.
#[tokio::test]
async fn steps_run_in_declaration_order() {
    let site = Site::start().await;
    let code = value(&site.authorize("alice", "&device=phone").await, "code");
    assert_eq!(site.redeem(&code, "&device=phone").await.status, 200);
    assert_eq!(site.machine("").await.status, 200);
    let steps = site.column("SELECT steps FROM bound_token ORDER BY length(steps)").await;
    assert_eq!(steps, ["a", "abc"]);
}

/// What the gate has allowed stays as it is, whatever an extension does.
#[tokio::test]
async fn an_extension_cannot_change_what_the_gate_has_allowed() {
    let site = Site::start().await;
    for greed in ["time", "subject", "answer"] {
        let answer = site.machine(&format!("&greed={greed}")).await;
        answer.assert_error(500, "server_error", "the server failed");
    }
    site.machine("&greed=refuse").await.assert_error(400, "invalid_grant", "not today");
    assert_eq!(site.column("SELECT client_id FROM bound_token").await, Vec::<String>::new());
}
