//! The demo client of the quickstart, on its own port.

use demo_client::{Registration, router};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registration = Registration {
        issuer: "http://127.0.0.1:8080".into(),
        client_id: "photo-album".into(),
        redirect_uri: "http://127.0.0.1:8081/callback".into(),
        scope: "photos:read".into(),
        photos: "http://127.0.0.1:8080/photos".into(),
    };
    let listener = TcpListener::bind("127.0.0.1:8081").await?;
    println!("open http://127.0.0.1:8081");
    axum::serve(listener, router(registration)?).await?;
    Ok(())
}
