//! Where the secrets of a sign-in must not turn up. One test, because the subscriber is the process's.

use std::io::Write;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    RunningPortal, VERIFIER, WEB_CALLBACK, encoded, parameters, redemption, request, value,
};
use oauth2_tests::running::Tokens;
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
fn stored(running: &RunningPortal) -> String {
    let files = std::fs::read_dir(running.database.folder()).unwrap();
    let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A person at a browser, whose every secret and every address is written down.
struct Watched {
    browser: Browser,
    secrets: Vec<String>,
    urls: Vec<String>,
}

impl Watched {
    async fn get(&mut self, target: &str) -> Response {
        let answer = self.browser.get(target).await;
        self.urls.push(target.to_owned());
        self.note(answer)
    }

    async fn post(&mut self, page: &Response, target: &str, fields: &[(&str, &str)]) -> Response {
        let hidden = hidden_fields(&page.body);
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<_> = hidden.chain(fields.iter().copied()).collect();
        let answer = self.browser.post(target, &fields).await;
        self.note(answer)
    }

    fn note(&mut self, answer: Response) -> Response {
        self.secrets.extend(self.browser.cookies.values().cloned());
        let hidden = hidden_fields(&answer.body).into_iter();
        self.secrets.extend(
            hidden.filter(|(name, _)| ["form_token", "code"].contains(&name.as_str())).map(|(_, v)| v),
        );
        // Our own: where the client gets its code is the client's.
        self.urls.extend(answer.header("location").filter(|to| to.starts_with('/')).map(str::to_owned));
        answer
    }
}

/// The way of one person through all pages; the code.
async fn sign_in(watched: &mut Watched, query: &str, password: &str) -> String {
    let answer = watched.get(&format!("/oauth/authorize?{query}")).await;
    let login = answer.header("location").unwrap().to_owned();
    let page = watched.get(&login).await;
    let page = watched.post(&page, &login, &[("username", "alice"), ("password", "wrong-canary-1")]).await;
    assert_eq!(page.status, 403);
    let forged = [("form_token", "form-canary-2"), ("username", "alice"), ("password", "typed-canary-3")];
    assert_eq!(watched.browser.post(&login, &forged).await.status, 403);
    let answer = watched.post(&page, &login, &[("username", "alice"), ("password", password)]).await;
    let back = answer.header("location").unwrap().to_owned();
    let answer = watched.get(&back).await;
    let consent = answer.header("location").unwrap().to_owned();
    let page = watched.get(&consent).await;
    let answer = watched.post(&page, &consent, &[("decision", "allow")]).await;
    value(&parameters(answer.header("location").unwrap()), "code")
}

/// Everything a client does with its code and its tokens, right and wrong; the secrets in it.
async fn use_code(running: &RunningPortal, code: &str) -> Vec<String> {
    let wrong = redemption(code).replace(VERIFIER, "verifier-canary-4-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    assert_eq!(running.token(&running.web, &wrong).await.status, 400);
    let foreign = running.token(&running.other, &redemption(code)).await;
    assert_eq!(foreign.status, 400);
    let first = Tokens::of(&running.redeem(code).await);
    let second = Tokens::of(&running.refresh(&first.refresh).await);
    running.clock.step(11);
    assert_eq!(running.send(Request::get("/whoami").bearer(&second.access)).await.status, 200);
    assert!(running.is_active(&second.refresh).await);
    assert!(!running.is_active("at_canary-5").await);
    assert_eq!(running.redeem(code).await.status, 400);
    assert_eq!(running.refresh(&first.refresh).await.status, 400);
    let basic = |token: &str| {
        Request::form("/oauth/revoke", format!("token={token}")).basic(&running.web.id, &running.web.secret)
    };
    assert_eq!(running.send(basic(&second.refresh)).await.status, 200);
    assert_eq!(running.send(Request::get("/whoami").bearer(&second.access)).await.status, 401);
    vec![first.access, first.refresh, second.access, second.refresh]
}

/// S97, F24: at no level of the log, not in the database, and in no address of our own pages. S99: nothing but digests is
/// handed to the database.
#[tokio::test]
async fn secrets_of_a_sign_in_are_nowhere() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(LevelFilter::TRACE)
        .with_writer(log.clone())
        .init();
    tracing::trace!("the lowest level is on");
    let running = RunningPortal::start().await;
    let mut watched = Watched { browser: running.browser(), secrets: Vec::new(), urls: Vec::new() };
    let query = request("web", WEB_CALLBACK, "&scope=read&state=s");
    let code = sign_in(&mut watched, &query, "alice-password").await;
    let mut secrets = use_code(&running, &code).await;
    // A code in a form, a sign-in again, and a database that fails in the middle of it all.
    let form_post = watched.get(&format!("/oauth/authorize?{query}&response_mode=form_post")).await;
    assert!(form_post.body.contains("name=\"code\""));
    let again = format!("/login?{query}");
    let page = watched.get(&again).await;
    running.database.execute("ALTER TABLE oauth2_session RENAME TO gone").await;
    let fields = [("username", "alice"), ("password", "alice-password")];
    assert_eq!(watched.post(&page, &again, &fields).await.status, 503);
    assert_eq!(watched.get(&format!("/consent?{query}")).await.status, 303);
    running.database.execute("ALTER TABLE gone RENAME TO oauth2_session").await;
    running.database.execute("ALTER TABLE oauth2_token RENAME TO gone").await;
    assert_eq!(running.introspect(&running.web, &secrets[0]).await.status, 503);

    let (web, other) = (&running.web, &running.other);
    secrets.extend([code, VERIFIER.to_owned(), web.secret.clone(), other.secret.clone()]);
    secrets.extend([web, other].map(|client| STANDARD.encode(format!("{}:{}", client.id, client.secret))));
    secrets.extend(["alice-password", "canary-"].map(str::to_owned));
    secrets.append(&mut watched.secrets);
    secrets.sort();
    secrets.dedup();
    assert!(secrets.len() > 15, "{}", secrets.len());
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let (stored, urls) = (stored(&running), watched.urls.join("\n"));
    // What is searched for would be found: all three have the things next to the secrets.
    for (text, marks) in [
        (&log, ["signed in", "authorized", "INSERT INTO", "the lowest level is on"]),
        (&stored, ["u-alice", "sha256:", "oauth2_session", "portal_code"]),
        (&urls, ["/login?", "/consent?", "code_challenge", encoded(WEB_CALLBACK).as_str()]),
    ] {
        for mark in marks {
            assert!(text.contains(mark), "{mark}");
        }
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret}");
        }
    }
    println!("{} secrets, {} KiB of log, {} addresses", secrets.len(), log.len() / 1024, watched.urls.len());
}
