//! Tokens: how their values are made, the shipped way and yours.

mod context;
mod generator;
pub(crate) mod opaque;

pub use context::GeneratorContext;
pub use generator::{GeneratedToken, OpaqueTokens, TokenGenerator, generate};
