//! The seed: a JSON file of users and clients that are to be in the database. Loading it twice changes nothing.

mod client;
mod later;
mod user;

use std::collections::BTreeSet;
use std::path::Path;

use oauth2_runtime::clients::check;
use oauth2_runtime::model::Models;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::time::{Clock, SystemClock};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::access::{Access, OPENID};
use crate::users::{User, Users};
use client::Registration;
use later::feature_of;

/// What clients of a server may be registered for.
pub(crate) struct Offer {
    /// The grant types.
    pub(crate) grant_types: Vec<&'static str>,
    /// The response types.
    pub(crate) response_types: Vec<&'static str>,
    /// The client authentication methods.
    pub(crate) auth_methods: Vec<&'static str>,
}

/// A seed that a server can be given.
pub(crate) struct Seed {
    users: Vec<User>,
    clients: Vec<Registration>,
}

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    users: Vec<Map<String, Value>>,
    #[serde(default)]
    clients: Vec<Map<String, Value>>,
}

impl Seed {
    /// Reads the file and checks everything that can be told without the database.
    pub(crate) fn read(path: &Path, offer: &Offer) -> Result<Self, Error> {
        let place = path.display().to_string();
        let place = place.escape_debug();
        let text = std::fs::read(path)
            .map_err(|source| Error::new(format!("cannot read the seed `{place}`")).caused_by(source))?;
        // By way of a map, since a list would do for the struct as well.
        let file: File = serde_json::from_slice(&text)
            .and_then(|entries: Map<String, Value>| serde_json::from_value(Value::Object(entries)))
            .map_err(|source| Error::new(format!("the seed `{place}` is not usable")).caused_by(source))?;
        let users = file.users.into_iter().map(user::read).collect::<Result<Vec<_>, _>>()?;
        let clients =
            file.clients.into_iter().zip(1..).map(|(entry, number)| client::read(number, entry, offer));
        let clients = clients.collect::<Result<Vec<_>, _>>()?;
        once("user", users.iter().map(|user| user.sub.as_str()))?;
        once("user name", users.iter().map(|user| user.username.as_str()))?;
        once("client", clients.iter().map(|client| client.client.client_id.as_str()))?;
        Ok(Self { users, clients })
    }

    /// Whether its clients may be stored.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.clients.iter().try_for_each(|registration| check(&registration.client))
    }

    /// Stores it. When a client or a user is refused, nothing is.
    pub(crate) async fn load<S>(self, auth: &Ready<S>, users: &Users) -> Result<(), Error>
    where
        S: OAuth2Server + Models<Client = Client<Access>>,
    {
        self.check()?;
        if self.clients.iter().any(|registration| registration.wants_openid) {
            tracing::warn!(
                scope = OPENID,
                "the seed has clients with a scope that is not built yet: they are not granted it"
            );
        }
        users.ensure(&self.users).await?;
        let (users, clients) = (self.users.len(), self.clients.len());
        for Registration { client, secret, .. } in self.clients {
            let client_secret = match secret {
                Some(secret) => Some(stored_secret(auth, &client.client_id, &secret).await?),
                None => None,
            };
            auth.clients().ensure(Client { client_secret, ..client }).await?;
        }
        tracing::info!(users, clients, "the seed is loaded");
        Ok(())
    }
}

/// What to store of a secret: what is stored already, if that is of the same secret. An argon2 hash is another one each
/// time it is made.
async fn stored_secret<S>(
    auth: &Ready<S>,
    client_id: &ClientId,
    secret: &Secret<String>,
) -> Result<SecretHash, Error>
where
    S: OAuth2Server + Models<Client = Client<Access>>,
{
    let stored = auth.clients().get(client_id).await?.and_then(|client| client.client_secret);
    match stored {
        Some(stored) if stored.verify(secret.expose(), SystemClock.now()).await? => Ok(stored),
        _ => SecretHash::imported(secret.expose()).await,
    }
}

/// Of two entries for the same the second would silently undo the first.
fn once<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Error::new(format!("the seed has the {kind} `{}` twice", name.escape_debug())));
        }
    }
    Ok(())
}
