//! Passwords, and secrets that people chose: hashed with argon2, which takes time and memory on purpose (RFC 9106).
//!
//! A generated token has 256 random bits and needs only a fast digest; what a person can remember needs a hash that
//! is slow to guess against. Slow for an attacker is slow for the server too, so this module also decides how much of
//! it may run at once: a flood of sign-ins must not take the machine from everything else it serves.

mod credentials;
mod hash;
mod memory;
mod pool;

pub use credentials::Credentials;
pub use hash::{InvalidPasswordHash, PasswordHash};

use memory::Memory;
use pool::{CLIENTS, PEOPLE, Pool};
