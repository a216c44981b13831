//! How it ends.

use std::time::Duration;

use oauth2_tests::http::{Request, read};
use oauth2_tests::running::Database;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::process::Process;
use crate::site::{Site, write_seed};

const LIMIT: Duration = Duration::from_secs(10);

/// A token request whose body the server waits for: it has answered the head with 100.
async fn begin(site: &Site) -> (TcpStream, Vec<u8>) {
    let request = Request::form("/oauth/token", "grant_type=client_credentials");
    let request = request.basic(&site.robot.id, &site.robot.secret).header("expect", "100-continue");
    let bytes = request.into_bytes();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(&bytes[..end]).await.unwrap();
    let mut interim = [0; 25];
    timeout(LIMIT, stream.read_exact(&mut interim)).await.expect("in time").unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    (stream, bytes[end..].to_vec())
}

async fn until_it_stops_listening(site: &Site) {
    let waiting = async {
        while TcpStream::connect(site.address).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LIMIT, waiting).await.expect("in time");
}

#[tokio::test]
async fn sigterm_and_sigint_wait_for_requests_under_way_and_exit_with_0() {
    for signal in ["TERM", "INT"] {
        let mut site = Site::start();
        let (mut stream, body) = begin(&site).await;
        site.process.signal(signal);
        until_it_stops_listening(&site).await;
        stream.write_all(&body).await.unwrap();
        let answer = timeout(LIMIT, read(&mut stream)).await.expect("in time");
        assert_eq!((answer.status, answer.json()["scope"].as_str()), (200, Some("photos:read photos:write")));
        let ended = site.process.end();
        assert_eq!((ended.code, ended.lines), (Some(0), Vec::new()), "{signal}: {}", ended.log);
        let tokens = "SELECT COUNT(*) FROM oauth2_token";
        assert_eq!(site.database.number(tokens).await, 1, "{signal}");
    }
}

#[tokio::test]
async fn a_second_signal_abandons_them_and_exits_with_0() {
    let mut site = Site::start();
    let (_stream, _body) = begin(&site).await;
    site.process.signal("TERM");
    until_it_stops_listening(&site).await;
    site.process.signal("TERM");
    let ended = site.process.end();
    assert_eq!(ended.code, Some(0), "{}", ended.log);
    assert!(ended.log.contains("requests under way are abandoned"), "{}", ended.log);
}

/// Whoever has read the line may stop the server: the signal does not kill it.
#[test]
fn a_signal_right_after_the_line_is_not_too_early() {
    for _ in 0..5 {
        let (ended, _) = Site::start().stop();
        assert_eq!(ended.code, Some(0), "{}", ended.log);
    }
}

/// Whoever does not wait for the line ends the start, of which nothing is left half done.
#[tokio::test]
async fn a_signal_before_the_line_ends_the_start_and_exits_with_0() {
    for signal in ["TERM", "INT"] {
        let database = Database::default();
        // Each of them is a hash of some milliseconds: the whole takes far longer than the signal.
        let user = |number| json!({ "sub": format!("u-{number}"), "username": format!("n-{number}"), "password": "p" });
        let users: Vec<Value> = (0..2_000).map(user).collect();
        write_seed(&database, &json!({ "users": users }));
        let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
        let mut process = Process::start(database.folder(), &flags, &[]);
        let begun = async {
            while !database.path().exists() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(LIMIT, begun).await.expect("in time");
        process.signal(signal);
        let ended = process.end();
        assert_eq!((ended.code, ended.lines), (Some(0), Vec::new()), "{signal}: {}", ended.log);
        let table = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'provider_user'";
        if database.number(table).await == 1 {
            assert_eq!(database.number("SELECT COUNT(*) FROM provider_user").await, 0, "{signal}");
        }
    }
}
