//! F16: bodies far over the limit, at the endpoints and pages of a server on which people sign in. A file of its own, because
//! it looks at the memory of the whole process.

use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const BYTES: usize = 10 * 1024 * 1024;

fn head(path: &str, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: \
         application/x-www-form-urlencoded\r\n{more}\r\n\r\n"
    )
}

/// The start of the answer. The server closes the connection as soon as it has refused, which cuts off whoever still sends.
async fn status(running: &RunningPortal, head: &str, body: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let write = async {
        writing.write_all(head.as_bytes()).await.unwrap();
        drop(writing.write_all(body).await);
    };
    let mut answer = Vec::new();
    let read = async { drop(reading.read_to_end(&mut answer).await) };
    tokio::join!(write, read);
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

/// The resident memory of this process.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[cfg(not(target_os = "linux"))]
fn resident() -> usize {
    0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_oversized_bodies_cost_no_memory() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let targets = [
        "/oauth/token".to_owned(),
        "/oauth/introspect".to_owned(),
        "/oauth/revoke".to_owned(),
        "/oauth/authorize".to_owned(),
        format!("/login?{query}"),
        format!("/consent?{query}"),
    ];
    let body = vec![b'x'; 256 * 1024];
    let mut chunked = format!("{BYTES:x}\r\n").into_bytes();
    chunked.extend_from_slice(&body);
    let announced = format!("content-length: {BYTES}");
    let mut seen = std::collections::BTreeMap::<_, usize>::new();
    let mut before = 0;
    for number in 0..1_000 {
        // What the first ones leave behind in buffers and pools is not growth.
        if number == 60 {
            before = resident();
        }
        let target = &targets[number % targets.len()];
        let status = match number / targets.len() % 4 {
            // Announced and sent, announced and not sent, in chunks, and more than was announced.
            0 => status(&running, &head(target, &announced), &body).await,
            1 => status(&running, &head(target, &announced), b"").await,
            2 => status(&running, &head(target, "transfer-encoding: chunked"), &chunked).await,
            _ => status(&running, &head(target, "content-length: 3"), &body).await,
        };
        *seen.entry((number / targets.len() % 4, status)).or_default() += 1;
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 32 * 1024 * 1024, "{grown} bytes");
    // Nothing that was announced or sent over the limit is taken; a reset may overtake the answer of those who still send.
    for (kind, status) in seen.keys() {
        let expected: &[Option<u16>] = match kind {
            0 | 2 => &[Some(413), None],
            1 => &[Some(413)],
            // A form of three bytes, and what follows is no request.
            _ => &[Some(400), Some(401), Some(403), Some(303), None],
        };
        assert!(expected.contains(status), "{seen:?}");
    }
    let refused: usize =
        seen.iter().filter(|((_, status), _)| *status == Some(413)).map(|(_, count)| count).sum();
    assert!(refused >= 250, "{seen:?}");
    println!("grown by {} KiB; {seen:?}", grown / 1024);
    let answer = running.token(&running.web, "grant_type=client_credentials").await;
    assert_eq!(answer.status, 200);
}
