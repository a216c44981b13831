//! What an omitted `scope` means: the grant's default scopes when a token is first asked for (RFC 6749 section 3.3), what was
//! granted when it is refreshed (section 6).

use std::net::SocketAddr;

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{WEB_CALLBACK, parameters, redemption, request, value};
use oauth2_tests::running::{Database, Tokens, listen};

const NOT_GRANTABLE: &str = "the scope is unknown or more than this client may be granted";
const NOTHING_LEFT: &str = "there is no scope that this client may be granted";

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
    /// Write
    #[scope("write")]
    Write,
    /// Administer
    #[scope("admin")]
    Admin,
}

#[grant(authorization_code, refresh_token, scopes(Access::Read, Access::Write), default_scopes(Access::Read))]
struct WebSignIn;

#[grant(refresh_token)]
struct Renewal;

#[grant(client_credentials, default_scopes(Access::Read, Access::Write), scopes(Access::Read, Access::Write))]
struct Machine;

/// Default scopes without `scopes(..)`.
#[grant(extension = "urn:test:badge", default_scopes(Access::Admin))]
struct Badge {
    approved: Option<String>,
}

impl ExtensionGrant<Auth> for Badge {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        let authorized = Authorized::subject("u-1");
        Ok(match self.approved {
            Some(approved) => authorized.limited_to(ScopeSet::<Access>::from_stored(&approved)),
            None => authorized,
        })
    }
}

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(WebSignIn, Renewal, Machine, Badge),
    client_auth(client_secret_basic),
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

struct Site {
    auth: Ready<Auth>,
    address: SocketAddr,
    secret: ClientSecret,
    _database: Database,
}

impl Site {
    /// With the client `web`, which may have these scopes.
    async fn start(scopes: &str) -> Self {
        let database = Database::default();
        let auth = Auth { db: database.store().await }.ready().await.unwrap();
        let (address, secret) = (listen(auth.router()).await, ClientSecret::generate().unwrap());
        let site = Self { auth, address, secret, _database: database };
        site.limit(scopes).await;
        site
    }

    /// The client may have these scopes from now on.
    async fn limit(&self, scopes: &str) {
        let client = Client {
            client_secret: Some(self.secret.hash()),
            redirect_uris: [WEB_CALLBACK].into_iter().collect(),
            ..Client::new("web", ScopeSet::from_stored(scopes))
        };
        self.auth.clients().ensure(client).await.unwrap();
    }

    async fn token(&self, body: &str) -> Response {
        let request = Request::form("/oauth/token", body).basic("web", self.secret.expose());
        request.send(self.address).await
    }

    async fn machine(&self, more: &str) -> Response {
        self.token(&format!("grant_type=client_credentials{more}")).await
    }

    async fn badge(&self, more: &str) -> Response {
        self.token(&format!("grant_type=urn:test:badge{more}")).await
    }

    async fn refresh(&self, tokens: &Tokens, more: &str) -> Response {
        self.token(&format!("grant_type=refresh_token&refresh_token={}{more}", tokens.refresh)).await
    }

    /// Where an authorization request of a new person leads to who agrees, and the consent page on the way.
    async fn authorize(&self, more: &str) -> (String, Vec<(String, String)>) {
        let mut browser = Browser::new(self.address);
        let page = browser.get("/login").await;
        assert_eq!(browser.sign_in(&page, "/login", "ada", "a password").await.status, 303);
        let query = request("web", WEB_CALLBACK, more);
        let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
        let location = answer.header("location").unwrap().to_owned();
        if !location.starts_with("/consent?") {
            return (String::new(), parameters(&location));
        }
        let consent = browser.get(&location).await;
        let answer = browser.decide(&consent, &location, "allow").await;
        (consent.body, parameters(answer.header("location").unwrap()))
    }

    /// The answer to the code that such a request gives.
    async fn signed_in(&self, more: &str) -> Response {
        let (_, answered) = self.authorize(more).await;
        self.token(&redemption(&value(&answered, "code"))).await
    }
}

fn granted(answer: &Response) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["scope"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_omitted_scope_means_the_default_scopes() {
    let site = Site::start("read write admin").await;
    assert_eq!(granted(&site.machine("").await), "read write");
    assert_eq!(granted(&site.machine("&scope=").await), "read write");
    assert_eq!(granted(&site.badge("").await), "admin");
    assert_eq!(granted(&site.signed_in("").await), "read");
}

/// A default is no limit: what is asked for is given, up to the grant's `scopes(..)`.
#[tokio::test]
async fn a_named_scope_is_bounded_by_the_grant_and_not_by_its_default() {
    let site = Site::start("read write admin").await;
    assert_eq!(granted(&site.machine("&scope=write").await), "write");
    assert_eq!(granted(&site.badge("&scope=read+admin").await), "read admin");
    assert_eq!(granted(&site.signed_in("&scope=write").await), "write");
    assert_eq!(granted(&site.signed_in("&scope=read+write").await), "read write");
    site.machine("&scope=admin").await.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    site.machine("&scope=read+admin").await.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    let (_, answered) = site.authorize("&scope=admin").await;
    assert_eq!(value(&answered, "error"), "invalid_scope");
    assert_eq!(value(&answered, "error_description"), NOT_GRANTABLE);
}

#[tokio::test]
async fn the_clients_scopes_limit_the_default_too() {
    let site = Site::start("read admin").await;
    assert_eq!(granted(&site.machine("").await), "read");
    site.machine("&scope=write").await.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    site.limit("write").await;
    assert_eq!(granted(&site.machine("").await), "write");
    site.badge("").await.assert_error(400, "invalid_scope", NOTHING_LEFT);
    let (_, answered) = site.authorize("").await;
    assert_eq!(value(&answered, "error"), "invalid_scope");
    assert_eq!(value(&answered, "error_description"), NOTHING_LEFT);
}

/// What the grant itself decides narrows the default, and never adds to it.
#[tokio::test]
async fn an_extension_grant_narrows_the_default() {
    let site = Site::start("read write admin").await;
    assert_eq!(granted(&site.badge("&approved=read+admin").await), "admin");
    site.badge("&approved=read").await.assert_error(400, "invalid_scope", NOTHING_LEFT);
}

#[tokio::test]
async fn the_consent_page_shows_the_default_scopes() {
    let site = Site::start("read write admin").await;
    let (page, _) = site.authorize("").await;
    assert!(page.contains("<li>Read</li>") && !page.contains("Write"), "{page}");
    let (page, _) = site.authorize("&scope=write").await;
    assert!(page.contains("<li>Write</li>") && !page.contains("Read"), "{page}");
}

/// RFC 6749 section 6: no default scope has a part in a refresh, and nothing is ever added.
#[tokio::test]
async fn a_refresh_keeps_what_was_granted_and_never_widens_it() {
    let site = Site::start("read write admin").await;
    let both = Tokens::of(&site.signed_in("&scope=read+write").await);
    let narrowed = site.refresh(&both, "&scope=write").await;
    assert_eq!(granted(&narrowed), "write");
    let again = site.refresh(&Tokens::of(&narrowed), "").await;
    assert_eq!(granted(&again), "read write");

    let reader = Tokens::of(&site.signed_in("").await);
    for more in ["&scope=write", "&scope=read+write", "&scope=admin"] {
        site.refresh(&reader, more).await.assert_error(400, "invalid_scope", NOT_GRANTABLE);
    }
    let again = site.refresh(&reader, "").await;
    assert_eq!(granted(&again), "read");

    let writer = Tokens::of(&site.signed_in("&scope=write").await);
    let again = site.refresh(&writer, "").await;
    assert_eq!(granted(&again), "write");
    site.limit("read admin").await;
    site.refresh(&Tokens::of(&again), "").await.assert_error(400, "invalid_scope", NOTHING_LEFT);
}
