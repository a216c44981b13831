//! The shipped models: what a server uses when its declaration has no `models(..)`.

mod client;
mod code;
mod token;

pub use client::Client;
pub use code::Code;
pub use token::Token;
