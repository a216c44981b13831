//! Where secrets must not turn up. One test, because the subscriber is the process's.

use std::io::Write;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth2_tests::provider::app;
use oauth2_tests::running::{Credentials, Running, Tokens};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Every byte SQLite has put into the folder: the database, its log and its index.
fn stored(running: &Running) -> String {
    let files = std::fs::read_dir(running.database.folder()).unwrap();
    let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// S97, F24: no level of the log shows a secret. S99: neither does the database.
#[tokio::test]
async fn secrets_are_in_no_log_and_in_no_database() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(LevelFilter::TRACE)
        .with_writer(log.clone())
        .init();
    tracing::trace!("the lowest level is on");
    let running = Running::start().await;
    let phone_app = running.register(app("phone")).await;
    let rotated = running.auth.clients().rotate_secret(&"phone".into(), std::time::Duration::ZERO).await;
    let (old, new) = (phone_app.secret.clone(), rotated.unwrap().expose().to_owned());
    let client = Credentials { secret: new.clone(), ..phone_app.clone() };

    let first = running.sign_in(&client, "5550100").await;
    let second = Tokens::of(&running.refresh(&client, &first.refresh).await);
    let body = format!("grant_type=client_credentials&client_id=phone&client_secret={new}");
    let third = running.bare_token(&body).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(running.whoami(&second.access).await.status, 200);
    assert_eq!(running.whoami(&first.access).await.status, 401);
    assert_eq!(running.refresh(&client, &first.refresh).await.status, 400);
    assert_eq!(running.token(&phone_app, "grant_type=client_credentials").await.status, 401);
    assert_eq!(
        running.token(&client, "grant_type=urn:test:sms-code&phone=1&code=77665544").await.status,
        400
    );
    running.database.execute("ALTER TABLE app_token RENAME TO gone").await;
    assert_eq!(running.whoami(&second.access).await.status, 503);
    assert_eq!(running.refresh(&client, &second.refresh).await.status, 503);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let stored = stored(&running);
    // What is searched for would be found: both have the things next to the secrets.
    for (text, marks) in [
        (&log, ["token issued", "INSERT INTO", "the lowest level is on"]),
        (&stored, ["phone", "sha256:", "5550100"]),
    ] {
        for mark in marks {
            assert!(text.contains(mark), "{mark}");
        }
    }
    let basic = STANDARD.encode(format!("phone:{new}"));
    let other = STANDARD.encode(format!("phone:{old}"));
    let secrets =
        [&first.access, &first.refresh, &second.access, &second.refresh, &third, &old, &new, &basic, &other];
    for secret in secrets.map(String::as_str).into_iter().chain(["123456", "77665544"]) {
        assert!(!log.contains(secret), "the log has {secret}");
        assert!(!stored.contains(secret), "the database has {secret}");
    }
}
