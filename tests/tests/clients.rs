//! The typed API for clients.

use std::time::Duration;

use oauth2_runtime::prelude::*;
use oauth2_tests::provider::{Access, App, app};
use oauth2_tests::running::Running;

fn ids(clients: &[App]) -> Vec<&str> {
    clients.iter().map(|client| client.client_id.as_str()).collect()
}

async fn stored(running: &Running) -> Vec<String> {
    running
        .database
        .texts("SELECT client_id || ' ' || team || ' ' || scope FROM app ORDER BY client_id")
        .await
}

#[tokio::test]
async fn ensuring_a_client_twice_keeps_one_with_the_last_values() {
    let running = Running::start().await;
    let clients = running.auth.clients();
    let first = clients.ensure(app("robot")).await.unwrap();
    assert_eq!(first.team, "night shift");
    clients.ensure(app("robot")).await.unwrap();
    assert_eq!(stored(&running).await, ["robot night shift read write admin"]);
    let scope = [Access::Admin].into_iter().collect();
    clients.ensure(App { team: "day shift".into(), scope, ..app("robot") }).await.unwrap();
    assert_eq!(stored(&running).await, ["robot day shift admin"]);
}

#[tokio::test]
async fn registering_a_client_twice_is_refused_and_changes_nothing() {
    let running = Running::start().await;
    let clients = running.auth.clients();
    clients.register(app("robot")).await.unwrap();
    let error = clients.register(App { team: "thieves".into(), ..app("robot") }).await.unwrap_err();
    assert_eq!(error.to_string(), "the client `robot` exists already: use `replace` or `ensure`");
    assert_eq!(stored(&running).await, ["robot night shift read write admin"]);
}

#[tokio::test]
async fn every_column_comes_back_as_it_was_stored() {
    let running = Running::start().await;
    let secret = ClientSecret::generate().unwrap();
    let robot = App {
        client_secret: Some(secret.hash()),
        redirect_uris: ["https://app.example/a", "https://app.example/b?c=d"].into_iter().collect(),
        scope: [Access::Write, Access::Read].into_iter().collect(),
        grant_types: Some(["client_credentials", "refresh_token"].into_iter().collect()),
        token_endpoint_auth_method: Some("client_secret_post".into()),
        team: "l'\u{e9}quipe \"\u{1f600}\"; DROP TABLE app".into(),
        ..app("robot")
    };
    let clients = running.auth.clients();
    let robot = clients.register(robot).await.unwrap();
    let found = clients.get(&"robot".into()).await.unwrap().unwrap();
    assert_eq!(format!("{found:?}"), format!("{robot:?}"));
    assert_eq!(found.client_secret, Some(secret.hash()));
    let none = App { grant_types: Some(GrantTypes::default()), ..app("none") };
    clients.register(none).await.unwrap();
    let none = clients.get(&"none".into()).await.unwrap().unwrap();
    assert_eq!((none.client_secret, none.grant_types), (None, Some(GrantTypes::default())));
}

#[tokio::test]
async fn an_unknown_client_is_nobody() {
    let running = Running::start().await;
    let clients = running.auth.clients();
    clients.register(app("robot")).await.unwrap();
    for id in ["", "Robot", "robot ", "%"] {
        assert!(clients.get(&id.into()).await.unwrap().is_none(), "{id:?}");
    }
    assert!(!clients.replace(app("nobody")).await.unwrap());
    assert!(!clients.delete(&"nobody".into()).await.unwrap());
    let error = clients.rotate_secret(&"nobody".into(), Duration::ZERO).await.err().unwrap();
    assert_eq!(error.to_string(), "there is no client `nobody`");
    assert_eq!(stored(&running).await.len(), 1);
}

#[tokio::test]
async fn clients_are_listed_page_by_page() {
    let running = Running::start().await;
    let clients = running.auth.clients();
    for id in ["d", "b", "a", "c", "e"] {
        clients.register(app(id)).await.unwrap();
    }
    assert_eq!(ids(&clients.list(None, 2).await.unwrap()), ["a", "b"]);
    assert_eq!(ids(&clients.list(Some(&"b".into()), 2).await.unwrap()), ["c", "d"]);
    assert_eq!(ids(&clients.list(Some(&"d".into()), 2).await.unwrap()), ["e"]);
    assert_eq!(ids(&clients.list(Some(&"e".into()), 2).await.unwrap()), Vec::<&str>::new());
    // A page may start after an identifier that is no longer there.
    assert_eq!(ids(&clients.list(Some(&"bb".into()), 9).await.unwrap()), ["c", "d", "e"]);
    assert_eq!(ids(&clients.list(None, 0).await.unwrap()), Vec::<&str>::new());
    assert_eq!(ids(&clients.list(None, u32::MAX).await.unwrap()).len(), 5);
}

#[tokio::test]
async fn replacing_a_client_changes_it_and_keeps_its_tokens() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let tokens = running.sign_in(&robot, "5550100").await;
    let clients = running.auth.clients();
    let mut found = clients.get(&"robot".into()).await.unwrap().unwrap();
    found.team = "day shift".into();
    assert!(clients.replace(found).await.unwrap());
    assert_eq!(stored(&running).await, ["robot day shift read write admin"]);
    assert_eq!(running.whoami(&tokens.access).await.status, 200);
    assert_eq!(running.refresh(&robot, &tokens.refresh).await.status, 200);
}

#[tokio::test]
async fn deleting_a_client_ends_its_tokens_and_no_others() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let other = running.register(app("robot2")).await;
    let (tokens, others) = (running.sign_in(&robot, "1").await, running.sign_in(&other, "1").await);
    running.clock.step(5);
    assert!(running.auth.clients().delete(&"robot".into()).await.unwrap());
    assert!(!running.auth.clients().delete(&"robot".into()).await.unwrap());
    assert_eq!(running.whoami(&tokens.access).await.status, 401);
    assert_eq!(running.whoami(&others.access).await.status, 200);
    assert_eq!(running.refresh(&other, &others.refresh).await.status, 200);
    let ended = "SELECT revoked_at FROM app_token WHERE client_id = 'robot'";
    assert_eq!(running.database.number(ended).await, 1_800_000_005);
}

/// F20: a request's redirect URI is compared with each of them.
#[tokio::test]
async fn a_client_has_at_most_fifty_redirect_uris() {
    let running = Running::start().await;
    let clients = running.auth.clients();
    let having = |count: usize| App {
        redirect_uris: (0..count).map(|number| format!("https://app.example/{number}")).collect(),
        ..app("robot")
    };
    clients.register(having(50)).await.unwrap();
    let refused = "the client `robot` cannot have 51 redirect URIs: there are at most 50";
    assert_eq!(clients.check(&having(51)).unwrap_err().to_string(), refused);
    for result in [
        clients.register(having(51)).await.map(|_| ()),
        clients.ensure(having(51)).await.map(|_| ()),
        clients.replace(having(51)).await.map(|_| ()),
    ] {
        assert_eq!(result.unwrap_err().to_string(), refused);
    }
    let stored = clients.get(&"robot".into()).await.unwrap().unwrap();
    assert_eq!(stored.redirect_uris.iter().count(), 50);
    assert_eq!(stored.redirect_uris.iter().last(), Some("https://app.example/49"));
    clients.ensure(having(50)).await.unwrap();
    assert!(clients.replace(having(50)).await.unwrap());
}

/// RFC 6749 appendix A.1: `client-id = *VSCHAR`.
#[tokio::test]
async fn identifiers_are_printable_ascii() {
    let running = Running::start().await;
    let clients = running.auth.clients();
    for id in ["", "a\n", "a\0b", "caf\u{e9}", "\u{7f}", "\t"] {
        for result in [
            clients.register(app(id)).await.map(|_| ()),
            clients.ensure(app(id)).await.map(|_| ()),
            clients.replace(app(id)).await.map(|_| ()),
        ] {
            assert_eq!(
                result.unwrap_err().to_string(),
                format!(
                    "`{}` is not a client identifier: it is one or more printable ASCII characters (RFC 6749 appendix A.1)",
                    id.escape_debug()
                )
            );
        }
    }
    assert_eq!(stored(&running).await, Vec::<String>::new());
    clients.register(app(" ~!\"'%;:@/")).await.unwrap();
}

#[tokio::test]
async fn rotation_gives_a_public_client_its_first_secret() {
    let running = Running::start().await;
    running.auth.clients().register(app("robot")).await.unwrap();
    let secret = running.auth.clients().rotate_secret(&"robot".into(), Duration::ZERO).await.unwrap();
    let found = running.auth.clients().get(&"robot".into()).await.unwrap().unwrap();
    assert_eq!(found.client_secret, Some(secret.hash()));
    assert!(ClientSecret::parse(secret.expose()).is_some());
}

/// Another unique column of the application is not the identifier.
#[tokio::test]
async fn a_conflict_in_another_column_is_an_error_and_not_a_loop() {
    let running = Running::start().await;
    running.database.execute("CREATE UNIQUE INDEX one_team ON app (team)").await;
    let clients = running.auth.clients();
    clients.register(app("robot")).await.unwrap();
    let ensured = tokio::time::timeout(Duration::from_secs(5), clients.ensure(app("other"))).await;
    for error in [ensured.expect("it ends").unwrap_err(), clients.register(app("other")).await.unwrap_err()] {
        assert_eq!(
            error.to_string(),
            "the client `other` cannot be stored: another client has the same value in a unique column"
        );
    }
    assert_eq!(stored(&running).await, ["robot night shift read write admin"]);
}

/// Each of two rotations replaces what it has seen, so that no secret is answered that never was one.
#[tokio::test]
async fn concurrent_rotations_all_take_effect() {
    let running = Running::start().await;
    let (robot, clients) = (ClientId::from("robot"), running.auth.clients());
    clients.register(app("robot")).await.unwrap();
    for _ in 0..20 {
        let overlap = Duration::from_mins(1);
        let (first, second) =
            tokio::join!(clients.rotate_secret(&robot, overlap), clients.rotate_secret(&robot, overlap));
        let stored = clients.get(&robot).await.unwrap().unwrap().client_secret.unwrap();
        for secret in [first.unwrap(), second.unwrap()] {
            assert!(
                stored.verify(secret.expose(), Timestamp::from_unix_seconds(1_800_000_000)).await.unwrap()
            );
        }
    }
}

/// A client that was read before a rotation and written back after it does not revive the old secret.
#[tokio::test]
async fn replacing_a_client_keeps_its_secret() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    let clients = running.auth.clients();
    let mut seen = clients.get(&"robot".into()).await.unwrap().unwrap();
    let next = clients.rotate_secret(&"robot".into(), Duration::ZERO).await.unwrap();
    seen.team = "day shift".into();
    assert!(clients.replace(seen).await.unwrap());
    let stored = clients.get(&"robot".into()).await.unwrap().unwrap();
    assert_eq!(stored.team, "day shift");
    let now = Timestamp::from_unix_seconds(1_900_000_000);
    assert!(stored.client_secret.unwrap().verify(next.expose(), now).await.unwrap());
    assert_eq!(running.token(&robot, "grant_type=client_credentials").await.status, 401);
}

/// Lists are stored with spaces between their items, so a space in one would make two of it.
#[tokio::test]
async fn a_space_does_not_add_a_right() {
    let running = Running::start().await;
    for sly in ["x client_credentials", "", "a\tb", "a\u{a0}b"] {
        let sly = App { grant_types: Some([sly].into_iter().collect()), ..app("robot") };
        assert_eq!(
            running.auth.clients().register(sly).await.unwrap_err().to_string(),
            "the client `robot` has a grant type or a response type that is empty or contains white space"
        );
    }
    assert_eq!(stored(&running).await, Vec::<String>::new());
}

const HTTP: &str = "`http` is for loopback hosts only; use `https`";
const FRAGMENT: &str = "a redirect URI has no fragment";
const ABSOLUTE: &str = "it is not an absolute URI";
const CHARACTERS: &str = "a redirect URI is printable ASCII without `*` and `\\`: there are no wildcards";
const NORMAL_FORM: &str =
    "it is not in normal form: scheme and host in lower case, no default port, no dot segments";
const USER_NAME: &str = "a redirect URI has no user name and no password";
const OWN_SCHEME: &str =
    "a scheme of an application's own is its reversed domain name, such as `com.example.app`";

/// S03 (user names), S05 (wildcards), S09 (schemes that run code, or that anybody can claim), S10 (fragments); `http` and other
/// spellings besides: one line that names the client, the URI and the reason, and nothing is stored.
#[tokio::test]
async fn redirect_uris_are_looked_at_before_they_are_stored() {
    let running = Running::start().await;
    let clients = running.auth.clients();
    for (uri, reason) in [
        ("http://client.example/cb", HTTP),
        ("http://127.0.0.1.evil.test/cb", HTTP),
        ("http://192.168.0.1/cb", HTTP),
        ("https://client.example/cb#x", FRAGMENT),
        ("https://client.example/cb#", FRAGMENT),
        ("com.example.app:/cb#x", FRAGMENT),
        ("", ABSOLUTE),
        ("/cb", ABSOLUTE),
        ("https://*.client.example/cb", CHARACTERS),
        ("https://client.example/*", CHARACTERS),
        ("https://a.test/cb https://evil.test", CHARACTERS),
        ("https://client.example/cb\\@evil.test", CHARACTERS),
        ("https://client.example/\u{e9}", CHARACTERS),
        ("https://client.example@evil.test/cb", USER_NAME),
        ("https://a.test:443@evil.test/", USER_NAME),
        ("https://Client.example/cb", NORMAL_FORM),
        ("HTTPS://client.example/cb", NORMAL_FORM),
        ("https://client.example:443/cb", NORMAL_FORM),
        ("https://client.example/a/../cb", NORMAL_FORM),
        ("javascript:alert(1)", OWN_SCHEME),
        ("data:text/html,x", OWN_SCHEME),
        ("vbscript:x", OWN_SCHEME),
        ("myapp://cb", OWN_SCHEME),
    ] {
        // Between two good ones.
        let uris = || ["https://good.example/a", uri, "https://good.example/b"].into_iter().collect();
        for refused in [
            clients.register(App { redirect_uris: uris(), ..app("robot") }).await.map(|_| ()),
            clients.ensure(App { redirect_uris: uris(), ..app("robot") }).await.map(|_| ()),
            clients.replace(App { redirect_uris: uris(), ..app("robot") }).await.map(|_| ()),
        ] {
            assert_eq!(
                refused.unwrap_err().to_string(),
                format!("the client `robot` cannot have the redirect URI `{}`: {reason}", uri.escape_debug())
            );
        }
    }
    assert_eq!(stored(&running).await, Vec::<String>::new());
}

/// A line break in a URI does not break the line of the error.
#[tokio::test]
async fn a_refused_redirect_uri_stays_on_its_line() {
    let running = Running::start().await;
    let sly = App { redirect_uris: ["https://a.test/\r\nb`"].into_iter().collect(), ..app("robot") };
    assert_eq!(
        running.auth.clients().register(sly).await.unwrap_err().to_string(),
        format!("the client `robot` cannot have the redirect URI `https://a.test/\\r\\nb``: {CHARACTERS}")
    );
}

/// Deleting a client ends its tokens, and that is told as well.
#[tokio::test]
async fn a_deleted_client_is_told() {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    running.sign_in(&robot, "1").await;
    running.auth.journal.forget();
    assert!(running.auth.clients().delete(&"robot".into()).await.unwrap());
    assert_eq!(running.auth.journal.signals(), ["token_revoked robot 1"]);
}
