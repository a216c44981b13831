//! The people and the clients, as the provider's seed file has them.

use oauth2_bench::Failure;
use oauth2_bench::digest::CLIENT_SECRET;
use oauth2_tests::portal::WEB_CALLBACK;
use serde_json::json;

/// The password of every person.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Who is in the seed.
pub(crate) struct Seed {
    people: usize,
    clients: Vec<Client>,
}

/// One of the clients.
pub(crate) struct Client {
    pub(crate) id: String,
    /// In the form of a generated one: only the people's passwords are to cost an argon2 hash.
    pub(crate) secret: String,
}

impl Seed {
    pub(crate) fn generate(people: usize, clients: usize) -> Result<Self, Failure> {
        let client =
            |number| Ok(Client { id: format!("client-{number}"), secret: CLIENT_SECRET.generate()? });
        let clients = (0..clients).map(client).collect::<Result<_, Failure>>()?;
        Ok(Self { people, clients })
    }

    /// What the person types as their name.
    pub(crate) fn person(number: usize) -> String {
        format!("person-{number}")
    }

    pub(crate) fn client(&self, number: usize) -> Result<&Client, Failure> {
        self.clients.get(number).ok_or_else(|| format!("there is no client {number}").into())
    }

    pub(crate) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let users = (0..self.people).map(|number| {
            let name = Self::person(number);
            json!({ "sub": format!("u-{name}"), "username": name, "password": PASSWORD, "claims": {} })
        });
        let clients = self.clients.iter().map(|client| {
            json!({
                "client_id": client.id,
                "client_secret": client.secret,
                "client_name": format!("The application {}", client.id),
                "redirect_uris": [WEB_CALLBACK],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "scope": "profile email photos:read",
                "token_endpoint_auth_method": "client_secret_basic",
            })
        });
        serde_json::to_vec(&json!({
            "users": users.collect::<Vec<_>>(),
            "clients": clients.collect::<Vec<_>>(),
        }))
    }
}
