//! Fixtures of the tests in this package: a declared server, a clock to step, and a small HTTP client.

pub mod browser;
pub mod clock;
pub mod http;
pub mod portal;
pub mod provider;
pub mod running;

/// The pages with code are compiled.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/declaring.md")]
    struct Declaring;
}
