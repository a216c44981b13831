//! An HTTP/1.1 client that sends what it is told to, malformed requests included, one connection a request.

use std::fmt::Write as _;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request under construction.
#[derive(Debug, Clone)]
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let head = format!("{method} {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
        Self { head, body: Vec::new() }
    }

    /// A GET.
    #[must_use]
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A POST of form parameters.
    #[must_use]
    pub fn form(target: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", target).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.head, "{name}: {value}\r\n");
        self
    }

    /// The same request with this body and its length.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { body: body.clone(), ..self.header("content-length", &body.len().to_string()) }
    }

    /// The same request with HTTP Basic credentials.
    #[must_use]
    pub fn basic(self, id: &str, secret: &str) -> Self {
        self.header("authorization", &basic(id, secret))
    }

    /// The same request with an access token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// What goes over the wire.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.head.into_bytes();
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self, address: SocketAddr) -> Response {
        exchange(address, &self.into_bytes()).await
    }
}

/// An answer. The `date` header is left out, so that answers can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers in the order of arrival, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Response {
    /// The value of a header that is there at most once.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        let first = values.next();
        assert!(values.next().is_none(), "`{name}` is there twice: {self:?}");
        first.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts the status and the whole body of an error answer of this server.
    pub fn assert_error(&self, status: u16, code: &str, description: &str) {
        let body = format!("{{\"error\":\"{code}\",\"error_description\":\"{description}\"}}");
        assert_eq!((self.status, self.body.as_str()), (status, body.as_str()), "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("pragma"), Some("no-cache"));
    }
}

/// The value of a header with HTTP Basic credentials.
#[must_use]
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// Sends bytes as they are and reads until the server closes the connection.
pub async fn exchange(address: SocketAddr, bytes: &[u8]) -> Response {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    read(&mut stream).await
}

/// The answer, unless the connection ends before all of it is there.
pub async fn attempt(address: SocketAddr, bytes: &[u8]) -> Option<Response> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(bytes).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let whole = answer.windows(4).any(|end| end == b"\r\n\r\n").then(|| parse(&answer))?;
    (whole.header("content-length") == Some(&whole.body.len().to_string())).then_some(whole)
}

/// Reads an answer until the server closes the connection.
pub async fn read(stream: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Response {
    let text = std::str::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("not an answer: {text:?}"));
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| name != "date")
        .collect();
    assert!(headers.iter().all(|(name, _)| name != "transfer-encoding"), "answers have a length: {head}");
    Response { status, headers, body: body.to_owned() }
}
