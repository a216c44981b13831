//! The server on its own port, with a database file in the current folder.

use oauth2_runtime::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let pool = own_pages::connect("sqlite://own-pages.db").await?;
    let auth = own_pages::ready(pool, "http://127.0.0.1:8080").await?;
    println!("open http://127.0.0.1:8080");
    println!("cargo run -p demo-client   # in another terminal; then open http://127.0.0.1:8081");
    println!("The user name is alice, the password is wonderland.");
    serve(own_pages::router(auth), "127.0.0.1:8080").await
}
