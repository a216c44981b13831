//! How many SQL statements a request costs. One test, because the subscriber is the process's.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use oauth2_runtime::prelude::{Bearer, protect};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::own_tokens::RunningMint;
use oauth2_tests::portal::{self, RunningPortal, WEB_CALLBACK, redemption, request, value};
use oauth2_tests::provider::{Access, Auth, SMS_CODE, app};
use oauth2_tests::running::{Running, Tokens, listen};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

/// The first word of every statement that sqlx reports.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

struct Summary<'a>(&'a mut Vec<String>);

impl Visit for Summary<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0.push(value.split(' ').next().unwrap_or_default().to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            event.record(&mut Summary(&mut self.0.lock().unwrap()));
        }
    }
}

impl Statements {
    /// The statements of one request, without what begins and ends transactions, and without the pragmas that a pool
    /// sends when it happens to open another connection.
    async fn of(&self, request: impl Future<Output = Response>) -> (Response, Vec<String>) {
        self.0.lock().unwrap().clear();
        let answer = request.await;
        let mut statements = std::mem::take(&mut *self.0.lock().unwrap());
        statements.retain(|word| !["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"].contains(&word.as_str()));
        (answer, statements)
    }
}

#[protect(Auth, Access::Read, realm = "inside")]
async fn inside(_: Bearer<Auth>) -> &'static str {
    "inside"
}

/// However a token is asked for, it is looked up once a request.
async fn protectors(statements: &Statements, running: &Running, token: &str) {
    let photos = running.auth.protector().realm("photos").unwrap();
    let routes = Router::new().route("/twice", get(inside)).route_layer(photos.require(Access::Read));
    let routes = routes.route("/once", get(inside)).with_state(running.auth.clone());
    let address = listen(routes).await;
    for path in ["/once", "/twice"] {
        let (answer, sent) = statements.of(Request::get(path).bearer(token).send(address)).await;
        assert_eq!((answer.status, sent), (200, vec!["SELECT".to_owned()]), "{path}");
        let (answer, sent) = statements.of(Request::get(path).send(address)).await;
        assert_eq!((answer.status, sent), (401, Vec::new()), "{path}");
    }
}

/// On a server where people sign in, as the client `web`.
async fn people(statements: &Statements) {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let query = request("web", WEB_CALLBACK, "&scope=read");
    running.authorize(&mut browser, &query).await;

    // The client, the session, what was agreed to, the code.
    let target = format!("/oauth/authorize?{query}");
    let (answer, sent) = statements.of(browser.get(&target)).await;
    assert_eq!(
        (answer.status, sent),
        (303, ["SELECT", "SELECT", "SELECT", "INSERT"].map(String::from).to_vec())
    );
    let code = value(&portal::parameters(answer.header("location").unwrap()), "code");
    // Nobody is signed in: the client.
    let mut stranger = running.browser();
    let (answer, sent) = statements.of(stranger.get(&target)).await;
    assert_eq!((answer.status, sent), (303, vec!["SELECT".to_owned()]));

    // The client, the code, its use, the token.
    let (answer, sent) = statements.of(running.redeem(&code)).await;
    assert_eq!(
        (answer.status, sent),
        (200, ["SELECT", "SELECT", "UPDATE", "INSERT"].map(String::from).to_vec())
    );
    let first = Tokens::of(&answer);
    let (answer, sent) = statements.of(running.redeem("ac_x")).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned()]));
    let (answer, sent) = statements.of(running.redeem(&code)).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned(); 2]));
    let (answer, sent) = statements.of(running.token(&running.other, &redemption(&code))).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned(); 2]));

    let (answer, sent) = statements.of(running.refresh(&first.refresh)).await;
    assert_eq!(
        (answer.status, sent),
        (200, ["SELECT", "SELECT", "UPDATE", "INSERT"].map(String::from).to_vec())
    );
    let tokens = Tokens::of(&answer);

    // The client and the token, whoever asks and whatever it is.
    for client in [&running.web, &running.other] {
        for token in [&tokens.access, &tokens.refresh, &first.refresh] {
            let (answer, sent) = statements.of(running.introspect(client, token)).await;
            assert_eq!((answer.status, sent), (200, vec!["SELECT".to_owned(); 2]));
        }
    }
    let (answer, sent) = statements.of(running.introspect(&running.web, "x")).await;
    assert_eq!((answer.status, sent), (200, vec!["SELECT".to_owned()]));

    let revoke = |token: &str| {
        let form = Request::form("/oauth/revoke", format!("token={token}"));
        running.send(form.basic(&running.web.id, &running.web.secret))
    };
    // The client, the token, its end.
    for token in [&tokens.access, &tokens.refresh] {
        let (answer, sent) = statements.of(revoke(token)).await;
        assert_eq!((answer.status, sent), (200, ["SELECT", "SELECT", "UPDATE"].map(String::from).to_vec()));
        assert!(!running.is_active(token).await);
    }
    let (answer, sent) = statements.of(revoke("x")).await;
    assert_eq!((answer.status, sent), (200, vec!["SELECT".to_owned()]));
}

/// On a server with a generator of its own, which cannot tell from its form what a value is.
async fn own_tokens(statements: &Statements) {
    let running = RunningMint::start().await;
    let tokens = running.tokens().await;
    let plain = Tokens::of(&running.token("grant_type=urn:test:plain&number=7").await);
    let select = |count| vec!["SELECT".to_owned(); count];
    let (access, refresh) = ("&token_type_hint=access_token", "&token_type_hint=refresh_token");
    // The client, and the token where the hint says; the other kind after it, access tokens first.
    for (token, hint, count) in [
        (&tokens.access, "", 2),
        (&tokens.access, access, 2),
        (&tokens.access, refresh, 3),
        (&tokens.access, "&token_type_hint=pat", 2),
        (&tokens.refresh, "", 3),
        (&tokens.refresh, access, 3),
        (&tokens.refresh, refresh, 2),
        (&plain.access, refresh, 2),
        (&plain.refresh, access, 2),
        (&"x".repeat(22), "", 3),
        (&"x".repeat(21), "", 1),
        (&running.robot.secret, "", 1),
    ] {
        let body = format!("token={}{hint}", portal::encoded(token));
        let (answer, sent) = statements.of(running.post(&running.robot, "/oauth/introspect", &body)).await;
        assert_eq!((answer.status, sent), (200, select(count)), "{body}");
        let (answer, sent) = statements.of(running.post(&running.other, "/oauth/revoke", &body)).await;
        assert_eq!((answer.status, sent), (200, select(count)), "{body}");
    }
    let (answer, sent) = statements.of(running.whoami(&tokens.access)).await;
    assert_eq!((answer.status, sent), (200, select(1)));
    let (answer, sent) = statements.of(running.whoami(&"x".repeat(21))).await;
    assert_eq!((answer.status, sent), (401, select(0)));
    // Neither asks more of the database than ours.
    let body = "grant_type=urn:test:badge&number=7";
    let (answer, sent) = statements.of(running.token(body)).await;
    assert_eq!((answer.status, sent), (200, vec!["SELECT".into(), "INSERT".into()]));
}

#[tokio::test]
async fn each_request_costs_as_many_statements_as_documented() {
    let statements = Statements::default();
    tracing::subscriber::set_global_default(Registry::default().with(statements.clone())).unwrap();
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;

    let (answer, sent) = statements.of(running.token(&robot, "grant_type=client_credentials")).await;
    assert_eq!((answer.status, sent), (200, vec!["SELECT".into(), "INSERT".into()]));
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let (answer, sent) = statements.of(running.whoami(&token)).await;
    assert_eq!((answer.status, sent), (200, vec!["SELECT".to_owned()]));

    protectors(&statements, &running, &token).await;

    for garbage in ["x", "at_", &token.replace("at_", "rt_"), token.get(..49).unwrap()] {
        let (answer, sent) = statements.of(running.whoami(garbage)).await;
        assert_eq!((answer.status, sent), (401, Vec::<String>::new()), "{garbage}");
    }
    for body in ["", "grant_type=password", "grant_type=client_credentials&x=%"] {
        let (answer, sent) = statements.of(running.token(&robot, body)).await;
        assert_eq!((answer.status, sent), (400, Vec::<String>::new()), "{body}");
    }
    let (answer, sent) = statements.of(running.bare_token("grant_type=client_credentials")).await;
    assert_eq!((answer.status, sent), (401, Vec::<String>::new()));

    let body = format!("grant_type={SMS_CODE}&phone=1&code=123456");
    let (answer, sent) = statements.of(running.token(&robot, &body)).await;
    assert_eq!(sent, ["SELECT", "INSERT"]);
    let tokens = Tokens::of(&answer);
    let (answer, sent) = statements.of(running.refresh(&robot, &tokens.refresh)).await;
    assert_eq!(
        (answer.status, sent),
        (200, ["SELECT", "SELECT", "UPDATE", "INSERT"].map(String::from).to_vec())
    );
    let (answer, sent) = statements.of(running.refresh(&robot, "rt_x")).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned()]));
    people(&statements).await;
    own_tokens(&statements).await;
}
