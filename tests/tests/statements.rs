//! How many SQL statements a request costs: what exchanges a code or a refresh token at most 4, a revocation or an introspection
//! at most 3, and what costs more is named here. What the application's own `subjects` hook asks of its database comes on
//! top. One test, because the subscriber is the process's.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use futures_util::future::join;
use oauth2_runtime::endpoint::{Cascade, PresentedToken};
use oauth2_runtime::prelude::{Bearer, protect};
use oauth2_tests::http::Request;
use oauth2_tests::own_tokens::RunningMint;
use oauth2_tests::portal::{self, RunningPortal, WEB_CALLBACK, redemption, request, value};
use oauth2_tests::provider::{Access, Auth, SMS_CODE, app};
use oauth2_tests::running::{Running, Tokens, listen};
use tokio::sync::Barrier;
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
    /// The statements of a request, without what begins and ends transactions, and without the pragmas that a pool
    /// sends when it happens to open another connection.
    async fn of<T>(&self, request: impl Future<Output = T>) -> (T, Vec<String>) {
        self.0.lock().unwrap().clear();
        let answer = request.await;
        let mut statements = std::mem::take(&mut *self.0.lock().unwrap());
        statements.retain(|word| !["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"].contains(&word.as_str()));
        (answer, statements)
    }
}

fn words(words: &str) -> Vec<String> {
    words.split_ascii_whitespace().map(str::to_owned).collect()
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
    assert_eq!((answer.status, sent), (303, words("SELECT SELECT SELECT INSERT")));
    let code = value(&portal::parameters(answer.header("location").unwrap()), "code");
    // Nobody is signed in: the client.
    let mut stranger = running.browser();
    let (answer, sent) = statements.of(stranger.get(&target)).await;
    assert_eq!((answer.status, sent), (303, vec!["SELECT".to_owned()]));

    // The client, the code, its use, the token.
    let (answer, sent) = statements.of(running.redeem(&code)).await;
    assert_eq!((answer.status, sent), (200, words("SELECT SELECT UPDATE INSERT")));
    let first = Tokens::of(&answer);
    let (answer, sent) = statements.of(running.redeem("ac_x")).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned()]));
    let (answer, sent) = statements.of(running.redeem(&code)).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned(); 2]));
    let (answer, sent) = statements.of(running.token(&running.other, &redemption(&code))).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned(); 2]));

    let (answer, sent) = statements.of(running.refresh(&first.refresh)).await;
    assert_eq!((answer.status, sent), (200, words("SELECT SELECT UPDATE INSERT")));
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
        assert_eq!((answer.status, sent), (200, words("SELECT SELECT UPDATE")));
        assert!(!running.is_active(token).await);
    }
    let (answer, sent) = statements.of(revoke("x")).await;
    assert_eq!((answer.status, sent), (200, vec!["SELECT".to_owned()]));
    narrowed(statements, &running).await;
    lost(statements, &running).await;
    came_back(statements, &running).await;
    alone(statements, &running).await;
}

/// A refresh token that is good for more than the access token it comes with has a row of its own, and no statement.
async fn narrowed(statements: &Statements, running: &RunningPortal) {
    let mut tokens = running.tokens("bob", "read write").await;
    for scope in ["read", "write"] {
        let body = format!("{}&scope={scope}", refreshed(&tokens.refresh));
        let (answer, sent) = statements.of(running.token(&running.web, &body)).await;
        assert_eq!((answer.status, sent), (200, words("SELECT SELECT UPDATE INSERT")));
        assert_eq!(answer.json()["scope"], scope);
        tokens = Tokens::of(&answer);
        assert!(running.is_active(&tokens.access).await && running.is_active(&tokens.refresh).await);
    }
}

/// Two uses that both find the artefact live: what both cost together, in the order of the alphabet. One of them succeeds,
/// which costs 4. The other one learns from its own use that it has lost, and asks to whom.
async fn lost(statements: &Statements, running: &RunningPortal) {
    let (code, token) = (running.code("bob", "read").await, running.tokens("bob", "read").await.refresh);
    running.portal.journal.lock().meeting = Some(Arc::new(Barrier::new(2)));
    let both = async |body: &str| {
        let once = || running.token(&running.web, body);
        let ((first, second), mut sent) = statements.of(join(once(), once())).await;
        assert_eq!(first.status + second.status, 200 + 400, "{first:?} {second:?}");
        sent.sort();
        sent
    };
    let sent = both(&redemption(&code)).await;
    assert_eq!(sent, words("INSERT SELECT SELECT SELECT SELECT SELECT UPDATE UPDATE"));
    // A refresh costs the loser 5, since it ends the authorization if even the successor was used by now.
    let sent = both(&refreshed(&token)).await;
    assert_eq!(sent, words("INSERT SELECT SELECT SELECT SELECT SELECT UPDATE UPDATE UPDATE"));
    running.portal.journal.lock().meeting = None;
}

/// The client, what came back, the end of what it was exchanged for.
async fn came_back(statements: &Statements, running: &RunningPortal) {
    let code = running.code("bob", "read").await;
    let first = Tokens::of(&running.redeem(&code).await);
    for (body, step) in [(redemption(&code), 11), (refreshed(&first.refresh), 0), (redemption(&code), 0)] {
        running.clock.step(step);
        let (answer, sent) = statements.of(running.token(&running.web, &body)).await;
        assert_eq!((answer.status, sent), (400, words("SELECT SELECT UPDATE")), "{body}");
    }
}

fn refreshed(token: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}")
}

/// With `Cascade::Token`, after the client was found: the token and its end.
async fn alone(statements: &Statements, running: &RunningPortal) {
    let (used, other) = (running.tokens("bob", "read").await, running.tokens("bob", "read").await);
    let successor = Tokens::of(&running.refresh(&used.refresh).await);
    let find = async |token: &str| PresentedToken::find(&running.portal, token, None).await.unwrap().unwrap();
    for token in [&used.refresh, &other.refresh, &other.refresh, &other.access] {
        let end = async { find(token).await.end(&running.portal, Cascade::Token).await };
        let (_, sent) = statements.of(end).await;
        assert_eq!(sent, words("SELECT UPDATE"));
        assert!(!running.is_active(token).await);
    }
    assert!(!running.is_active(&successor.refresh).await);
    // Used by somebody else after it was found: 5 with the client and the token, since its use has to fail first.
    let used = running.tokens("bob", "read").await;
    let token = find(&used.refresh).await;
    let successor = Tokens::of(&running.refresh(&used.refresh).await);
    let (ended, sent) = statements.of(token.end(&running.portal, Cascade::Token)).await;
    assert_eq!((ended.unwrap(), sent), (1, words("UPDATE SELECT UPDATE")));
    assert!(!running.is_active(&successor.refresh).await);
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
    // To its own client each ends with one statement more: that is 4 where it is not what the hint says, and for a refresh token
    // without a hint.
    for (hint, of_access, of_refresh) in [("", 2, 3), (access, 2, 3), (refresh, 3, 2)] {
        let tokens = running.tokens().await;
        for (token, count) in [(&tokens.access, of_access), (&tokens.refresh, of_refresh)] {
            let body = format!("token={}{hint}", portal::encoded(token));
            let (answer, sent) = statements.of(running.post(&running.robot, "/oauth/revoke", &body)).await;
            let found = [select(count), words("UPDATE")].concat();
            assert_eq!((answer.status, sent), (200, found), "{body}");
            assert_eq!(running.introspect(token, hint).await["active"], false, "{body}");
        }
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
    assert_eq!((answer.status, sent), (200, words("SELECT SELECT UPDATE INSERT")));
    let (answer, sent) = statements.of(running.refresh(&robot, "rt_x")).await;
    assert_eq!((answer.status, sent), (400, vec!["SELECT".to_owned()]));
    people(&statements).await;
    own_tokens(&statements).await;
}
