//! F16: bodies far over the limit, at the endpoints and pages of a server on which people sign in. A file of its own, because
//! it looks at the memory of the whole process.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use futures_util::{StreamExt, stream};
use oauth2_runtime::form::MAX_BODY_BYTES;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

const BYTES: usize = 10 * 1024 * 1024;
const BODIES: usize = 1_000;
/// So many are sent at once: a server that kept them would need 640 MiB.
const AT_ONCE: usize = 64;
static PIECE: [u8; 64 * 1024] = [b'x'; 64 * 1024];

fn head(path: &str, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: \
         application/x-www-form-urlencoded\r\n{more}\r\n\r\n"
    )
}

/// Sends a body until the server has taken all of it or has hung up. The status, and how many bytes it took; those in the
/// buffers of the two sockets count, and that of this one is small. The server closes the connection as soon as it has refused,
/// which cuts off whoever still sends, now and then before the answer is read.
async fn send(address: SocketAddr, head: &str, body: usize) -> (Option<u16>, usize) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(64 * 1024).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let write = async {
        writing.write_all(head.as_bytes()).await.unwrap();
        let mut written = 0;
        while written < body {
            match writing.write(&PIECE[..PIECE.len().min(body - written)]).await {
                Ok(more) => written += more,
                Err(_) => break,
            }
        }
        written
    };
    let mut answer = Vec::new();
    let read = async { drop(reading.read_to_end(&mut answer).await) };
    let (written, ()) = tokio::join!(write, read);
    let status = String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok());
    (status, written)
}

/// From now on the peak of this process's resident memory counts.
fn start_counting() {
    if cfg!(target_os = "linux") {
        // Where it is not allowed, the peak is that of the process so far.
        drop(std::fs::write("/proc/self/clear_refs", "5"));
    }
}

/// That peak.
fn peak() -> usize {
    if cfg!(not(target_os = "linux")) {
        return 0;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Announced,
    AnnouncedOnly,
    Chunked,
    MoreThanAnnounced,
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
    let kinds = [Kind::Announced, Kind::AnnouncedOnly, Kind::Chunked, Kind::MoreThanAnnounced];
    let one = async |number: usize| {
        let (target, kind) = (&targets[number % targets.len()], kinds[number / targets.len() % kinds.len()]);
        let announced = format!("content-length: {BYTES}");
        let (head, body) = match kind {
            Kind::Announced => (head(target, &announced), BYTES),
            Kind::AnnouncedOnly => (head(target, &announced), 0),
            Kind::Chunked => (head(target, "transfer-encoding: chunked") + &format!("{BYTES:x}\r\n"), BYTES),
            Kind::MoreThanAnnounced => (head(target, "content-length: 3"), BYTES),
        };
        (kind, send(running.address, &head, body).await)
    };
    let all = async |numbers: std::ops::Range<usize>| -> Vec<_> {
        stream::iter(numbers).map(&one).buffer_unordered(AT_ONCE).collect().await
    };
    // What the first ones leave behind in buffers and pools is not growth.
    all(0..AT_ONCE).await;
    start_counting();
    let before = peak();
    let answers = all(0..BODIES).await;
    let grown = peak().saturating_sub(before);
    assert!(grown < 32 * 1024 * 1024, "{grown} bytes");
    let mut seen = BTreeMap::<_, usize>::new();
    for (kind, (status, written)) in answers {
        *seen.entry((kind, status)).or_default() += 1;
        // What is over the limit are the buffers of two sockets.
        let taken = if kind == Kind::Chunked { MAX_BODY_BYTES } else { 0 };
        assert!(written < taken + 1024 * 1024, "{kind:?}: {written} bytes were taken");
    }
    println!("grown by {} KiB; {seen:?}", grown / 1024);
    // Nothing that was announced or sent over the limit is taken; a reset may overtake the answer of those who still send.
    for (kind, status) in seen.keys() {
        let expected: &[Option<u16>] = match kind {
            Kind::Announced | Kind::Chunked => &[Some(413), None],
            Kind::AnnouncedOnly => &[Some(413)],
            // A form of three bytes, and what follows is no request.
            Kind::MoreThanAnnounced => &[Some(400), Some(403), Some(303), None],
        };
        assert!(expected.contains(status), "{seen:?}");
    }
    let refused = seen.iter().filter(|((_, status), _)| *status == Some(413)).map(|(_, count)| count);
    assert!(refused.sum::<usize>() >= BODIES / 4, "{seen:?}");
    let answer = running.token(&running.web, "grant_type=client_credentials").await;
    assert_eq!(answer.status, 200);
}
