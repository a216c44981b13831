//! Remote introspection over TLS: whom a resource server shows tokens to. It is a process of its own, because which
//! certificates the system trusts is decided by its environment.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use oauth2_runtime::models::Client;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{self, RunningPortal};
use oauth2_tests::running::Credentials;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Who has signed a certificate.
struct Authority(Issuer<'static, KeyPair>);

impl Authority {
    /// Writes its own certificate to `file`.
    fn new(file: &Path) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        std::fs::write(file, params.self_signed(&key).unwrap().pem()).unwrap();
        Self(Issuer::new(params, key))
    }

    fn certificate(&self, host: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec![host.to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        (certificate.der().clone(), PrivatePkcs8KeyDer::from(key.serialize_der()).into())
    }
}

/// Speaks TLS with a certificate for `host`, and hands on to `server`.
async fn terminate_tls(authority: &Authority, host: &str, server: SocketAddr) -> SocketAddr {
    let (certificate, key) = authority.certificate(host);
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut inside) = acceptor.accept(stream).await else { return };
                let mut outside = TcpStream::connect(server).await.unwrap();
                let _ = copy_bidirectional(&mut inside, &mut outside).await;
            });
        }
    });
    address
}

/// A resource server whose system trusts the certificates in a file.
struct ResourceServer {
    child: Child,
    address: SocketAddr,
}

impl ResourceServer {
    fn start(trusted: &Path, endpoint: &str, api: &Credentials) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_resource_server"));
        command
            .args([endpoint, &api.id, &api.secret])
            .env("SSL_CERT_FILE", trusted)
            .env_remove("SSL_CERT_DIR");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().expect("an address") }
    }

    async fn ask(&self, token: &str) -> Response {
        Request::get("/").bearer(token).send(self.address).await
    }
}

impl Drop for ResourceServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn tokens_are_shown_only_to_whom_the_system_trusts() {
    let running = RunningPortal::start().await;
    let api = Client { introspect: true, ..portal::client("api", &[]) };
    let api = portal::register(&running.portal, api).await;
    let token = running.tokens("alice", "read").await.access;
    let folder = TempDir::new().unwrap();
    let (trusted, other) = (folder.path().join("trusted.pem"), folder.path().join("other.pem"));
    let (authority, stranger) = (Authority::new(&trusted), Authority::new(&other));
    for (signed_by, host, status) in
        [(&authority, "localhost", 200), (&stranger, "localhost", 503), (&authority, "id.example", 503)]
    {
        let port = terminate_tls(signed_by, host, running.address).await.port();
        let endpoint = format!("https://localhost:{port}/oauth/introspect");
        let server = ResourceServer::start(&trusted, &endpoint, &api);
        let answer = server.ask(&token).await;
        assert_eq!(answer.status, status, "{host}: {answer:?}");
        let unknown = server.ask("at_x").await;
        assert_eq!(unknown.status, if status == 200 { 401 } else { 503 }, "{unknown:?}");
    }
}
