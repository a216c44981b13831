use std::fmt;
use std::time::Duration;

use super::opaque;
use crate::error::Error;
use crate::model::Models;
use crate::random::{Random, entropy};
use crate::types::{AccessToken, GrantId, RefreshToken, ScopeSet, Secret, Subject, Timestamp};

/// The token that is being made, as far as it is known: everything has been allowed, nothing is stored yet.
pub struct GeneratorContext<'a, S: Models> {
    pub(crate) server: &'a S,
    pub(crate) client: &'a S::Client,
    pub(crate) subject: Option<&'a Subject>,
    pub(crate) grant_type: &'static str,
    pub(crate) grant_id: &'a GrantId,
    pub(crate) scope: ScopeSet<S::Scopes>,
    pub(crate) lifetime: Duration,
    pub(crate) refresh_token: bool,
    pub(crate) now: Timestamp,
    pub(crate) random: &'a dyn Random,
}

impl<'a, S: Models> GeneratorContext<'a, S> {
    /// Your struct, with whatever it holds.
    #[must_use]
    pub const fn server(&self) -> &'a S {
        self.server
    }

    /// The client it is issued to.
    #[must_use]
    pub const fn client(&self) -> &'a S::Client {
        self.client
    }

    /// Who it speaks for; `None` when the client acts for itself.
    #[must_use]
    pub const fn subject(&self) -> Option<&'a Subject> {
        self.subject
    }

    /// The `grant_type` of the request it answers: `refresh_token` when it is a renewal.
    #[must_use]
    pub const fn grant_type(&self) -> &'static str {
        self.grant_type
    }

    /// The authorization it comes from.
    #[must_use]
    pub const fn grant_id(&self) -> &'a GrantId {
        self.grant_id
    }

    /// What the access token may be used for.
    #[must_use]
    pub const fn scope(&self) -> ScopeSet<S::Scopes> {
        self.scope
    }

    /// How long the access token lives, in whole seconds: the client's `access_token_ttl`, else the grant's; once
    /// [`TokenGenerator::lifetime`](super::TokenGenerator::lifetime) has been asked, its answer.
    #[must_use]
    pub const fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Now: when it is issued.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// 256 bits from the server's generator, for a value of your own.
    ///
    /// # Errors
    ///
    /// When the generator has none to give.
    pub fn entropy(&self) -> Result<[u8; 32], Error> {
        entropy(self.random)
    }

    /// An access token as the framework makes them: `at_`, 256 random bits, a check sum.
    ///
    /// # Errors
    ///
    /// When the generator has no randomness to give.
    pub fn opaque_access_token(&self) -> Result<Secret<String>, Error> {
        Ok(opaque::generate::<AccessToken>(self.random)?.0)
    }

    /// A refresh token as the framework makes them: `rt_`, 256 random bits, a check sum.
    ///
    /// # Errors
    ///
    /// When the generator has no randomness to give.
    pub fn opaque_refresh_token(&self) -> Result<Secret<String>, Error> {
        Ok(opaque::generate::<RefreshToken>(self.random)?.0)
    }
}

// Derived, they would ask the same of the server.
impl<S: Models> Clone for GeneratorContext<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Models> Copy for GeneratorContext<'_, S> {}

impl<S: Models> fmt::Debug for GeneratorContext<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratorContext").field("grant_type", &self.grant_type).finish_non_exhaustive()
    }
}
