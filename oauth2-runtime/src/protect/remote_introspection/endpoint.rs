use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::Semaphore;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::error::Error;
use crate::types::{Secret, is_loopback};

/// Bytes that the head and the body of an answer may have each.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Questions to one endpoint at once; others wait for their turn, within their timeout.
pub const MAX_CALLS: usize = 64;

/// How long a connection is kept that nobody uses.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Where tokens are asked about, and as whom.
pub(super) struct Endpoint {
    transport: Transport,
    uri: Uri,
    authorization: HeaderValue,
    calls: Semaphore,
}

/// Neither follows redirects, which would take the credentials along.
enum Transport {
    Https(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
    Loopback(Client<HttpConnector, Full<Bytes>>),
}

impl Endpoint {
    pub(super) fn new(url: &str, client_id: &str, client_secret: &Secret<String>) -> Result<Self, Error> {
        let parsed = Url::parse(url).map_err(|_| unusable(None, "it is not an absolute URL"))?;
        let refuse = |reason: &str| unusable(Some(&parsed), reason);
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(refuse(
                "it has a user name or a password; the credentials are parameters of their own",
            ));
        }
        if parsed.fragment().is_some() {
            return Err(refuse("it has a fragment"));
        }
        let transport = match parsed.scheme() {
            "https" => Transport::https()?,
            "http" if is_loopback(&parsed) => Transport::Loopback(client(HttpConnector::new())),
            "http" => return Err(refuse("`http` is for loopback hosts only; use `https`")),
            _ => return Err(refuse("it is not an `https` URL")),
        };
        let uri = parsed.as_str().parse().map_err(|_| refuse("it is not an absolute URL"))?;
        let authorization = basic(client_id, client_secret)?;
        Ok(Self { transport, uri, authorization, calls: Semaphore::new(MAX_CALLS) })
    }

    /// The body of the answer about `token`, if it is 200 and JSON.
    pub(super) async fn ask(&self, token: &Secret<String>, timeout: Duration) -> Result<Bytes, Arc<Error>> {
        let answer = tokio::time::timeout(timeout, self.exchange(token)).await;
        answer.map_err(|_| Error::new("the introspection endpoint did not answer in time"))?.map_err(Arc::new)
    }

    async fn exchange(&self, token: &Secret<String>) -> Result<Bytes, Error> {
        let _turn = self.calls.acquire().await.map_err(unreachable)?;
        let response = self.transport.send(self.request(token)?).await?;
        check_head(&response)?;
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|source| {
            Error::new("the introspection endpoint's answer is cut off or too long").caused_by(source)
        })?;
        Ok(body.to_bytes())
    }

    fn request(&self, token: &Secret<String>) -> Result<Request<Full<Bytes>>, Error> {
        let mut form = Serializer::new(String::new());
        form.append_pair("token", token.expose()).append_pair("token_type_hint", "access_token");
        Request::post(self.uri.clone())
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(Full::from(form.finish()))
            .map_err(|source| Error::new("the introspection request cannot be written").caused_by(source))
    }
}

impl Transport {
    fn https() -> Result<Self, Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // Named, since a process may have several providers of cryptography, and then none by default.
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .map_err(|source| Error::new("the system has no certificates to trust").caused_by(source))?;
        Ok(Self::Https(client(tls.https_only().enable_http1().wrap_connector(tcp))))
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Error> {
        match self {
            Self::Https(client) => client.request(request).await,
            Self::Loopback(client) => client.request(request).await,
        }
        .map_err(unreachable)
    }
}

/// Names the scheme, the host and the path, and nothing that may be a secret. What has no host may be anything.
fn unusable(url: Option<&Url>, reason: &str) -> Error {
    let shown = url.and_then(|url| Some(format!(" `{}://{}{}`", url.scheme(), url.host_str()?, url.path())));
    Error::new(format!("the introspection endpoint{} is not usable: {reason}", shown.unwrap_or_default()))
}

fn client<C: Connect + Clone>(connector: C) -> Client<C, Full<Bytes>> {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http1_max_buf_size(MAX_ANSWER_BYTES)
        .build(connector)
}

fn check_head(response: &Response<Incoming>) -> Result<(), Error> {
    match response.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            return Err(Error::new(format!(
                "the introspection endpoint answered {}: check the client identifier and secret of this resource server",
                response.status().as_u16()
            )));
        }
        other => return Err(Error::new(format!("the introspection endpoint answered {}", other.as_u16()))),
    }
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Error::new("the introspection endpoint's answer is not `application/json` (RFC 7662 section 2.2)"))
}

fn unreachable(source: impl StdError + Send + Sync + 'static) -> Error {
    // What the client itself says is only that it failed; why is in its cause.
    let mut cause: &dyn StdError = &source;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Error::new("the introspection endpoint cannot be reached").caused_by(cause.to_string())
}

/// HTTP Basic with both parts encoded as forms are (RFC 6749 section 2.3.1).
fn basic(client_id: &str, client_secret: &Secret<String>) -> Result<HeaderValue, Error> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(client_secret.expose()));
    let mut header = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|source| Error::new("the client's credentials cannot be sent").caused_by(source))?;
    header.set_sensitive(true);
    Ok(header)
}
