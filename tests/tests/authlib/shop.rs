//! A server that uses every part of the declaration.

use axum::extract::Request as AxumRequest;
use axum::response::Response as AxumResponse;
use oauth2_runtime::client_auth::{ClientAuthMethod, ClientRequest, Unauthenticated};
use oauth2_runtime::endpoint::{ClientEndpoint, Endpoint, Mount, Mounted};
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::{ServerMetadata, TokenResponse};
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{encoded, parameters, value};
use oauth2_tests::running::{Database, listen};

#[derive(Scope)]
pub(crate) enum Goods {
    /// See what there is
    #[scope("goods:read")]
    Read,
    /// Buy it
    #[scope("goods:buy")]
    Buy,
}

/// A client with a column of the shop's own.
#[derive(OAuth2Client)]
#[oauth2(table = "shop_client")]
pub(crate) struct Till {
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: Option<SecretHash>,
    pub(crate) redirect_uris: RedirectUris,
    pub(crate) scope: ScopeSet<Goods>,
    pub(crate) token_endpoint_auth_method: Option<String>,
    pub(crate) branch: String,
}

/// A code that remembers the device that asked for it.
#[derive(OAuth2Code)]
#[oauth2(table = "shop_code")]
pub(crate) struct ShopCode {
    code: Digest<AuthorizationCode>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Subject,
    scope: ScopeSet<Goods>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
    device: String,
}

/// A token with columns of the shop's own.
#[derive(OAuth2Token)]
#[oauth2(table = "shop_token")]
pub(crate) struct ShopToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Goods>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    device: String,
    #[oauth2(default = "shop".to_owned())]
    origin: String,
}

/// A code is good on the device that asked for it.
struct DeviceBound;

impl Extension<Shop> for DeviceBound {
    type Reach = AuthorizationRequests;

    async fn token_request(cx: &TokenContext<'_, Shop>) -> Result<(), OAuthError> {
        let device = cx.form().require("device")?;
        if cx.code().is_some_and(|code| code.device == device) {
            return Ok(());
        }
        Err(OAuthError::invalid_grant("the code was issued to another device"))
    }

    async fn token_response(
        cx: &TokenContext<'_, Shop>,
        answer: &mut TokenResponse,
    ) -> Result<(), OAuthError> {
        answer.insert("device", cx.form().require("device")?)
    }
}

impl AuthorizationExtension<Shop> for DeviceBound {
    async fn before_code(cx: &AuthorizationContext<'_, Shop>, code: &mut ShopCode) -> Result<(), OAuthError> {
        cx.form().require("device")?.clone_into(&mut code.device);
        Ok(())
    }
}

#[grant(authorization_code, refresh_token, extensions(DeviceBound))]
struct WebSignIn;

#[grant(refresh_token)]
struct StaySignedIn;

#[grant(client_credentials)]
struct Tills;

/// A value that says whose it is.
struct Labelled;

impl TokenGenerator<Shop> for Labelled {
    async fn access_token(cx: &GeneratorContext<'_, Shop>) -> Result<Secret<String>, Error> {
        let random = cx.opaque_access_token()?;
        Ok(Secret::new(format!("{}.{}.{}", cx.grant_type(), cx.client().branch, random.expose())))
    }
}

/// A client that is its network address, so to speak.
struct Device;

impl<S: OAuth2Server> ClientAuthMethod<S> for Device {
    const NAME: &'static str = "device";

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        let named = request.parts.headers.get("x-device-client");
        Ok(named.and_then(|named| named.to_str().ok()).map(str::to_owned))
    }

    async fn verify(_: &Ready<S>, client: &S::Client, _: &Unauthenticated<'_>) -> Result<bool, OAuthError> {
        Ok(client.client_id().as_str() == "till-2")
    }
}

/// Tells a till its branch.
enum Branch {}

impl Endpoint<Shop> for Branch {
    const PATH: &'static str = "/branch";

    fn describe(_: &Mount<Shop>, metadata: &mut ServerMetadata, url: String) {
        metadata.additional.insert("branch_endpoint", url.into());
    }

    async fn call(at: Mounted<Shop>, request: AxumRequest) -> AxumResponse {
        at.answer_client::<Self>(request).await
    }
}

impl ClientEndpoint<Shop> for Branch {
    async fn answer(cx: &ClientRequest<'_, Shop>) -> Result<AxumResponse, OAuthError> {
        Ok(AxumResponse::new(cx.client().branch.clone().into()))
    }
}

#[oauth2_server(
    issuer = "http://127.0.0.1",
    models(client = Till, token = ShopToken, code = ShopCode),
    scopes = Goods,
    grants(WebSignIn, StaySignedIn, Tills),
    tokens(Tills = Labelled),
    endpoints(revocation(path = "/revoke"), Branch(client_auth(Device))),
    client_auth(none, client_secret_basic, Device),
    sign_in = password(check_password),
    subjects = state_of,
    metadata(service_documentation = "https://shop.example/docs", extra(acme_region = "eu")),
)]
pub(crate) struct Shop {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check_password(_: &Shop, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(Some(credentials.username().into()))
}

/// Who has left is not served any more.
async fn state_of(shop: &Shop, subject: &Subject) -> Result<SubjectState, Error> {
    let _ = shop;
    Ok(if subject.as_str() == "left" { SubjectState::Disabled } else { SubjectState::Active })
}

pub(crate) const CALLBACK: &str = "https://app.example/cb";

/// The running shop, with the till `till-1`, which has a secret, `till-2`, which is a device, and the public client `app`.
pub(crate) struct Site {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) database: Database,
    pub(crate) secret: String,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let database = Database::default();
        let shop = Shop { db: database.store().await }.ready().await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        let clients = [
            ("till-1", Some(secret.hash()), "", "client_secret_basic"),
            ("till-2", None, "", "device"),
            ("app", None, CALLBACK, "none"),
        ];
        for (client_id, client_secret, redirect_uris, method) in clients {
            let client = Till {
                client_id: client_id.into(),
                client_secret,
                redirect_uris: redirect_uris.into(),
                scope: ScopeSet::all(),
                token_endpoint_auth_method: Some(method.into()),
                branch: "north".into(),
            };
            shop.clients().ensure(client).await.unwrap();
        }
        let secret = secret.expose().to_owned();
        Self { address: listen(shop.router()).await, database, secret }
    }

    pub(crate) async fn send(&self, request: Request) -> Response {
        request.send(self.address).await
    }

    /// A token request of `till-1`.
    pub(crate) async fn till(&self, body: &str) -> Response {
        self.send(Request::form("/oauth/token", body).basic("till-1", &self.secret)).await
    }

    /// What the client `app` receives when `person` signs in on the device `phone` and agrees.
    pub(crate) async fn code(&self, person: &str) -> String {
        let mut browser = Browser::new(self.address);
        let query = format!(
            "response_type=code&client_id=app&redirect_uri={}&device=phone\
             &code_challenge={}&code_challenge_method=S256",
            encoded(CALLBACK),
            oauth2_tests::portal::CHALLENGE
        );
        let sign_in = browser.get(&format!("/oauth/authorize?{query}")).await;
        let page = sign_in.header("location").unwrap().to_owned();
        let shown = browser.get(&page).await;
        let signed_in = browser.sign_in(&shown, &page, person, "any").await;
        let consent = browser.get(signed_in.header("location").unwrap()).await;
        let page = consent.header("location").unwrap().to_owned();
        let shown = browser.get(&page).await;
        let sent = browser.decide(&shown, &page, "allow").await;
        value(&parameters(sent.header("location").unwrap()), "code")
    }

    /// Redeems it.
    pub(crate) async fn redeem(&self, code: &str, more: &str) -> Response {
        let body = format!(
            "grant_type=authorization_code&client_id=app&code={code}&redirect_uri={}&code_verifier={}{more}",
            encoded(CALLBACK),
            oauth2_tests::portal::VERIFIER
        );
        self.send(Request::form("/oauth/token", body)).await
    }
}
