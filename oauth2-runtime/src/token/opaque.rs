//! Opaque tokens: random values that mean nothing outside the database.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Error;
use crate::random::{Random, entropy};
use crate::types::{Artefact, Digest, GrantId, Secret};

/// A new value of the kind `K`, and what to store of it.
pub(crate) fn generate<K: Artefact>(random: &dyn Random) -> Result<(Secret<String>, Digest<K>), Error> {
    Ok(Digest::generate(&entropy(random)?))
}

/// The identifier of a new authorization. Not a secret, but not guessable either.
pub(crate) fn grant_id(random: &dyn Random) -> Result<GrantId, Error> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    Ok(GrantId::from(URL_SAFE_NO_PAD.encode(bytes)))
}
