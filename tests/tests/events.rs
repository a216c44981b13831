//! Subscriptions at run time: what arrives, in which order, and what a slow subscriber loses.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use oauth2_runtime::http::serve_until;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::signal::{EVENTS_KEPT, Events, Notice, Occurrence};
use oauth2_tests::clock::START;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{self, RunningPortal, WEB_CALLBACK, encoded};
use oauth2_tests::running::{Database, Tokens, listen};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

/// The next notice; one that never comes is a failed test.
async fn next(events: &mut Events) -> Notice {
    let notice = tokio::time::timeout(Duration::from_secs(10), events.next()).await;
    notice.expect("no event").expect("the subscription has ended")
}

async fn next_event(events: &mut Events) -> Occurrence {
    match next(events).await {
        Notice::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

/// Whatever has arrived by now: an answer is sent after its events.
fn arrived(events: &mut Events) -> Vec<Occurrence> {
    let mut found = Vec::new();
    while let Some(notice) = events.next().now_or_never() {
        match notice.expect("the subscription has ended") {
            Notice::Event(event) => found.push(event),
            other => panic!("{other:?}"),
        }
    }
    found
}

/// The event with everything it says but its time and its authorization.
fn line(event: &Occurrence) -> String {
    let name = event.name();
    let person = |subject: &Option<Subject>| subject.as_ref().map_or("-".to_owned(), ToString::to_string);
    match event {
        Occurrence::ClientAuthenticated(event) => format!("{name} {} {}", event.client_id, event.method),
        Occurrence::TokenIssued(event) => {
            let TokenIssued { client_id, subject, grant_type, scope, refresh_token, .. } = event;
            format!("{name} {client_id} {} {grant_type} `{scope}` {refresh_token}", person(subject))
        }
        Occurrence::TokenAuthenticated(event) => {
            format!("{name} {} {}", event.client_id, person(&event.subject))
        }
        Occurrence::TokenRevoked(event) => {
            let TokenRevoked { client_id, subject, grant_id, tokens, .. } = event;
            format!("{name} {client_id} {} {tokens} {}", person(subject), grant_id.is_some())
        }
        Occurrence::RefreshTokenReused(event) => {
            format!("{name} {} {} {}", event.client_id, person(&event.subject), event.revoked)
        }
        Occurrence::CodeReplayed(event) => {
            let CodeReplayed { client_id, issued_to, subject, revoked, .. } = event;
            format!("{name} {client_id} {issued_to} {subject} {revoked}")
        }
        Occurrence::ConsentGranted(event) => {
            format!("{name} {} {} `{}`", event.client_id, event.subject, event.scope)
        }
        Occurrence::ConsentDenied(event) => {
            let subject = event.subject.as_ref().map_or("-", Subject::as_str);
            format!("{name} {} {subject} `{}`", event.client_id, event.scope)
        }
        other => panic!("{other:?}"),
    }
}

fn lines(events: &[Occurrence]) -> Vec<String> {
    events.iter().map(line).collect()
}

/// A server with a handler for each of six signals, and none for the two others.
#[tokio::test]
async fn every_event_arrives_in_order() {
    let site = RunningPortal::start().await;
    let mut events = site.portal.events();
    let mut all = Vec::new();

    let code = site.code("ada", "read").await;
    let first = Tokens::of(&site.redeem(&code).await);
    let known = [
        "consent_granted web u-ada `read`",
        "client_authenticated web client_secret_basic",
        "token_issued web u-ada authorization_code `read` true",
    ];
    let found = arrived(&mut events);
    assert_eq!(lines(&found), known);
    assert!(found.iter().all(|event| event.at() == Timestamp::from_unix_seconds(START)), "{found:?}");
    all.extend(found);

    assert_eq!(site.send(Request::get("/whoami").bearer(&first.access)).await.status, 200);
    let second = Tokens::of(&site.refresh(&first.refresh).await);
    let known = [
        "token_authenticated web u-ada",
        "client_authenticated web client_secret_basic",
        "token_issued web u-ada refresh_token `read` true",
    ];
    let found = arrived(&mut events);
    assert_eq!(lines(&found), known);
    all.extend(found);

    site.clock.step(11);
    assert_eq!(site.refresh(&first.refresh).await.status, 400);
    assert_eq!(site.redeem(&code).await.status, 400);
    let known = [
        "client_authenticated web client_secret_basic",
        "refresh_token_reused web u-ada true",
        "token_revoked web u-ada 1 true",
        "client_authenticated web client_secret_basic",
        "code_replayed web web u-ada false",
    ];
    let found = arrived(&mut events);
    assert_eq!(lines(&found), known);
    let now = Timestamp::from_unix_seconds(START + 11);
    assert!(found.iter().all(|event| event.at() == now), "{found:?}");
    all.extend(found);

    let mut browser = site.signed_in("bob").await;
    let query = portal::request("web", WEB_CALLBACK, &format!("&scope={}", encoded("read")));
    let page = format!("/consent?{query}");
    let consent = browser.get(&page).await;
    assert_eq!(browser.decide(&consent, &page, "deny").await.status, 303);
    let third = site.token(&site.other, "grant_type=client_credentials&scope=read").await;
    let third = third.json()["access_token"].as_str().unwrap().to_owned();
    let revocation = Request::form("/oauth/revoke", format!("token={third}"));
    assert_eq!(site.send(revocation.basic(&site.other.id, &site.other.secret)).await.status, 200);
    let known = [
        "consent_denied web u-bob `read`",
        "client_authenticated other client_secret_basic",
        "token_issued other - client_credentials `read` false",
        "client_authenticated other client_secret_basic",
        "token_revoked other - 1 true",
    ];
    let found = arrived(&mut events);
    assert_eq!(lines(&found), known);
    all.extend(found);

    let text = format!("{all:?}");
    let secrets = [&code, &first.access, &first.refresh, &second.access, &second.refresh, &third];
    for secret in secrets.into_iter().chain([&site.web.secret, &site.other.secret]) {
        assert!(!text.contains(secret.as_str()), "{text}");
    }
}

/// What a handler does not do over HTTP arrives as well.
#[tokio::test]
async fn deleting_a_client_and_withdrawing_a_consent_arrive() {
    let site = RunningPortal::start().await;
    site.tokens("ada", "read").await;
    site.tokens("bob", "read").await;
    let mut events = site.portal.events();
    assert_eq!(site.portal.people().withdraw_consent(&"u-ada".into(), &"web".into()).await.unwrap(), 1);
    assert!(site.portal.clients().delete(&"web".into()).await.unwrap());
    assert_eq!(
        lines(&arrived(&mut events)),
        ["token_revoked web u-ada 1 false", "token_revoked web - 1 false"]
    );
}

/// An audit must be able to say whose access ended, however it did.
#[tokio::test]
async fn the_end_of_tokens_names_the_person() {
    let site = RunningPortal::start().await;
    let (ada, bob) = (site.tokens("ada", "read").await, site.code("bob", "read").await);
    site.redeem(&bob).await;
    let spent = site.tokens("cid", "read").await;
    site.refresh(&spent.refresh).await;
    site.clock.step(11);
    let mut events = site.portal.events();
    for token in [&ada.access, &ada.refresh] {
        let revocation = Request::form("/oauth/revoke", format!("token={token}"));
        assert_eq!(site.send(revocation.basic(&site.web.id, &site.web.secret)).await.status, 200);
    }
    assert_eq!(site.redeem(&bob).await.status, 400);
    assert_eq!(site.refresh(&spent.refresh).await.status, 400);
    let mut found = lines(&arrived(&mut events));
    found.retain(|line| !line.starts_with("client_authenticated"));
    let known = [
        "token_revoked web u-ada 1 true",
        "token_revoked web u-ada 1 true",
        "code_replayed web web u-bob true",
        "token_revoked web u-bob 1 true",
        "refresh_token_reused web u-cid true",
        "token_revoked web u-cid 1 true",
    ];
    assert_eq!(found, known);
}

#[tokio::test]
async fn a_slow_subscriber_loses_the_oldest_and_is_told_how_many_while_requests_go_on() {
    let site = RunningPortal::start().await;
    let (mut slow, mut quick) = (site.portal.events(), site.portal.events());
    let (kept, dropped) = (i64::try_from(EVENTS_KEPT).unwrap(), 76);
    for count in 1..=kept + dropped {
        site.clock.step(1);
        let answer = site.introspect(&site.web, "nothing").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"active":false}"#));
        assert_eq!(next_event(&mut quick).await.at(), Timestamp::from_unix_seconds(START + count));
    }
    assert!(matches!(next(&mut slow).await, Notice::Dropped(76)));
    for count in dropped + 1..=kept + dropped {
        assert_eq!(next_event(&mut slow).await.at(), Timestamp::from_unix_seconds(START + count));
    }
    assert_eq!(site.introspect(&site.web, "nothing").await.status, 200);
    for events in [&mut slow, &mut quick] {
        assert_eq!(lines(&arrived(events)), ["client_authenticated web client_secret_basic"]);
    }
}

#[tokio::test]
async fn a_subscription_begins_when_it_is_made_and_is_a_stream() {
    let site = RunningPortal::start().await;
    assert_eq!(site.introspect(&site.web, "nothing").await.status, 200);
    let late = site.portal.events();
    assert_eq!(site.introspect(&site.other, "nothing").await.status, 200);
    let names = late.map(|notice| match notice {
        Notice::Event(event) => line(&event),
        other => panic!("{other:?}"),
    });
    let first: Vec<String> = names.take(1).collect().await;
    assert_eq!(first, ["client_authenticated other client_secret_basic"]);
    // Nobody is subscribed any more.
    assert_eq!(site.introspect(&site.web, "nothing").await.status, 200);
}

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials, scopes(Access::Read))]
struct Machine;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
    signals(token_issued = takes_its_time),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    begun: Arc<Semaphore>,
    leave: Arc<Semaphore>,
}

async fn takes_its_time(auth: &Auth, _: &TokenIssued) {
    auth.begun.add_permits(1);
    auth.leave.acquire().await.unwrap().forget();
}

async fn ready(database: &Database) -> (Ready<Auth>, String) {
    let (begun, leave) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let auth = Auth { db: database.store().await, begun, leave }.ready().await.unwrap();
    let secret = ClientSecret::generate().unwrap();
    let client = Client { client_secret: Some(secret.hash()), ..Client::new("robot", ScopeSet::all()) };
    auth.clients().ensure(client).await.unwrap();
    (auth, secret.expose().to_owned())
}

#[tokio::test]
async fn an_event_arrives_after_its_handlers_ran() {
    let database = Database::default();
    let (auth, secret) = ready(&database).await;
    let mut events = auth.events();
    let address = listen(auth.router()).await;
    let request = Request::form("/oauth/token", "grant_type=client_credentials").basic("robot", &secret);
    let request = tokio::spawn(request.send(address));
    auth.begun.acquire().await.unwrap().forget();
    assert_eq!(lines(&arrived(&mut events)), ["client_authenticated robot client_secret_basic"]);
    auth.leave.add_permits(1);
    assert_eq!(request.await.unwrap().status, 200);
    assert_eq!(lines(&arrived(&mut events)), ["token_issued robot - client_credentials `read` false"]);
}

#[tokio::test]
async fn a_subscription_ends_with_the_server_and_does_not_keep_it() {
    let database = Database::default();
    let (auth, secret) = ready(&database).await;
    let (begun, mut events) = (Arc::downgrade(&auth.begun), auth.events());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, (stop, stopped)) = (listener.local_addr().unwrap(), oneshot::channel::<()>());
    auth.leave.add_permits(1);
    let serving = tokio::spawn(serve_until(auth.router(), listener, async {
        let _ = stopped.await;
    }));
    drop(auth);
    let request = Request::form("/oauth/token", "grant_type=client_credentials").basic("robot", &secret);
    assert_eq!(request.send(address).await.status, 200);
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(begun.upgrade().is_none(), "the subscription keeps the server");
    // What was sent before is still there.
    assert_eq!(next_event(&mut events).await.name(), "client_authenticated");
    assert_eq!(next_event(&mut events).await.name(), "token_issued");
    let end = tokio::time::timeout(Duration::from_secs(10), events.next()).await;
    assert!(end.expect("the subscription goes on").is_none());
}
