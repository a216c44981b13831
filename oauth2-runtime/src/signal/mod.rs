//! Signals: your own async functions, told what has happened.
//!
//! Handlers run after the change they speak of is committed, one after the other in the order they are declared.
//! A handler that fails, panics or takes longer than [`HANDLER_TIMEOUT`] is logged; it can neither fail nor undo
//! the request.
//!
//! [`Ready::events`](crate::server::Ready::events) is the same to subscribe to at run time: every event, whether or not a
//! handler is declared for it, after the handlers ran.

mod event;
mod hook;
mod subscription;

pub use event::{
    ClientAuthenticated, CodeReplayed, ConsentDenied, ConsentGranted, Event, Occurrence, RefreshTokenReused,
    TokenAuthenticated, TokenIssued, TokenRevoked,
};
pub use hook::{HANDLER_TIMEOUT, Hook, HookOutput, emit, in_order, silent};
pub(crate) use subscription::Subscribers;
pub use subscription::{EVENTS_KEPT, Events, Notice};
