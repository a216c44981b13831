//! What comes first: the framework's own checks, PKCE among them, then the extensions of the server.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::TokenResponse;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{CHALLENGE, VERIFIER, parameters, value};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Database, listen};

/// Refuses every token request, and says who sent the answer.
#[derive(Debug)]
struct Noisy;

impl Extension<Auth> for Noisy {
    type Reach = TokenRequests;

    async fn token_request(_: &TokenContext<'_, Auth>) -> Result<(), OAuthError> {
        Err(OAuthError::access_denied("the extension was asked"))
    }

    async fn token_response(
        _: &TokenContext<'_, Auth>,
        response: &mut TokenResponse,
    ) -> Result<(), OAuthError> {
        response.insert("iss", "https://evil.example")
    }
}

#[grant(implicit)]
struct Scripts;
#[grant(authorization_code)]
struct WebSignIn;

#[oauth2_server(
    issuer = "http://127.0.0.1",
    scopes = Access,
    grants(Scripts, WebSignIn),
    extensions(Noisy),
    client_auth(none),
    sign_in = password(check),
    profile = "rfc6749",
    allow(implicit_grant, reason = "the test needs it"),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check(_: &Auth, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(Some(credentials.username().to_owned().into()))
}

async fn walk(response_type: &str) -> (Database, std::net::SocketAddr, String) {
    let database = Database::default();
    let auth = Auth { db: database.store().await }.ready().await.unwrap();
    let app = Client {
        redirect_uris: "https://app.example/cb".into(),
        grant_types: Some(["implicit", "authorization_code"].into_iter().collect()),
        ..Client::new("app", ScopeSet::all())
    };
    auth.clients().ensure(app).await.unwrap();
    let address = listen(auth.router()).await;
    let mut browser = Browser::new(address);
    let page = browser.get("/login").await;
    browser.sign_in(&page, "/login", "alice", "x").await;
    let query = format!(
        "response_type={response_type}&client_id=app&state=s&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    let consent = answer.header("location").unwrap().to_owned();
    let page = browser.get(&consent).await;
    let answer = browser.decide(&page, &consent, "allow").await;
    let location = answer.header("location").unwrap().to_owned();
    (database, address, location)
}

/// A wrong verifier is refused before anybody else is asked, and the right one after.
#[tokio::test]
async fn pkce_comes_before_the_extensions_of_the_server() {
    let (_database, address, location) = walk("code").await;
    let code = value(&parameters(&location), "code");
    let redeem = async |verifier: &str| {
        let body =
            format!("grant_type=authorization_code&client_id=app&code={code}&code_verifier={verifier}");
        Request::form("/oauth/token", body).send(address).await
    };
    let wrong = redeem(&"a".repeat(43)).await;
    wrong.assert_error(400, "invalid_grant", "`code_verifier` does not fit the authorization request");
    redeem(VERIFIER).await.assert_error(400, "access_denied", "the extension was asked");
}

/// In the fragment of the implicit grant `iss` is the framework's: nothing is stored, and the client is told an error.
#[tokio::test]
async fn names_with_a_meaning_of_their_own_are_refused() {
    let (database, _address, location) = walk("token").await;
    let expected = "https://app.example/cb#error=server_error&error_description=the+server+failed&state=s\
                    &iss=http%3A%2F%2F127.0.0.1";
    assert_eq!(location, expected);
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_token").await, 0);
}
