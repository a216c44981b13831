//! The server of [`oauth2_tests::portal`] as a process of its own, over the database whose address is its argument. It prints
//! where it listens, and ends when its standard input does, so that it never outlives the test that started it.

use oauth2_runtime::http::serve_until;
use oauth2_runtime::prelude::*;
use oauth2_tests::portal::{Journal, Portal};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).expect("the database's address");
    let db = SqlStore::open(&url).await.unwrap();
    let portal = Portal { db, issuer: "http://127.0.0.1".to_owned(), journal: Journal::default() };
    let portal = portal.ready().await.unwrap();
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
