use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes an answer of the servers never reaches.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// A kept-alive HTTP/1.1 connection, with no more of the protocol than the two servers use.
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(MAX_ANSWER_BYTES) })
    }

    /// Sends a request and answers the body of its answer, which must be 200.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 || self.answer.len() > MAX_ANSWER_BYTES {
                return Err(self.wrong("ends early or is too long"));
            }
            let Some(head) = find(&self.answer, b"\r\n\r\n") else { continue };
            let (head, body) = self.answer.split_at(head + 4);
            if !head.starts_with(b"HTTP/1.1 200 ") {
                return Err(self.wrong("is not 200"));
            }
            let length = content_length(head).ok_or_else(|| self.wrong("has no length"))?;
            if body.len() == length {
                break;
            }
        }
        Ok(self.body())
    }

    /// The body of the last answer.
    pub(crate) fn body(&self) -> &[u8] {
        let head = find(&self.answer, b"\r\n\r\n").unwrap_or_default();
        self.answer.get(head + 4..).unwrap_or_default()
    }

    fn wrong(&self, what: &str) -> Error {
        let answer = String::from_utf8_lossy(&self.answer);
        Error::new(ErrorKind::InvalidData, format!("an answer {what}: {answer}"))
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head
        .split(|byte| *byte == b'\n')
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    std::str::from_utf8(line.get(NAME.len()..)?).ok()?.trim().parse().ok()
}
