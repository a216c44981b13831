//! The typed API for clients: seeds, registration and admin pages use nothing else.

use std::time::Duration;

use crate::error::Error;
use crate::model::OAuth2Client;
use crate::random::entropy;
use crate::server::{OAuth2Server, Ready};
use crate::signal::{Event, TokenRevoked};
use crate::store::Store;
use crate::task::to_its_end;
use crate::types::{
    ClientId, ClientSecret, GrantTypes, MAX_REDIRECT_URIS, RedirectUris, ResponseTypes, check_redirect_uri,
};

/// A server's clients; from [`Ready::clients`].
#[derive(Debug)]
pub struct Clients<'a, S>(&'a Ready<S>);

impl<S: OAuth2Server> Ready<S> {
    /// The clients of this server.
    #[must_use]
    pub const fn clients(&self) -> Clients<'_, S> {
        Clients(self)
    }
}

impl<S: OAuth2Server> Clients<'_, S> {
    /// Makes the stored client be this one, its secret included, whether it existed or not. Doing it twice changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// When the client is refused (see [`Clients::register`]) or the database fails.
    pub async fn ensure(&self, client: S::Client) -> Result<S::Client, Error> {
        check(&client)?;
        let store = self.0.store();
        // A client deleted between the two commands is inserted by the next turn.
        for _ in 0..3 {
            if store.insert_client(&client).await? || store.replace_client(&client, true).await? {
                return Ok(client);
            }
        }
        Err(conflict(client.client_id()))
    }

    /// Whether the client may be stored, without the database: its identifier, its lists, its lifetime and its redirect URIs. What
    /// stores clients asks this by itself; it is for storing several, or none when one is refused.
    ///
    /// # Errors
    ///
    /// One line with what is wrong.
    pub fn check(&self, client: &S::Client) -> Result<(), Error> {
        check(client)
    }

    /// Stores a new client.
    ///
    /// # Errors
    ///
    /// When its identifier is taken, empty or not printable ASCII (RFC 6749 appendix A.1); when a redirect URI is not
    /// absolute, has a fragment, a wildcard, a user name or an `iss` parameter, is not in normal form, or is `http` on another
    /// host than a loopback one (RFC 6749 section 3.1.2, RFC 8252 section 7, RFC 9207 section 2); when there are more than
    /// [`MAX_REDIRECT_URIS`] of them; when a grant type or response type is empty or has white space; when its `access_token_ttl` is
    /// zero or longer than a year; or when the database fails.
    pub async fn register(&self, client: S::Client) -> Result<S::Client, Error> {
        check(&client)?;
        if self.0.store().insert_client(&client).await? {
            return Ok(client);
        }
        let client_id = client.client_id();
        if self.get(client_id).await?.is_none() {
            return Err(conflict(client_id));
        }
        Err(Error::new(format!("the client `{client_id}` exists already: use `replace` or `ensure`")))
    }

    /// The client with this identifier.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn get(&self, client_id: &ClientId) -> Result<Option<S::Client>, Error> {
        self.0.store().client(client_id.as_str()).await
    }

    /// At most `limit` clients in order of their identifiers, from the first one after `after`.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn list(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<S::Client>, Error> {
        self.0.store().clients(after, limit).await
    }

    /// Replaces the client with the same identifier; `false` when there is none. Its secret stays the stored one, so that
    /// a client read before a rotation does not undo it; [`Clients::rotate_secret`] and [`Clients::ensure`] change secrets.
    ///
    /// # Errors
    ///
    /// When the client is refused (see [`Clients::register`]) or the database fails.
    pub async fn replace(&self, client: S::Client) -> Result<bool, Error> {
        check(&client)?;
        self.0.store().replace_client(&client, false).await
    }

    /// Gives the client a new secret and answers it: this is the only time it can be seen. The old one stays
    /// valid for `overlap`, in whole seconds, so that the client's operators can change over without a pause.
    ///
    /// # Errors
    ///
    /// When there is no such client, or the database or the system's generator fails.
    pub async fn rotate_secret(
        &self,
        client_id: &ClientId,
        overlap: Duration,
    ) -> Result<ClientSecret, Error> {
        let secret = ClientSecret::from_entropy(&entropy(self.0.random())?);
        // Somebody else may rotate at the same moment: each must replace what it has seen.
        for _ in 0..3 {
            let Some(client) = self.get(client_id).await? else {
                return Err(Error::new(format!("there is no client `{client_id}`")));
            };
            let current = client.fields().client_secret;
            let next = match current {
                Some(current) => current.rotated(&secret, self.0.now().after(overlap)),
                None => secret.hash(),
            };
            if self.0.store().set_client_secret(client_id, current, &next).await? {
                return Ok(secret);
            }
        }
        Err(Error::new(format!("the secret of `{client_id}` is being changed by others: try again")))
    }

    /// Deletes a client and ends all its tokens; `false` when there is none.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn delete(&self, client_id: &ClientId) -> Result<bool, Error> {
        let (server, client_id) = (self.0.clone(), client_id.clone());
        to_its_end(async move {
            let at = server.now();
            let Some(tokens) = server.store().delete_client(&client_id, at).await? else { return Ok(false) };
            if tokens > 0 {
                let event = TokenRevoked { client_id, subject: None, grant_id: None, tokens, at };
                server.emit(Event::token_revoked(&event)).await;
            }
            Ok(true)
        })
        .await?
    }
}

/// The insert met a unique column, and not the identifier's: one of the application's own.
fn conflict(client_id: &ClientId) -> Error {
    Error::new(format!(
        "the client `{client_id}` cannot be stored: another client has the same value in a unique column"
    ))
}

/// Whether a client may be stored, without a server: what [`Clients::check`] answers.
///
/// # Errors
///
/// One line with the first thing that is wrong.
pub fn check<C: OAuth2Client>(client: &C) -> Result<(), Error> {
    let id = client.client_id().as_str();
    if !is_identifier(id) {
        let id = id.escape_debug();
        return Err(Error::new(format!("`{id}` is not a client identifier: {IDENTIFIER}")));
    }
    match refusals(client).first() {
        Some(refusal) => Err(Error::new(format!("the client `{id}` {refusal}"))),
        None => Ok(()),
    }
}

const IDENTIFIER: &str = "it is one or more printable ASCII characters (RFC 6749 appendix A.1)";

fn is_identifier(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// Why the client may not be stored: everything, each as what follows `the client ..`.
pub(crate) fn refusals<C: OAuth2Client>(client: &C) -> Vec<String> {
    let (fields, mut refusals) = (client.fields(), Vec::new());
    if !is_identifier(fields.client_id.as_str()) {
        refusals.push(format!("has an identifier that is none: {IDENTIFIER}"));
    }
    let grants = fields.grant_types.into_iter().flat_map(GrantTypes::iter);
    let responses = fields.response_types.into_iter().flat_map(ResponseTypes::iter);
    // Lists are stored with spaces between their items.
    if grants.chain(responses).any(|item| item.is_empty() || item.contains(char::is_whitespace)) {
        refusals.push("has a grant type or a response type that is empty or contains white space".to_owned());
    }
    if let Some(ttl) = fields.access_token_ttl.filter(|ttl| !ttl.is_sane()) {
        refusals.push(format!("cannot have an `access_token_ttl` of {ttl}: it is from one second to a year"));
    }
    if let Some(count) =
        fields.redirect_uris.map(RedirectUris::len).filter(|count| *count > MAX_REDIRECT_URIS)
    {
        refusals.push(format!("cannot have {count} redirect URIs: there are at most {MAX_REDIRECT_URIS}"));
    }
    for uri in fields.redirect_uris.into_iter().flat_map(RedirectUris::iter) {
        if let Err(reason) = check_redirect_uri(uri) {
            let uri = uri.escape_debug();
            refusals.push(format!("cannot have the redirect URI `{uri}`: {reason}"));
        }
    }
    refusals
}
