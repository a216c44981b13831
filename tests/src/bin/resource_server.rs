//! A resource server as a process of its own, which asks the introspection endpoint at its first argument, as the client and
//! with the secret of the other two. It prints where it listens, and ends when its standard input does, so that it never
//! outlives the test that started it.

use axum::routing::get;
use oauth2_runtime::http::serve_until;
use oauth2_runtime::prelude::*;
use oauth2_runtime::protect::RemoteIntrospection;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::provider::Access;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("an endpoint, a client and its secret");
    let (endpoint, client_id, secret) = (next(), next(), Secret::new(next()));
    let tokens = RemoteIntrospection::new(&endpoint, &client_id, secret).unwrap();
    let protector = ResourceProtector::new(tokens.clock(SteppingClock::default()));
    let app = Router::new().route("/", get(async || "read")).route_layer(protector.require(Access::Read));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    serve_until(app, listener, async { drop(end.await) }).await.unwrap();
}
