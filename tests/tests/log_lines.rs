//! What the operator reads in the log, line by line.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::Request;
use oauth2_tests::log::Log;
use oauth2_tests::portal::RunningPortal;
use oauth2_tests::provider::{Access, App, SMS_CODE, app};
use oauth2_tests::running::{Credentials, Database, ISSUER, Running, listen, ready};
use tower_http::cors::CorsLayer;

#[tokio::test]
async fn a_token_and_a_refusal() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    assert_eq!(log.lines(), Vec::<String>::new());
    running.token(&robot, "grant_type=client_credentials&scope=read").await;
    assert_eq!(
        log.lines(),
        [
            "INFO token{grant_type=\"client_credentials\" client_id=\"robot\"}: oauth2_runtime::issue: token issued \
             client_id=robot grant_type=\"client_credentials\" scope=\"read\" refresh_token=\"withheld: the token \
             speaks for nobody\""
        ]
    );
    running.token(&robot, "grant_type=client_credentials&scope=unknown").await;
    running.token(&robot, "grant_type=evil%0Aline").await;
    running.bare_token("grant_type=client_credentials&client_id=evil").await;
    assert_eq!(
        log.lines(),
        [
            "INFO token{grant_type=\"client_credentials\" client_id=\"robot\"}: oauth2_runtime::error: request refused code=\"invalid_scope\" reason=\"the scope is unknown or \
             more than this client may be granted\"",
            "INFO token: oauth2_runtime::error: request refused code=\"unsupported_grant_type\" reason=\"this server \
             has no such grant type\"",
            "INFO token{grant_type=\"client_credentials\" because=\"there is no such client\"}: oauth2_runtime::error: request refused code=\"invalid_client\" reason=\"client authentication \
             failed\"",
        ]
    );
}

/// The end of the one line since the last call: whether a refresh token was issued, or which switch withheld it.
#[track_caller]
fn refresh_token(log: &Log) -> String {
    let lines = log.lines();
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    let (_, told) = line.split_once(" oauth2_runtime::issue: token issued ").unwrap();
    told.split_once(" refresh_token=").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_refresh_token_is_issued() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let tokens = running.sign_in(&robot, "1").await;
    assert_eq!(refresh_token(&log), "\"issued\"");
    assert_eq!(running.refresh(&robot, &tokens.refresh).await.status, 200);
    assert_eq!(refresh_token(&log), "\"issued\"");
}

#[tokio::test]
async fn a_refresh_token_is_withheld_by_a_token_that_speaks_for_nobody() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let itself = format!("grant_type={SMS_CODE}&phone=1&code=itself");
    for body in ["grant_type=client_credentials", &itself] {
        assert_eq!(running.token(&robot, body).await.json()["refresh_token"], serde_json::Value::Null);
        assert_eq!(refresh_token(&log), "\"withheld: the token speaks for nobody\"");
    }
}

#[tokio::test]
async fn a_refresh_token_is_withheld_by_the_client() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    let robot = App { grant_types: Some([SMS_CODE].into_iter().collect()), ..app("robot") };
    let robot = running.register(robot).await;
    let answer = running.token(&robot, &format!("grant_type={SMS_CODE}&phone=1&code=123456")).await;
    assert_eq!((answer.status, &answer.json()["refresh_token"]), (200, &serde_json::Value::Null));
    assert_eq!(refresh_token(&log), "\"withheld: the client's `grant_types` lack `refresh_token`\"");
}

/// A grant without the flag, and a refresh grant that keeps its tokens.
mod kept {
    use oauth2_runtime::prelude::*;
    use oauth2_tests::provider::Access;

    #[grant(extension = "urn:test:badge", refresh_token)]
    pub(crate) struct Badge {
        number: String,
    }

    impl ExtensionGrant<Auth> for Badge {
        async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
            Ok(Authorized::subject(self.number))
        }
    }

    #[grant(extension = "urn:test:ticket")]
    pub(crate) struct Ticket {
        number: String,
    }

    impl ExtensionGrant<Auth> for Ticket {
        async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
            Ok(Authorized::subject(self.number))
        }
    }

    #[grant(refresh_token, rotate = false)]
    pub(crate) struct Renewal;

    #[oauth2_server(
        issuer = "https://id.example",
        scopes = Access,
        grants(Badge, Ticket, Renewal),
        client_auth(client_secret_basic),
        allow(no_revocation_endpoint, reason = "no token is revoked here"),
    )]
    pub(crate) struct Auth {
        #[oauth2(store)]
        pub(crate) db: SqlStore<Sqlite>,
    }
}

#[tokio::test]
async fn a_refresh_token_is_withheld_by_the_grant_or_by_the_one_that_is_kept() {
    let (log, _guard) = Log::open();
    let database = Database::default();
    let auth = kept::Auth { db: database.store().await }.ready().await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let gate = Client { client_secret: Some(secret.hash()), ..Client::new("gate", ScopeSet::all()) };
    auth.clients().ensure(gate).await.unwrap();
    let address = listen(auth.router().with_state(())).await;
    let send = async |body: &str| {
        let request = Request::form("/oauth/token", body).basic("gate", secret.expose());
        let answer = request.send(address).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["refresh_token"].as_str().map(str::to_owned)
    };
    assert_eq!(send("grant_type=urn:test:ticket&number=7").await, None);
    assert_eq!(refresh_token(&log), "\"withheld: the grant has no `refresh_token`\"");
    let kept = send("grant_type=urn:test:badge&number=7").await.unwrap();
    assert_eq!(refresh_token(&log), "\"issued\"");
    assert_eq!(send(&format!("grant_type=refresh_token&refresh_token={kept}")).await, None);
    assert_eq!(refresh_token(&log), "\"withheld: the presented one is kept\"");
}

/// What the client is not told: why it is not believed. Nothing in it comes from the request.
#[tokio::test]
async fn a_client_that_is_not_believed() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let portal = RunningPortal::start().await;
    let posts = App { token_endpoint_auth_method: Some("client_secret_post".to_owned()), ..app("posts") };
    let posts = running.register(posts).await;
    let body = "grant_type=client_credentials";
    let wrong = Credentials { secret: "cs_wrong".to_owned(), ..robot.clone() };
    running.token(&wrong, body).await;
    running.token(&posts, body).await;
    running.token(&robot, &format!("{body}&client_id=posts")).await;
    running.bare_token(body).await;
    running.bare_token(&format!("{body}&client_id=robot")).await;
    for path in ["/oauth/introspect", "/oauth/revoke"] {
        portal.send(Request::form(path, "token=x").basic("nobody", "cs_wrong")).await;
    }
    let lines = log.lines();
    let reasons: Vec<_> = lines
        .iter()
        .map(|line| line.split_once(" because=").or(line.split_once("{because=")).unwrap().1)
        .map(|rest| rest.split_once("}: oauth2_runtime::error: request refused ").unwrap().0)
        .collect();
    assert_eq!(
        reasons,
        [
            "\"`client_secret_basic` did not prove that it is `robot`\"",
            "\"`posts` does not use `client_secret_basic`\"",
            "\"`client_id` in the body is not the client of the credentials\"",
            "\"the request has no credentials of a method of this server\"",
            "\"`none` did not prove that it is `robot`\"",
            "\"there is no such client\"",
            "\"there is no such client\"",
        ]
    );
}

#[tokio::test]
async fn a_stolen_refresh_token() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let tokens = running.sign_in(&robot, "1").await;
    running.refresh(&robot, &tokens.refresh).await;
    let family = running.database.texts("SELECT DISTINCT grant_id FROM app_token").await.concat();
    running.clock.step(11);
    log.lines();
    running.refresh(&robot, &tokens.refresh).await;
    assert_eq!(
        log.lines(),
        [
            format!(
                "WARN token{{grant_type=\"refresh_token\" client_id=\"robot\"}}: oauth2_runtime::grant::refresh_token: a \
                 used refresh token came back client_id=robot grant_id={family} revoked=true"
            ),
            "INFO token{grant_type=\"refresh_token\" client_id=\"robot\"}: oauth2_runtime::error: request refused code=\"invalid_grant\" reason=\"the refresh token is \
             not valid\""
                .to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_database_that_is_gone_with_its_cause() {
    let (log, _guard) = Log::open();
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    running.database.execute("DROP TABLE app_token").await;
    running.token(&robot, &format!("grant_type={SMS_CODE}&phone=1&code=123456")).await;
    assert_eq!(
        log.lines(),
        [
            "ERROR token{grant_type=\"urn:test:sms-code\" client_id=\"robot\"}: oauth2_runtime::error: request failed code=\"temporarily_unavailable\" source=the database \
             failed (error returned from database: (code: 1) no such table: app_token) source.sources=[error returned \
             from database: (code: 1) no such table: app_token, (code: 1) no such table: app_token]"
        ]
    );
}

#[tokio::test]
async fn a_router_in_the_wrong_place() {
    let (log, _guard) = Log::open();
    let database = Database::default();
    let auth = ready(&database, &SteppingClock::default(), ISSUER).await;
    let address = listen(Router::new().nest("/auth", auth.router())).await;
    Request::form("/auth/oauth/token", "").send(address).await;
    assert_eq!(
        log.lines(),
        [
            "ERROR oauth2_runtime::router: the router is nested under a path that the issuer lacks: merge it, and put the \
             path into the issuer mounted=\"/auth/oauth/token\" declared=\"/oauth/token\""
        ]
    );
}

#[grant(authorization_code)]
struct People;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(People),
    endpoints(authorization(layer = cors()), sign_in(layer = cors())),
    client_auth(none),
    sign_in = password(nobody),
)]
struct Layered {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn cors() -> CorsLayer {
    CorsLayer::permissive()
}

async fn nobody(_: &Layered, _: &oauth2_runtime::password::Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

/// That a layer has no effect is told once, and why.
#[tokio::test]
async fn a_cors_layer_of_the_authorization_endpoint_is_told_once() {
    let (log, _guard) = Log::open();
    let database = Database::default();
    let auth = Layered { db: database.store().await }.ready().await.unwrap();
    let address = listen(auth.router()).await;
    assert_eq!(log.lines(), Vec::<String>::new());
    for path in ["/oauth/authorize", "/login", "/oauth/authorize"] {
        Request::new("OPTIONS", path).send(address).await;
    }
    assert_eq!(
        log.lines(),
        [
            "WARN oauth2_runtime::http::cors: removed what a CORS layer had added to an answer of the authorization \
             endpoint or of its pages: browsers are sent there, and scripts of other sites may not read it (RFC 9700 \
             section 2.6); put the layer around the routes that scripts ask"
        ]
    );
}
