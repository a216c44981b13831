//! What several of the programs here need.

pub mod digest;
pub mod process;

/// Whatever stops a measurement.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Where the measured servers' client gets its codes.
pub const REDIRECT_URI: &str = "https://photos.example/cb";
