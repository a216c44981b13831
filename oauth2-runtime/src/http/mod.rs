//! HTTP: reading requests with limits, answering with the right headers, serving with timeouts.

mod body;
mod connection;
mod cors;
mod interrupts;
mod limited;
mod response;
mod serve;
mod socket;

pub(crate) use body::{read_body, read_form};
use connection::{accept, accept_waiting, serve_connection};
pub(crate) use cors::WithoutCors;
use interrupts::Interrupts;
use limited::{Stopping, limited};
pub(crate) use response::{
    RETRY_AFTER_SECONDS, error, json, method_not_allowed, see_other, server_failed, to_own_page, unchallenged,
};
pub use serve::{
    BODY_TIMEOUT, DRAIN_TIMEOUT, HEADER_TIMEOUT, LAST_REQUEST_TIMEOUT, MAX_CONNECTIONS, MAX_HEADER_BYTES,
    MAX_HEADERS, REQUEST_TIMEOUT, serve, serve_on, serve_until,
};
use socket::Socket;
pub use socket::WRITE_TIMEOUT;
