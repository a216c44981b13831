//! A real browser: Chromium with a fresh profile, driven through its driver, both on loopback only.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};
use url::{ParseError, Url};

/// Two cores do not run a browser for each test at once.
static TURN: Mutex<()> = Mutex::const_new(());

/// What is missing here is missing for every test, and said once.
static SAID: Once = Once::new();

/// Until something that must come has come.
const PATIENCE: Duration = Duration::from_secs(20);

const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Whatever a page or the browser itself wants elsewhere does not exist.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// A browser with one window.
#[derive(Debug)]
pub struct Chrome {
    /// Its connection.
    pub client: Client,
    _driver: Driver,
    _turn: MutexGuard<'static, ()>,
}

impl Chrome {
    /// Starts one, in which pages may or may not run scripts. `None` where there is no Chromium, which a line says and
    /// is not allowed where `CI` is set.
    pub async fn start(scripts: bool) -> Option<Self> {
        let turn = TURN.lock().await;
        let [browser, driver] = [program("chromium"), program("chromedriver")];
        let (Some(browser), Some(driver)) = (browser, driver) else {
            assert!(env::var_os("CI").is_none(), "chromium and chromedriver must be installed");
            // Not `eprintln!`, which a test that passes keeps to itself.
            let line = b"skipped: there is no chromium and chromedriver here\n";
            SAID.call_once(|| std::io::stderr().write_all(line).unwrap());
            return None;
        };
        let driver = Driver::start(&driver);
        let mut args: Vec<_> = ARGUMENTS.iter().map(|&argument| argument.to_owned()).collect();
        args.push(format!("--user-data-dir={}", driver.profile.path().display()));
        let content = if scripts { 1 } else { 2 };
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": browser,
                "args": args,
                "prefs": { "profile.managed_default_content_settings.javascript": content },
            },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!() };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(&driver.address()).await.unwrap();
        let chrome = Self { client, _driver: driver, _turn: turn };
        // What the browser's own first page did is nothing to anybody.
        chrome.open("about:blank").await;
        chrome.log("performance").await;
        Some(chrome)
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The address of the page.
    pub async fn address(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// The first element that fits a selector.
    pub async fn find(&self, selector: &str) -> Element {
        let waiting = self.client.wait().at_most(PATIENCE);
        match waiting.for_element(Locator::Css(selector)).await {
            Ok(element) => element,
            Err(error) => {
                panic!("no `{selector}`: {error}\n{}", self.client.source().await.unwrap_or_default())
            }
        }
    }

    /// How many elements fit a selector.
    pub async fn count(&self, selector: &str) -> usize {
        self.client.find_all(Locator::Css(selector)).await.unwrap().len()
    }

    /// The text of the first element that fits a selector.
    pub async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.unwrap()
    }

    /// The field that a label is for.
    pub async fn field(&self, label: &str) -> Element {
        let path = format!("//*[@id=//label[normalize-space()='{label}']/@for]");
        self.client.find(Locator::XPath(&path)).await.unwrap()
    }

    /// Clicks the first element that fits a selector.
    pub async fn click(&self, selector: &str) {
        self.find(selector).await.click().await.unwrap();
    }

    /// Does what leads to another page, and waits until it is there.
    pub async fn leave(&self, action: impl Future<Output = ()>) {
        let page = self.find("html").await;
        action.await;
        let deadline = Instant::now() + PATIENCE;
        // A reference to an element goes stale with its page.
        while page.tag_name().await.is_ok() {
            assert!(Instant::now() < deadline, "the page stays: {}", self.address().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.find("body").await;
    }

    /// Types into whatever has the focus.
    pub async fn keys(&self, text: &str) {
        self.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// The `id` of what has the focus.
    pub async fn focus(&self) -> String {
        self.client.active_element().await.unwrap().attr("id").await.unwrap().unwrap_or_default()
    }

    /// Types a name and a password into the sign-in page and sends them.
    pub async fn sign_in(&self, name: &str, password: &str) {
        let field = self.field("User name").await;
        field.clear().await.unwrap();
        field.send_keys(name).await.unwrap();
        self.field("Password").await.send_keys(password).await.unwrap();
        self.leave(self.click("#login-submit")).await;
    }

    /// A command of the browser's own protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.extension("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// What was logged since the last call; `browser` is the console, `performance` the network.
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.extension("se/log", json!({ "type": kind })).await;
        entries.as_array().unwrap().clone()
    }

    async fn extension(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Extension { path, body }).await.unwrap()
    }
}

/// The file of a program that the shell would find.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The browser's driver. It ends, and its browser with it, when it goes out of scope, also in a test that fails.
#[derive(Debug)]
struct Driver {
    process: Child,
    port: u16,
    profile: TempDir,
    /// A driver that cannot print any more ends.
    _output: BufReader<ChildStdout>,
}

impl Driver {
    fn start(program: &Path) -> Self {
        let profile = TempDir::new().unwrap();
        let mut process = Command::new(program)
            .arg("--port=0")
            .current_dir(profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "chromedriver ended without a port");
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                break rest.trim().trim_end_matches('.').parse().unwrap();
            }
        };
        Self { process, port, profile, _output: output }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// It ends its browsers first, which nobody else would.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.shut_down();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A command that only Chromium's driver knows.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
