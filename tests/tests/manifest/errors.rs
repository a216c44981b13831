//! The error codes that the manifest lists: every one of them is really answered.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Once};

use axum::Router;
use axum::routing::get;
use oauth2_runtime::client_auth::{ClientAuthMethod, Proof, Unauthenticated};
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{WEB_CALLBACK, client, parameters, request, value};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials as ClientCredentials, Database, listen};

/// People sign in with a browser.
#[grant(authorization_code, extensions(SecondThoughts))]
struct SignIn;

/// Machines.
#[grant(client_credentials)]
struct Machine;

/// A server that can be made to fail.
#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(SignIn, Machine),
    endpoints(revocation, introspection),
    client_auth(client_secret_basic, Careless),
    sign_in = password(check_password),
    subjects = subject_state,
)]
struct House {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    trouble: Trouble,
}

/// What goes wrong.
type Trouble = Arc<Mutex<BTreeSet<&'static str>>>;

impl House {
    fn has(&self, trouble: &str) -> bool {
        self.trouble.lock().unwrap().contains(trouble)
    }
}

const BOOM: &str = "a panic that is meant";

/// A method that panics on a parameter.
enum Careless {}

impl<S: OAuth2Server> ClientAuthMethod<S> for Careless {
    const NAME: &'static str = "careless";
    const PROOF: Proof = Proof::Secret;

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        assert!(request.form.get("boom")?.is_none(), "{BOOM}");
        Ok(None)
    }

    async fn verify(_: &Ready<S>, _: &S::Client, _: &Unauthenticated<'_>) -> Result<bool, OAuthError> {
        Ok(false)
    }
}

/// Somebody takes their consent back while the server makes the code.
struct SecondThoughts;

impl Extension<House> for SecondThoughts {
    type Reach = AuthorizationRequests;
}

impl AuthorizationExtension<House> for SecondThoughts {
    async fn before_code(
        cx: &AuthorizationContext<'_, House>,
        code: &mut oauth2_runtime::models::Code<Access>,
    ) -> Result<(), OAuthError> {
        if cx.server().has("second thoughts") {
            cx.server().people().withdraw_consent(&code.subject, &cx.client().client_id).await?;
        }
        Ok(())
    }
}

async fn check_password(_: &House, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    assert!(credentials.username() != "boom", "{BOOM}");
    Ok(Some(format!("u-{}", credentials.username()).into()))
}

async fn subject_state(house: &House, _: &Subject) -> Result<SubjectState, Error> {
    assert!(!house.has("panic"), "{BOOM}");
    Ok(SubjectState::Active)
}

#[protect(House, Access::Admin)]
async fn office(_: Bearer<House>) -> &'static str {
    "the office"
}

struct Site {
    database: Database,
    address: SocketAddr,
    trouble: Trouble,
    web: ClientCredentials,
    bare: ClientCredentials,
}

/// The panics of this file are not printed.
fn expect_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload_as_str().is_some_and(|text| text.contains(BOOM)) {
                print(info);
            }
        }));
    });
}

impl Site {
    /// With the client `web`, which may do everything, and `bare`, which may do nothing.
    async fn open() -> Self {
        expect_panics();
        let (database, trouble) = (Database::default(), Trouble::default());
        let house = House { db: database.store().await, trouble: Arc::clone(&trouble) };
        let house = house.ready().await.unwrap();
        let mut credentials = Vec::new();
        for row in [
            client("web", &[WEB_CALLBACK]),
            Client { grant_types: Some(GrantTypes::default()), ..client("bare", &[WEB_CALLBACK]) },
        ] {
            let (id, secret) = (row.client_id.as_str().to_owned(), ClientSecret::generate().unwrap());
            let row = Client { client_secret: Some(secret.hash()), ..row };
            house.clients().ensure(row).await.unwrap();
            credentials.push(ClientCredentials { id, secret: secret.expose().to_owned() });
        }
        let [web, bare] = <[_; 2]>::try_from(credentials).unwrap();
        let app = Router::new().route("/office", get(office)).merge(house.router()).with_state(house);
        Self { database, address: listen(app).await, trouble, web, bare }
    }

    fn cause(&self, trouble: &'static str) {
        self.trouble.lock().unwrap().insert(trouble);
    }

    fn mend(&self) {
        self.trouble.lock().unwrap().clear();
    }

    /// No client can be found any more.
    async fn break_database(&self) {
        self.database.execute("ALTER TABLE oauth2_client RENAME TO gone").await;
    }

    async fn post(&self, path: &str, client: &ClientCredentials, body: &str) -> Response {
        Request::form(path, body).basic(&client.id, &client.secret).send(self.address).await
    }

    /// A browser in which this person has signed in.
    async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = Browser::new(self.address);
        let page = browser.get("/login").await;
        assert_eq!(browser.sign_in(&page, "/login", name, "any").await.status, 303);
        browser
    }
}

/// The query of a request by the client `web`.
fn query(more: &str) -> String {
    request("web", WEB_CALLBACK, more)
}

/// The error code of an answer, whoever is told.
fn code(answer: &Response) -> String {
    if let Some(to) = answer.header("location") {
        assert!(to.starts_with(WEB_CALLBACK), "{answer:?}");
        return value(&parameters(to), "error");
    }
    match answer.header("content-type") {
        Some("application/json") => answer.json()["error"].as_str().unwrap().to_owned(),
        // That page has no code: people can do nothing with it.
        _ if answer.status == 503 => "temporarily_unavailable".to_owned(),
        _ => {
            let (_, rest) = answer.body.split_once("<code>").unwrap_or_else(|| panic!("{answer:?}"));
            rest.split('<').next().unwrap().to_owned()
        }
    }
}

/// The answers have the codes of the endpoint, one each, in their order.
#[track_caller]
fn assert_listed(endpoint: &str, answers: &[Response]) {
    let routes = House::MANIFEST.routes();
    let route = routes.iter().find(|route| route.endpoint == endpoint).unwrap();
    let listed: Vec<_> = route.error_codes.iter().map(|code| code.as_str()).collect();
    assert_eq!(answers.iter().map(code).collect::<Vec<_>>(), listed, "{endpoint}");
}

#[tokio::test]
async fn token() {
    let site = Site::open().await;
    let stranger = ClientCredentials { id: "web".to_owned(), secret: "wrong".to_owned() };
    let machine = "grant_type=client_credentials";
    let mut answers = Vec::new();
    for (client, body) in [
        (&site.web, "scope=read"),
        (&stranger, machine),
        (&site.web, "grant_type=authorization_code&code=ac_unknown"),
        (&site.bare, machine),
        (&site.web, "grant_type=saml"),
        (&site.web, "grant_type=client_credentials&scope=nope"),
        (&site.web, "grant_type=client_credentials&boom=1"),
    ] {
        answers.push(site.post("/oauth/token", client, body).await);
    }
    site.break_database().await;
    answers.push(site.post("/oauth/token", &site.web, machine).await);
    assert_listed("token", &answers);
}

#[tokio::test]
async fn revocation_and_introspection() {
    for (endpoint, path) in [("revocation", "/oauth/revoke"), ("introspection", "/oauth/introspect")] {
        let site = Site::open().await;
        let stranger = ClientCredentials { id: "web".to_owned(), secret: "wrong".to_owned() };
        let mut answers = vec![
            site.post(path, &site.web, "").await,
            site.post(path, &stranger, "token=at_x").await,
            site.post(path, &site.web, "token=at_x&boom=1").await,
        ];
        site.break_database().await;
        answers.push(site.post(path, &site.web, "token=at_x").await);
        assert_listed(endpoint, &answers);
    }
}

/// The requests that no page for people answers otherwise.
fn malformed() -> [String; 7] {
    [
        query("&prompt=nope"),
        request("nobody", WEB_CALLBACK, ""),
        request("bare", WEB_CALLBACK, ""),
        query("&scope=nope"),
        query("").replace("response_type=code", "response_type=token"),
        query("&request=x"),
        query("&request_uri=x"),
    ]
}

#[tokio::test]
async fn authorization() {
    let site = Site::open().await;
    let (mut alice, mut nobody) = (site.signed_in("alice").await, Browser::new(site.address));
    // She has agreed before.
    let target = |query: &str| format!("/oauth/authorize?{query}");
    let asked = alice.get(&target(&query("&scope=read"))).await;
    let consent = asked.header("location").unwrap().to_owned();
    let page = alice.get(&consent).await;
    assert_eq!(alice.decide(&page, &consent, "allow").await.status, 303);

    let mut answers = Vec::new();
    for query in malformed() {
        answers.push(nobody.get(&target(&query)).await);
    }
    let [request, request_uri] = [answers.remove(5), answers.remove(5)];
    site.cause("second thoughts");
    answers.insert(4, alice.get(&target(&query("&scope=read"))).await);
    answers.push(nobody.get(&target(&query("&prompt=none"))).await);
    answers.push(alice.get(&target(&query("&prompt=none&scope=write"))).await);
    answers.extend([request, request_uri]);
    site.cause("panic");
    answers.push(alice.get(&target(&query(""))).await);
    site.mend();
    site.break_database().await;
    answers.push(alice.get(&target(&query(""))).await);
    assert_listed("authorization", &answers);
}

#[tokio::test]
async fn sign_in() {
    let site = Site::open().await;
    let mut browser = Browser::new(site.address);
    let mut answers = Vec::new();
    for query in malformed() {
        answers.push(browser.get(&format!("/login?{query}")).await);
    }
    let page = browser.get("/login").await;
    answers.push(browser.sign_in(&page, "/login", "boom", "any").await);
    site.break_database().await;
    answers.push(browser.get(&format!("/login?{}", query(""))).await);
    assert_listed("sign_in", &answers);
}

#[tokio::test]
async fn consent() {
    let site = Site::open().await;
    let mut alice = site.signed_in("alice").await;
    let mut answers = Vec::new();
    for query in malformed() {
        answers.push(alice.get(&format!("/consent?{query}")).await);
    }
    let target = format!("/consent?{}", query("&scope=read"));
    let page = alice.get(&target).await;
    answers.insert(4, alice.decide(&page, &target, "deny").await);
    site.cause("panic");
    answers.push(alice.decide(&page, &target, "allow").await);
    site.mend();
    site.break_database().await;
    answers.push(alice.get(&target).await);
    assert_listed("consent", &answers);
}

#[tokio::test]
async fn protected_routes() {
    let site = Site::open().await;
    let body = "grant_type=client_credentials&scope=read";
    let reader = site.post("/oauth/token", &site.web, body).await.json();
    let reader = reader["access_token"].as_str().unwrap().to_owned();
    let send = async |request: Request| request.send(site.address).await;
    let mut answers = vec![
        send(Request::get("/office").header("authorization", "Bearer")).await,
        send(Request::get("/office").bearer("at_x")).await,
        send(Request::get("/office").bearer(&reader)).await,
    ];
    site.database.execute("ALTER TABLE oauth2_token RENAME TO gone").await;
    answers.push(send(Request::get("/office").bearer(&reader)).await);
    let listed: Vec<_> = House::MANIFEST.protected_route_errors.iter().map(|code| code.as_str()).collect();
    assert_eq!(answers.iter().map(code).collect::<Vec<_>>(), listed);
}
