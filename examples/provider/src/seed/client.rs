use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Offer, feature_of};
use crate::access::{Access, OPENID};

/// The longest secret that can be stored as a hash.
const MAX_SECRET_BYTES: usize = 1024;

/// What the authorization endpoint answers with, and by which grant.
struct Flow {
    response_type: &'static str,
    grant_type: &'static str,
    /// Whether a client that lists no grant types has it.
    by_default: bool,
}

const FLOWS: [Flow; 2] = [
    Flow { response_type: "code", grant_type: "authorization_code", by_default: true },
    Flow { response_type: "token", grant_type: "implicit", by_default: false },
];

/// A client to store.
pub(crate) struct Registration {
    /// The client, its secret left out.
    pub(crate) client: Client<Access>,
    /// The secret.
    pub(crate) secret: Option<Secret<String>>,
    /// Whether it has the scope that is not built yet.
    pub(crate) wants_openid: bool,
}

/// An entry of `clients`: client metadata (RFC 7591 section 2), the identifier and the secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    client_id: String,
    client_secret: Option<String>,
    client_name: Option<String>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    #[serde(default)]
    scope: String,
    token_endpoint_auth_method: Option<String>,
    /// Not registered: whether it may introspect every token.
    #[serde(default)]
    introspect: bool,
}

/// Reads the entry that is the `number`th of its list, from 1.
pub(super) fn read(
    number: usize,
    mut entry: Map<String, Value>,
    offer: &Offer,
) -> Result<Registration, Error> {
    let client_id = entry.get("client_id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let client =
        client_id.map_or_else(|| format!("number {number}"), |id| format!("`{}`", id.escape_debug()));
    registration(&mut entry, offer)
        .map_err(|reason| Error::new(format!("the seed's client {client} is refused: {reason}")))
}

fn registration(entry: &mut Map<String, Value>, offer: &Offer) -> Result<Registration, String> {
    // Saying that a feature is not wanted asks for nothing.
    entry
        .retain(|key, value| feature_of(key).is_none() || !matches!(value, Value::Null | Value::Bool(false)));
    if let Some((key, feature)) = entry.keys().find_map(|key| Some((key, feature_of(key)?))) {
        return Err(format!("`{key}` needs a feature that is not built yet: {feature}"));
    }
    // Before it is read: what is read in vain is repeated in the error.
    if entry.get("client_secret").is_some_and(|secret| !secret.is_string() && !secret.is_null()) {
        return Err("`client_secret` is not a string".to_owned());
    }
    let metadata: Metadata =
        serde_json::from_value(Value::Object(std::mem::take(entry))).map_err(|error| error.to_string())?;
    metadata.check_offered(offer)?;
    metadata.check_authentication()?;
    metadata.check_redirects()?;
    metadata.into_registration()
}

impl Metadata {
    fn has_grant_type(&self, name: &str) -> bool {
        self.grant_types.iter().flatten().any(|listed| listed == name)
    }

    fn has_response_type(&self, name: &str) -> bool {
        self.response_types.iter().flatten().any(|listed| listed == name)
    }

    /// What it names has to be there.
    fn check_offered(&self, offer: &Offer) -> Result<(), String> {
        let grant_types = self.grant_types.iter().flatten();
        known("grant type", grant_types, &offer.grant_types)?;
        known("response type", self.response_types.iter().flatten(), &offer.response_types)?;
        known("client authentication method", self.token_endpoint_auth_method.iter(), &offer.auth_methods)
    }

    /// A client is public, and says so, or it has a secret (RFC 6749 section 2.1).
    fn check_authentication(&self) -> Result<(), String> {
        let method = self.token_endpoint_auth_method.as_deref();
        match (&self.client_secret, method) {
            (Some(secret), _) if secret.is_empty() || secret.len() > MAX_SECRET_BYTES => {
                Err(format!("`client_secret` must have 1 to {MAX_SECRET_BYTES} bytes"))
            }
            (Some(_), Some("none")) => {
                Err("it has a `client_secret`, but its `token_endpoint_auth_method` is `none`".to_owned())
            }
            (None, Some(method)) if method != "none" => {
                Err(format!("its `token_endpoint_auth_method` is `{method}`, but it has no `client_secret`"))
            }
            (None, _) if self.has_grant_type("client_credentials") => {
                Err("`client_credentials` is for clients with a `client_secret` (RFC 6749 section 4.4)"
                    .to_owned())
            }
            (None, _) if self.introspect => {
                Err("`introspect` is for clients with a `client_secret` (RFC 7662 section 2.1)".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// A response type and its grant type are one flow (RFC 7591 section 2.1), which ends at a redirect URI.
    fn check_redirects(&self) -> Result<(), String> {
        for Flow { response_type, grant_type, by_default } in FLOWS {
            let (asked, granted) = (self.has_response_type(response_type), self.has_grant_type(grant_type));
            if asked && !granted && (self.grant_types.is_some() || !by_default) {
                return Err(format!(
                    "it has the response type `{response_type}` without the grant type `{grant_type}`"
                ));
            }
            if granted && self.response_types.is_some() && !asked {
                return Err(format!(
                    "it has the grant type `{grant_type}` without the response type `{response_type}`"
                ));
            }
            if (asked || granted) && self.redirect_uris.is_empty() {
                return Err(format!("it is to receive {response_type}s, but it has no `redirect_uris`"));
            }
        }
        Ok(())
    }

    fn into_registration(self) -> Result<Registration, String> {
        let (openid, names): (Vec<_>, Vec<_>) =
            self.scope.split_ascii_whitespace().partition(|name| *name == OPENID);
        let names = names.join(" ");
        if let Some(name) = ScopeSet::<Access>::undeclared(&names).next() {
            return Err(format!("this server has no scope `{}`", name.escape_debug()));
        }
        let client = Client {
            client_name: self.client_name,
            redirect_uris: self.redirect_uris.into_iter().collect(),
            grant_types: self.grant_types.map(|types| types.into_iter().collect()),
            response_types: self.response_types.map(|types| types.into_iter().collect()),
            token_endpoint_auth_method: self.token_endpoint_auth_method,
            introspect: self.introspect,
            ..Client::new(self.client_id, ScopeSet::from_stored(&names))
        };
        let secret = self.client_secret.map(Secret::new);
        Ok(Registration { client, secret, wants_openid: !openid.is_empty() })
    }
}

fn known<'a>(
    kind: &str,
    mut names: impl Iterator<Item = &'a String>,
    offered: &[&str],
) -> Result<(), String> {
    match names.find(|name| !offered.contains(&name.as_str())) {
        Some(name) => Err(format!("this server has no {kind} `{}`", name.escape_debug())),
        None => Ok(()),
    }
}
