use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use oauth2_runtime::prelude::*;
use oauth2_runtime::types::Artefact;

/// After that a code is forgotten, whatever the grant's `ttl`.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(1);

/// A pairing code: `pc_`, 256 random bits, a check sum. Kept as its digest only.
#[derive(Debug)]
pub enum PairingCode {}

impl Artefact for PairingCode {
    const PREFIX: &'static str = "pc_";
    const DOMAIN: &'static str = "example/pairing_code";
}

/// What a pairing code stands for.
#[derive(Debug)]
pub struct Pairing {
    /// Who.
    pub subject: Subject,
    /// The scopes of the app that has asked for the code, names separated by spaces.
    pub scope: String,
    /// The client that may exchange the code.
    pub for_client: ClientId,
    /// When the code was made.
    pub made_at: Timestamp,
}

/// The pairing codes that wait to be exchanged.
///
/// They are in this process only: the processes of a server that has several do not know each other's, and a restart forgets
/// them. That costs people one more look at the other screen, which is why it may be so.
#[derive(Debug, Default)]
pub struct Pairings(Mutex<HashMap<Digest<PairingCode>, Pairing>>);

impl Pairings {
    /// Keeps a code. It takes the place of the one that the same person has had for the same client, so that there are never
    /// more of them than people and clients.
    pub fn offer(&self, code: Digest<PairingCode>, pairing: Pairing) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = pairing.made_at.before(FORGOTTEN_AFTER);
        waiting.retain(|_, other| {
            let replaced = other.subject == pairing.subject && other.for_client == pairing.for_client;
            !replaced && other.made_at > remembered
        });
        waiting.insert(code, pairing);
    }

    /// Uses a code up, if it is for this client and was made after this moment. Of several callers one gets it.
    #[must_use]
    pub fn take(
        &self,
        code: &Digest<PairingCode>,
        client_id: &ClientId,
        made_after: Timestamp,
    ) -> Option<Pairing> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pairing = waiting.get(code)?;
        if pairing.for_client != *client_id || pairing.made_at <= made_after {
            return None;
        }
        waiting.remove(code)
    }
}

/// A server that has pairing codes.
pub trait Pairs: OAuth2Server {
    /// Its codes.
    fn pairings(&self) -> &Pairings;
}
