use crate::model::{ClientFields, OAuth2Client};
use crate::store::sql_model;
use crate::types::{
    ClientId, GrantTypes, Lifetime, RedirectUris, ResponseTypes, Scope, ScopeSet, SecretHash,
};

/// A client, in the table `oauth2_client`.
#[derive(Debug)]
pub struct Client<S: Scope> {
    /// The client identifier (RFC 6749 section 2.2).
    pub client_id: ClientId,
    /// What is stored of its secret; `None` for a public client.
    pub client_secret: Option<SecretHash>,
    /// The name to show people (RFC 7591 section 2).
    pub client_name: Option<String>,
    /// The registered redirect URIs.
    pub redirect_uris: RedirectUris,
    /// The scopes it may ask for.
    pub scope: ScopeSet<S>,
    /// The grant types it may use; `None` lets its secret and its redirect URIs decide.
    pub grant_types: Option<GrantTypes>,
    /// The response types it may ask for; `None` lets its redirect URIs decide.
    pub response_types: Option<ResponseTypes>,
    /// The one client authentication method it uses; `None` lets its secret decide.
    pub token_endpoint_auth_method: Option<String>,
    /// How long its access tokens live, from one second to a year; `None` lets the grant decide.
    pub access_token_ttl: Option<Lifetime>,
    /// Whether it may introspect every token, and not only those issued to itself (RFC 7662 section 4).
    pub introspect: bool,
}

impl<S: Scope> Client<S> {
    /// A client with this identifier and these scopes; everything else is absent.
    pub fn new(client_id: impl Into<ClientId>, scope: ScopeSet<S>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: None,
            client_name: None,
            redirect_uris: RedirectUris::default(),
            scope,
            grant_types: None,
            response_types: None,
            token_endpoint_auth_method: None,
            access_token_ttl: None,
            introspect: false,
        }
    }
}

impl<S: Scope> OAuth2Client for Client<S> {
    type Scopes = S;

    fn fields(&self) -> ClientFields<'_, S> {
        ClientFields {
            client_id: &self.client_id,
            client_secret: self.client_secret.as_ref(),
            scope: self.scope,
            redirect_uris: Some(&self.redirect_uris),
            grant_types: self.grant_types.as_ref(),
            response_types: self.response_types.as_ref(),
            token_endpoint_auth_method: self.token_endpoint_auth_method.as_deref(),
            client_name: self.client_name.as_deref(),
            access_token_ttl: self.access_token_ttl,
            introspect: self.introspect,
        }
    }
}

sql_model! {
    Client<S> in "oauth2_client" {
        client_id: ClientId = "client_id",
        client_secret: Option<SecretHash> = "client_secret",
        client_name: Option<String> = "client_name",
        redirect_uris: RedirectUris = "redirect_uris",
        scope: ScopeSet<S> = "scope",
        grant_types: Option<GrantTypes> = "grant_types",
        response_types: Option<ResponseTypes> = "response_types",
        token_endpoint_auth_method: Option<String> = "token_endpoint_auth_method",
        access_token_ttl: Option<Lifetime> = "access_token_ttl",
        introspect: bool = "introspect",
    }
}
