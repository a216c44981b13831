//! The typed API for what is remembered of people: account pages and administration use nothing else.

use crate::error::Error;
use crate::model::Consent;
use crate::server::{OAuth2Server, Ready};
use crate::signal::{Event, TokenRevoked};
use crate::store::Store;
use crate::task::to_its_end;
use crate::types::{ClientId, Subject};

/// What a server remembers of people; from [`Ready::people`].
#[derive(Debug)]
pub struct People<'a, S>(&'a Ready<S>);

impl<S: OAuth2Server> Ready<S> {
    /// What this server remembers of people. For servers on which people sign in: others have no tables for it, and every
    /// call is an error.
    ///
    /// ```no_run
    /// use oauth2_runtime::prelude::*;
    ///
    /// async fn forget<S: OAuth2Server>(auth: &Ready<S>, person: &Subject, app: &ClientId) -> Result<(), Error> {
    ///     auth.people().withdraw_consent(person, app).await?;
    ///     auth.people().sign_out(person).await?;
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub const fn people(&self) -> People<'_, S> {
        People(self)
    }
}

impl<S: OAuth2Server> People<'_, S> {
    /// What a person has agreed to for a client, on the consent page.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
    ) -> Result<Option<Consent<S::Scopes>>, Error> {
        self.0.store().consent(subject, client_id).await
    }

    /// Takes back what a person has agreed to for a client: they are asked again, and all codes and tokens the client has for
    /// them end at once. How many live tokens there were.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn withdraw_consent(&self, subject: &Subject, client_id: &ClientId) -> Result<u64, Error> {
        let (server, subject, client_id) = (self.0.clone(), subject.clone(), client_id.clone());
        to_its_end(async move {
            let at = server.now();
            let tokens = server.store().withdraw_consent(&subject, &client_id, at).await?;
            if tokens > 0 {
                let event = TokenRevoked { client_id, subject: Some(subject), grant_id: None, tokens, at };
                server.emit(Event::token_revoked(&event)).await;
            }
            Ok(tokens)
        })
        .await?
    }

    /// Signs a person out of every browser; how many sessions there were. Tokens that clients have stay.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn sign_out(&self, subject: &Subject) -> Result<u64, Error> {
        self.0.store().end_sessions(subject).await
    }
}
