//! The audit file: one line a signal, and nothing in it that could be used.

use std::ops::RangeInclusive;

use oauth2_runtime::prelude::ClientSecret;
use oauth2_runtime::time::{Clock, SystemClock};
use oauth2_tests::http::Request;
use oauth2_tests::portal::request;
use oauth2_tests::running::{Database, Tokens};

use crate::site::{CALLBACK, PASSWORD, Site, decide};

fn now() -> i64 {
    SystemClock.now().unix_seconds()
}

/// Lines as they have to be, up to the moment.
fn expected(events: &[(&str, &str, &str, &str)]) -> Vec<String> {
    let quoted = |text: &str| if text == "-" { "null".to_owned() } else { format!("\"{text}\"") };
    let line = |(event, client_id, sub, grant_type): &(&str, &str, &str, &str)| {
        let (sub, grant_type) = (quoted(sub), quoted(grant_type));
        format!(
            r#"{{"event":"{event}","client_id":"{client_id}","sub":{sub},"grant_type":{grant_type},"at":"#
        )
    };
    events.iter().map(line).collect()
}

/// The lines up to the moment, which has to be in `time`.
fn lines(audit: &str, time: &RangeInclusive<i64>) -> Vec<String> {
    assert!(audit.ends_with("}\n"), "{audit}");
    let cut = |line: &str| {
        let (start, at) = line.split_at(line.find("\"at\":").unwrap() + 5);
        let at: i64 = at.strip_suffix('}').unwrap().parse().unwrap();
        assert!(time.contains(&at), "{line} in {time:?}");
        start.to_owned()
    };
    audit.lines().map(cut).collect()
}

#[tokio::test]
async fn every_signal_has_its_line() {
    let began = now();
    let site = Site::start_with(&["--audit", "audit.log"]);
    let mut secrets = vec![PASSWORD.to_owned(), site.robot.secret.clone(), site.web.secret.clone()];
    let target = format!("/oauth/authorize?{}", request("web", CALLBACK, "&scope=photos:read"));
    decide(&mut site.browser(), &target, "deny").await;
    let code = site.code("photos:read").await;
    let first = Tokens::of(&site.redeem(&code).await);
    assert_eq!(site.redeem(&code).await.status, 400);
    assert_eq!(site.send(Request::get("/api/me").bearer(&first.access)).await.status, 200);
    let second = Tokens::of(&site.refresh(&first.refresh).await);
    let third = Tokens::of(&site.refresh(&second.refresh).await);
    assert_eq!(site.refresh(&first.refresh).await.status, 400);
    let robot = site.robot_token("photos:read").await;
    let revoke = Request::form("/oauth/revoke", format!("token={robot}"));
    assert_eq!(site.send(revoke.basic(&site.robot.id, &site.robot.secret)).await.status, 200);
    // What fails is no signal.
    let wrong = Request::form("/oauth/token", "grant_type=client_credentials").basic("robot", "wrong");
    assert_eq!(site.send(wrong).await.status, 401);
    secrets.extend([code, robot]);
    secrets.extend([first, second, third].into_iter().flat_map(|tokens| [tokens.access, tokens.refresh]));
    let (ended, database) = site.stop();
    let audit = std::fs::read_to_string(database.folder().join("audit.log")).unwrap();
    let web = ("client_authenticated", "web", "-", "-");
    let renewed = ("token_issued", "web", "u-alice", "refresh_token");
    let robot = ("client_authenticated", "robot", "-", "-");
    let all = expected(&[
        ("consent_denied", "web", "u-alice", "-"),
        ("consent_granted", "web", "u-alice", "-"),
        web,
        ("token_issued", "web", "u-alice", "authorization_code"),
        web,
        ("code_replayed", "web", "u-alice", "-"),
        ("token_authenticated", "web", "u-alice", "-"),
        web,
        renewed,
        web,
        renewed,
        web,
        ("refresh_token_reused", "web", "u-alice", "-"),
        ("token_revoked", "web", "u-alice", "-"),
        robot,
        ("token_issued", "robot", "-", "client_credentials"),
        robot,
        ("token_revoked", "robot", "-", "-"),
    ]);
    assert_eq!(lines(&audit, &(began..=now())), all);
    for secret in secrets {
        assert!(secret.len() > 8 && !audit.contains(&secret), "{secret} in {audit}");
        assert!(!ended.log.contains(&secret), "{secret} in {}", ended.log);
    }
}

#[tokio::test]
async fn lines_are_appended_and_do_not_mix() {
    let (database, generated) = (Database::default(), ClientSecret::generate().unwrap());
    let mut written = String::from("{\"event\":\"before\"}\n");
    std::fs::write(database.folder().join("audit.log"), &written).unwrap();
    let site = Site::start_over(database, &generated, &["--audit", "audit.log"]);
    let token = &site.robot_token("photos:read").await;
    let mut answers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (address, request) = (site.address, Request::get("/api/me").bearer(token));
        answers.spawn(async move { request.send(address).await.status });
    }
    assert_eq!(answers.join_all().await, vec![200; 50]);
    let (_, database) = site.stop();
    let audit = std::fs::read_to_string(database.folder().join("audit.log")).unwrap();
    let added = audit.strip_prefix(written.as_str()).unwrap_or_else(|| panic!("{audit}"));
    let mut events = vec![
        ("client_authenticated", "robot", "-", "-"),
        ("token_issued", "robot", "-", "client_credentials"),
    ];
    events.resize(52, ("token_authenticated", "robot", "-", "-"));
    assert_eq!(lines(added, &(0..=i64::MAX)), expected(&events));
    written.push_str(added);
    let (_, database) = Site::start_over(database, &generated, &["--audit", "audit.log"]).stop();
    assert_eq!(std::fs::read_to_string(database.folder().join("audit.log")).unwrap(), written);
}

/// A full disk loses lines and no requests, and the log says which.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_line_that_cannot_be_written_is_logged_and_the_request_goes_on() {
    let site = Site::start_with(&["--audit", "/dev/full"]);
    let tokens = site.tokens("photos:read").await;
    let me = site.send(Request::get("/api/me").bearer(&tokens.access)).await;
    assert_eq!(me.body, r#"{"sub":"u-alice","client_id":"web","scope":"photos:read"}"#);
    let (ended, _) = site.stop();
    assert_eq!(ended.code, Some(0));
    let failed: Vec<_> = ended.log.lines().filter(|line| line.contains("ERROR")).collect();
    let events = ["ConsentGranted", "ClientAuthenticated", "TokenIssued", "TokenAuthenticated"];
    assert_eq!(failed.len(), events.len(), "{}", ended.log);
    for (line, event) in failed.iter().zip(events) {
        let full = "cannot write an audit line (No space left on device (os error 28))";
        assert!(line.contains(&format!("::{event}>")) && line.contains(full), "{line}");
    }
}
