//! What the framework itself remembers of people: who is signed in where, and what they have agreed to.

use crate::types::{ClientId, Digest, Scope, ScopeSet, SessionId, Subject, Timestamp};

/// A person is signed in, in one browser. A row of the table `oauth2_session`.
#[derive(Debug, Clone)]
pub struct Session {
    /// Digest of the identifier in the browser's cookie.
    pub session: Digest<SessionId>,
    /// Who.
    pub subject: Subject,
    /// The user name they signed in with: what our pages call them.
    pub username: String,
    /// Since when.
    pub signed_in_at: Timestamp,
    /// When it ends. At that very second it is over.
    pub expires_at: Timestamp,
}

/// A person lets a client have these scopes, and need not be asked again. A row of the table `oauth2_consent`.
#[derive(Debug, Clone)]
pub struct Consent<S: Scope> {
    /// Who.
    pub subject: Subject,
    /// Which client.
    pub client_id: ClientId,
    /// The scopes.
    pub scope: ScopeSet<S>,
    /// When they were last agreed to.
    pub granted_at: Timestamp,
}
