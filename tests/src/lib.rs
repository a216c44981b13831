//! Fixtures of the tests in this package.

/// The pages with code are compiled.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/declaring.md")]
    struct Declaring;
}
