use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::TokenInfo;
use crate::model::OAuth2Token;
use crate::server::OAuth2Server;
use crate::types::{ClientId, ScopeSet, Subject, Timestamp};

/// A live access token that satisfied what was required. Dereferences to your token model.
///
/// It is the first argument of a `#[protect]` handler; elsewhere
/// [`Ready::acquire_token`](crate::server::Ready::acquire_token) gives it.
pub struct Bearer<S: OAuth2Server>(Arc<S::Token>);

impl<S: OAuth2Server> Bearer<S> {
    pub(super) const fn new(row: Arc<S::Token>) -> Self {
        Self(row)
    }

    /// Who the token speaks for; `None` when a client acts for itself.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.0.fields().subject
    }

    /// The granted scopes.
    #[must_use]
    pub fn scope(&self) -> ScopeSet<S::Scopes> {
        self.0.fields().scope
    }
}

#[diagnostic::do_not_recommend]
impl<S: OAuth2Server> TokenInfo for Bearer<S> {
    type Scopes = S::Scopes;

    fn scope(&self) -> ScopeSet<S::Scopes> {
        self.scope()
    }

    fn subject(&self) -> Option<&Subject> {
        self.subject()
    }

    fn client_id(&self) -> Option<&ClientId> {
        Some(self.0.fields().client_id)
    }

    fn expires_at(&self) -> Timestamp {
        self.0.fields().expires_at
    }
}

impl<S: OAuth2Server> Deref for Bearer<S> {
    type Target = S::Token;

    fn deref(&self) -> &S::Token {
        &self.0
    }
}

impl<S: OAuth2Server> Clone for Bearer<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: OAuth2Server> fmt::Debug for Bearer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").field("client_id", self.0.fields().client_id).finish_non_exhaustive()
    }
}
