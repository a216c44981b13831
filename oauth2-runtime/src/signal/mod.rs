//! Signals: your own async functions, told what has happened.
//!
//! Handlers run after the change they speak of is committed, one after the other in the order they are declared.
//! A handler that fails, panics or takes longer than [`HANDLER_TIMEOUT`] is logged; it can neither fail nor undo
//! the request.

mod event;
mod hook;

pub use event::{
    ClientAuthenticated, CodeReplayed, ConsentDenied, ConsentGranted, Event, RefreshTokenReused,
    TokenAuthenticated, TokenIssued, TokenRevoked,
};
pub use hook::{HANDLER_TIMEOUT, Hook, HookOutput, emit, in_order, silent};
