//! The framework's own tables.

use super::sql_model;
use crate::model::{Consent, Session};
use crate::types::{ClientId, Digest, ScopeSet, SessionId, Subject, Timestamp};

sql_model! {
    Session in "oauth2_session" {
        session: Digest<SessionId> = "session",
        subject: Subject = "subject",
        username: String = "username",
        signed_in_at: Timestamp = "signed_in_at",
        expires_at: Timestamp = "expires_at",
    }
}

sql_model! {
    Consent<S> in "oauth2_consent" {
        subject: Subject = "subject",
        client_id: ClientId = "client_id",
        scope: ScopeSet<S> = "scope",
        granted_at: Timestamp = "granted_at",
    }
}
