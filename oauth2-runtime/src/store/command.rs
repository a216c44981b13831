//! What the store's commands are told and what they answer.

use crate::error::Error;
use crate::model::{Consent, Models, OAuth2Token};
use crate::types::{AuthorizationCode, ClientId, Digest, GrantId, RefreshToken, Scope, Timestamp};

/// What became of a single-use artefact that was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redemption {
    /// It was live and belonged to the client; it is used up now and what it is exchanged for is stored.
    Consumed,
    /// It was used or revoked before.
    AlreadyConsumed {
        /// When that was.
        at: Timestamp,
        /// The client it belongs to, which need not be the one presenting it.
        client_id: ClientId,
        /// The authorization it came from.
        grant_id: Option<GrantId>,
    },
    /// There is no such artefact for this client, or it has expired, or the client is gone.
    Absent,
}

/// A client as it is stored, whether or not it can be read.
#[derive(Debug)]
pub struct StoredClient<C> {
    /// Its identifier.
    pub client_id: ClientId,
    /// The names of its scopes, also of those that are not declared any more, separated by spaces.
    pub scope: String,
    /// The client, or why its row cannot be read. No secret is in that.
    pub client: Result<C, Error>,
}

/// Use an authorization code and store what it is exchanged for (RFC 6749 section 4.1.3).
#[derive(Debug)]
pub struct CodeRedemption<'a, T> {
    /// The presented code.
    pub code: Digest<AuthorizationCode>,
    /// The client presenting it.
    pub client_id: &'a ClientId,
    /// Now.
    pub at: Timestamp,
    /// The rows to insert in the same transaction, of one client. When it does not exist any more, nothing happens.
    pub tokens: &'a [T],
}

/// Use a refresh token and store what it is exchanged for (RFC 6749 section 6).
#[derive(Debug)]
pub struct Rotation<'a, T> {
    /// The presented refresh token.
    pub refresh_token: Digest<RefreshToken>,
    /// The client presenting it.
    pub client_id: &'a ClientId,
    /// Now.
    pub at: Timestamp,
    /// Refresh tokens issued at or before this moment have expired.
    pub issued_after: Timestamp,
    /// The rows to insert in the same transaction, of one client. When it does not exist any more, nothing happens.
    pub successors: &'a [T],
}

/// A used refresh token that came back.
#[derive(Debug)]
pub struct Superseded<'a> {
    /// The token.
    pub refresh_token: Digest<RefreshToken>,
    /// The authorization it came from.
    pub grant_id: &'a GrantId,
    /// When it was used.
    pub used_at: Timestamp,
    /// Now.
    pub at: Timestamp,
}

/// Store an issued token.
#[derive(Debug)]
pub struct Issuance<'a, T: OAuth2Token> {
    /// Its rows, of one client; all are inserted or none.
    pub rows: &'a [T],
    /// The refresh token it is issued for, when that one stays in use: it must still be live.
    pub kept: Option<Digest<RefreshToken>>,
    /// How the person has agreed, when the token is the answer to an authorization request itself (RFC 6749 section 4.2).
    pub agreed: Agreed<'a, T::Scopes>,
}

impl<'a, T: OAuth2Token> Issuance<'a, T> {
    /// Of these rows, which depend on nothing but their client.
    #[must_use]
    pub const fn of(rows: &'a [T]) -> Self {
        Self { rows, kept: None, agreed: Agreed::Elsewhere }
    }
}

/// Store what a person has allowed: the code for the client, if they have agreed.
#[derive(Debug)]
pub struct Authorization<'a, M: Models> {
    /// The code's row.
    pub code: &'a M::Code,
    /// How they have agreed.
    pub agreed: Agreed<'a, M::Scopes>,
}

/// How a person has agreed to what a code stands for.
#[derive(Debug)]
pub enum Agreed<'a, S: Scope> {
    /// Just now: it is stored in place of what they agreed to before for the same client.
    Now(&'a Consent<S>),
    /// Before: a consent for the client must be there, since they may have taken it back meanwhile.
    Before,
    /// In a way that the store knows nothing of.
    Elsewhere,
}

// Derived, they would ask the same of the scopes.
impl<S: Scope> Clone for Agreed<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Scope> Copy for Agreed<'_, S> {}

/// Which rows nobody can ever need again.
#[derive(Debug, Clone, Copy)]
pub struct Expired {
    /// Access tokens and sessions that ended at or before this moment.
    pub ended_by: Timestamp,
    /// Refresh tokens issued at or before this moment have expired. A row whose refresh token is younger stays, used or
    /// not: a used one that comes back must be recognised.
    pub issued_by: Timestamp,
    /// Codes that ended at or before this moment. Used ones that come back must be recognised for a while.
    pub codes_ended_by: Timestamp,
    /// How many rows of each table to delete at most.
    pub limit: u32,
}
