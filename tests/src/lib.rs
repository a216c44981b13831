//! Fixtures of the tests in this package: a declared server, a clock to step, and a small HTTP client.

pub mod clock;
pub mod http;
pub mod provider;
pub mod running;
