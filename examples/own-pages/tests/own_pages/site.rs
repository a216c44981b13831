//! A running example, with the clients `web`, which has a secret, and `photo-album`, which has none.

use std::net::SocketAddr;

use oauth2_runtime::http::serve_until;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{WEB_CALLBACK, parameters, request};
use oauth2_tests::running::{Credentials, Database};
use own_pages::{Access, Auth};
use tokio::net::TcpListener;

/// The password of Alice; Bob's is `builder`.
pub(crate) const PASSWORD: &str = "wonderland";

pub(crate) struct Site {
    pub(crate) auth: Ready<Auth>,
    pub(crate) address: SocketAddr,
    pub(crate) database: Database,
    pub(crate) web: Credentials,
}

/// The client `web`.
pub(crate) fn client(secret: &ClientSecret) -> Client<Access> {
    Client {
        client_name: Some("Web <App>".into()),
        client_secret: Some(secret.hash()),
        redirect_uris: WEB_CALLBACK.into(),
        ..Client::new("web", ScopeSet::all())
    }
}

/// The request of `web` for one scope, with `more` parameters.
pub(crate) fn query(more: &str) -> String {
    request("web", WEB_CALLBACK, &format!("&scope=photos%3Aread&state=s{more}"))
}

impl Site {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        Self::start_on(listener, &issuer).await
    }

    pub(crate) async fn start_on(listener: TcpListener, issuer: &str) -> Self {
        let database = Database::default();
        let pool = own_pages::connect(&database.url()).await.unwrap();
        let auth = own_pages::ready(pool, issuer).await.unwrap();
        auth.add_user("bob", &Secret::new("builder")).await.unwrap();
        let secret = ClientSecret::generate().unwrap();
        auth.clients().ensure(client(&secret)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve_until(own_pages::router(auth.clone()), listener, std::future::pending()));
        let web = Credentials { id: "web".into(), secret: secret.expose().into() };
        Self { auth, address, database, web }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser in which somebody has signed in.
    pub(crate) async fn signed_in(&self, name: &str, password: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/sign-in").await;
        let answer = browser.sign_in(&page, "/sign-in", name, password).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{answer:?}");
        browser
    }

    /// One in which Alice has.
    pub(crate) async fn alice(&self) -> Browser {
        self.signed_in("alice", PASSWORD).await
    }

    /// A browser in which Alice has allowed `web` one scope, and the answer to that.
    pub(crate) async fn agreed(&self) -> (Browser, Response) {
        let mut browser = self.alice().await;
        let target = authorize("");
        let page = browser.get(&target).await;
        let answer = browser.decide(&page, &target, "allow").await;
        assert!(code_of(&answer).is_some(), "{answer:?}");
        (browser, answer)
    }

    /// How many codes have been made.
    pub(crate) async fn codes(&self) -> i64 {
        self.database.number("SELECT COUNT(*) FROM oauth2_code").await
    }

    pub(crate) async fn token(&self, body: &str) -> Response {
        let request = Request::form("/oauth/token", body).basic(&self.web.id, &self.web.secret);
        request.send(self.address).await
    }
}

/// The request of `web` at the authorization endpoint.
pub(crate) fn authorize(more: &str) -> String {
    format!("/oauth/authorize?{}", query(more))
}

/// The code that the answer takes to `web`.
pub(crate) fn code_of(answer: &Response) -> Option<String> {
    let to = answer.header("location").filter(|to| to.starts_with(WEB_CALLBACK))?;
    parameters(to).into_iter().find(|(name, _)| name == "code").map(|(_, value)| value)
}

/// Asserts the page that says why a request or a form is refused, and to nobody else.
#[track_caller]
pub(crate) fn assert_refused(answer: &Response, status: u16, code: &str) {
    assert_eq!((answer.status, answer.header("location")), (status, None), "{answer:?}");
    assert!(answer.body.contains(&format!("<code>{code}</code>")), "{answer:?}");
}

/// Asserts the error that the client `web` is told.
#[track_caller]
pub(crate) fn assert_told(site: &Site, answer: &Response, code: &str) {
    assert_eq!(answer.status, 303, "{answer:?}");
    let to = answer.header("location").unwrap();
    assert!(to.starts_with(&format!("{WEB_CALLBACK}?error=")), "{to}");
    let told = parameters(to);
    let value = |name| oauth2_tests::portal::value(&told, name);
    let issuer = site.auth.issuer().as_str().to_owned();
    assert_eq!((value("error"), value("state"), value("iss")), (code.into(), "s".into(), issuer));
    assert_eq!(told.len(), 4, "{told:?}");
}
