//! Fixtures of the tests in this package.
