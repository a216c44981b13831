//! How long access tokens live: per grant, per client, the same in the answer, in the row and in introspection.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_tests::clock::{START, SteppingClock};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::own_tokens::{self, RunningMint, Script};
use oauth2_tests::portal::{self, RunningPortal, WEB_CALLBACK, client, register};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials, Database, Tokens, listen};

const MACHINE: &str = "grant_type=client_credentials&scope=read";

/// The answer, the row and introspection say `seconds`, and the token lives no longer.
async fn assert_lifetime(running: &RunningPortal, client: &Credentials, answer: &Response, seconds: i64) {
    assert_eq!((answer.status, &answer.json()["expires_in"]), (200, &seconds.into()), "{answer:?}");
    let newest = "SELECT expires_at - issued_at FROM oauth2_token ORDER BY rowid DESC LIMIT 1";
    assert_eq!(running.database.number(newest).await, seconds);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let learnt = running.introspect(client, &token).await.json();
    assert_eq!(learnt["exp"].as_i64().unwrap() - learnt["iat"].as_i64().unwrap(), seconds);
    let status = async || running.send(Request::get("/whoami").bearer(&token)).await.status;
    running.clock.step(seconds - 1);
    assert_eq!(status().await, 200);
    running.clock.step(1);
    assert_eq!(status().await, 401);
}

#[tokio::test]
async fn each_grant_has_its_own() {
    let running = RunningPortal::start().await;
    let code = running.code("alice", "read").await;
    let answer = running.redeem(&code).await;
    let refresh = Tokens::of(&answer).refresh;
    assert_lifetime(&running, &running.web, &answer, 600).await;
    assert_lifetime(&running, &running.web, &running.refresh(&refresh).await, 300).await;
    assert_lifetime(&running, &running.web, &running.token(&running.web, MACHINE).await, 3_600).await;
}

#[tokio::test]
async fn a_clients_own_replaces_that_of_every_grant() {
    let running = RunningPortal::start().await;
    let web = Client { access_token_ttl: Some(Lifetime::seconds(90)), ..client("web", &[WEB_CALLBACK]) };
    let web = register(&running.portal, web).await;
    let running = RunningPortal { web: web.clone(), ..running };
    let code = running.code("alice", "read").await;
    let answer = running.redeem(&code).await;
    let refresh = Tokens::of(&answer).refresh;
    assert_lifetime(&running, &web, &answer, 90).await;
    assert_lifetime(&running, &web, &running.refresh(&refresh).await, 90).await;
    assert_lifetime(&running, &web, &running.token(&web, MACHINE).await, 90).await;
    // And nobody else's, nor its own once it is taken back.
    assert_lifetime(&running, &running.other, &running.token(&running.other, MACHINE).await, 3_600).await;
    running.portal.clients().replace(client("web", &[WEB_CALLBACK])).await.unwrap();
    assert_lifetime(&running, &web, &running.token(&web, MACHINE).await, 3_600).await;
}

/// A generator is told the client's, and has the last word.
#[tokio::test]
async fn a_generator_is_told_the_clients_own() {
    let running = RunningMint::start().await;
    let robot =
        Client { access_token_ttl: Some(Lifetime::minutes(2)), ..Client::new("robot", ScopeSet::all()) };
    let robot = own_tokens::register(&running.mint, robot).await;
    let answer = running.post(&robot, "/oauth/token", MACHINE).await;
    assert_eq!(answer.json()["expires_in"], 120);
    assert_eq!(running.mint.desk.seen(), ["120s", "token_issued robot"]);
    let lifetime = Some(std::time::Duration::from_secs(7));
    running.mint.desk.script(Script { lifetime, ..Script::default() });
    let answer = running.post(&robot, "/oauth/token", MACHINE).await;
    assert_eq!(answer.json()["expires_in"], 7);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let token = format!("token={token}");
    let learnt = running.post(&robot, "/oauth/introspect", &token).await.json();
    assert_eq!(learnt["exp"], START + 7);
}

#[tokio::test]
async fn zero_and_more_than_a_year_are_refused_when_the_client_is_registered() {
    let running = RunningPortal::start().await;
    let clients = running.portal.clients();
    let with = |ttl| Client { access_token_ttl: Some(ttl), ..client("new", &[]) };
    for (ttl, written) in [
        (Lifetime::seconds(0), "0 s"),
        (Lifetime::seconds(31_536_001), "31536001 s"),
        (Lifetime::days(u32::MAX), "4294967295 s"),
    ] {
        let told = format!(
            "the client `new` cannot have an `access_token_ttl` of {written}: it is from one second to a year"
        );
        for refused in [
            clients.register(with(ttl)).await.map(drop),
            clients.ensure(with(ttl)).await.map(drop),
            clients.replace(with(ttl)).await.map(drop),
            clients.check(&with(ttl)),
        ] {
            assert_eq!(refused.unwrap_err().to_string(), told);
        }
        assert!(clients.get(&"new".into()).await.unwrap().is_none());
    }
    for ttl in [Lifetime::seconds(1), Lifetime::hours(1), Lifetime::MAX] {
        clients.ensure(with(ttl)).await.unwrap();
        assert_eq!(clients.get(&"new".into()).await.unwrap().unwrap().access_token_ttl, Some(ttl));
    }
}

/// What nobody can register is not believed when somebody writes it into the table.
#[tokio::test]
async fn a_lifetime_that_was_never_registered_is_not_used() {
    let running = RunningPortal::start().await;
    for wrong in [0, -1, 31_536_001, i64::MAX] {
        let change = format!("UPDATE oauth2_client SET access_token_ttl = {wrong} WHERE client_id = 'web'");
        assert_eq!(running.database.execute(&change).await, 1);
        let answer = running.token(&running.web, MACHINE).await;
        answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
    }
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_token").await, 0);
}

/// `schema = managed` brings the column to a table of before.
#[tokio::test]
async fn a_table_without_the_column_gets_it() {
    let running = RunningPortal::start().await;
    running.database.execute("ALTER TABLE oauth2_client DROP COLUMN access_token_ttl").await;
    let portal = portal::ready(&running.database, &running.clock, "http://127.0.0.1").await;
    let web = portal.clients().get(&"web".into()).await.unwrap().unwrap();
    assert_eq!(web.access_token_ttl, None);
    let change = Client { access_token_ttl: Some(Lifetime::seconds(90)), ..web };
    assert!(portal.clients().replace(change).await.unwrap());
    assert_lifetime(&running, &running.web, &running.token(&running.web, MACHINE).await, 90).await;
}

/// The role on a model of one's own, under another name.
mod own_model {
    use super::*;

    #[derive(Debug, OAuth2Client)]
    #[oauth2(table = "app")]
    pub(super) struct App {
        pub(super) client_id: ClientId,
        pub(super) client_secret: Option<SecretHash>,
        pub(super) scope: ScopeSet<Access>,
        #[oauth2(access_token_ttl)]
        pub(super) patience: Option<Lifetime>,
    }

    #[grant(client_credentials)]
    pub(super) struct Machine;

    #[oauth2_server(
        issuer = "https://id.example",
        models(client = App),
        scopes = Access,
        grants(Machine),
        client_auth(client_secret_basic),
    )]
    pub(super) struct Auth {
        #[oauth2(store)]
        pub(super) db: SqlStore<Sqlite>,
    }
}

#[tokio::test]
async fn a_model_of_ones_own_has_the_role() {
    let database = Database::default();
    let auth = own_model::Auth { db: database.store().await };
    let auth = auth.ready_in(Environment::new(SteppingClock::default(), SystemRandom)).await.unwrap();
    let address = listen(auth.router().with_state(())).await;
    let secret = ClientSecret::generate().unwrap();
    for (patience, seconds) in [(None, 3_600), (Some(Lifetime::hours(2)), 7_200)] {
        let (client_id, client_secret) = (ClientId::from("robot"), Some(secret.hash()));
        let robot = own_model::App { client_id, client_secret, scope: ScopeSet::all(), patience };
        auth.clients().ensure(robot).await.unwrap();
        let request = Request::form("/oauth/token", MACHINE).basic("robot", secret.expose());
        assert_eq!(request.send(address).await.json()["expires_in"], seconds);
    }
    assert_eq!(database.texts("SELECT CAST(patience AS TEXT) FROM app").await, ["7200"]);
}
