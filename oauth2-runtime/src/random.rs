//! The only caller of the system's random generator.

use crate::error::Error;
use crate::types::ClientSecret;

/// Where the server takes randomness from. Tests may repeat a sequence.
pub trait Random: Send + Sync + 'static {
    /// Fills `buffer` with bytes nobody can predict.
    ///
    /// # Errors
    ///
    /// When the generator has none to give; nothing is issued then.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Error>;
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Error> {
        getrandom::fill(buffer)
            .map_err(|source| Error::new("the system's random generator failed").caused_by(source))
    }
}

/// 256 bits.
pub(crate) fn entropy(random: &dyn Random) -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

impl ClientSecret {
    /// A new secret with 256 bits from the system's generator.
    ///
    /// # Errors
    ///
    /// When the generator fails.
    pub fn generate() -> Result<Self, Error> {
        Ok(Self::from_entropy(&entropy(&SystemRandom)?))
    }
}
