//! The server of [`oauth2_tests::portal`] as a process of its own, over the database at its first argument. For it, it stays the
//! second since 1970 that is its second argument, however slow the machine. It prints where it listens, and ends when its
//! standard input does, so that it never outlives the test that started it.

use oauth2_runtime::http::serve_until;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::portal::{Journal, Portal};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("the database's address and the time");
    let (url, now) = (next(), next().parse().expect("the time in seconds"));
    let db = SqlStore::open(&url).await.unwrap();
    let portal = Portal { db, issuer: "http://127.0.0.1".to_owned(), journal: Journal::default() };
    let portal = portal.ready_in(Environment::new(SteppingClock::at(now), SystemRandom)).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    let app = portal.router().with_state(portal.clone());
    serve_until(app, listener, async { drop(end.await) }).await.unwrap();
}
