use crate::types::{
    ClientId, GrantTypes, Lifetime, RedirectUris, ResponseTypes, Scope, ScopeSet, SecretHash,
};

/// A client of the server (RFC 6749 section 2), implemented by `#[derive(OAuth2Client)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a client model",
    label = "not a client model",
    note = "put `#[derive(OAuth2Client)]` on the struct (RFC 6749 section 2)"
)]
pub trait OAuth2Client: Sized + Send + Sync + 'static {
    /// The scope enum of its `scope` column.
    type Scopes: Scope;

    /// Whether it has a field for redirect URIs.
    const HAS_REDIRECT_URIS: bool = true;
    /// Whether it has a field for the grant types a client may use.
    const HAS_GRANT_TYPES: bool = true;

    /// The fields by their roles.
    fn fields(&self) -> ClientFields<'_, Self::Scopes>;

    /// The client identifier (RFC 6749 section 2.2).
    fn client_id(&self) -> &ClientId {
        self.fields().client_id
    }
}

/// A client's fields by their roles. A role the struct has no field for is `None`.
#[derive(Debug, Clone, Copy)]
pub struct ClientFields<'a, S: Scope> {
    /// The client identifier (RFC 6749 section 2.2).
    pub client_id: &'a ClientId,
    /// What is stored of the client secret; `None` for a public client (RFC 6749 section 2.1).
    pub client_secret: Option<&'a SecretHash>,
    /// The scopes the client may ask for.
    pub scope: ScopeSet<S>,
    /// The registered redirect URIs.
    pub redirect_uris: Option<&'a RedirectUris>,
    /// The grant types the client may use; `None` lets its secret and its redirect URIs decide.
    pub grant_types: Option<&'a GrantTypes>,
    /// The response types the client may ask for; `None` lets its redirect URIs decide.
    pub response_types: Option<&'a ResponseTypes>,
    /// The one client authentication method the client uses (RFC 7591 section 2); `None` lets its secret decide.
    pub token_endpoint_auth_method: Option<&'a str>,
    /// The name to show people (RFC 7591 section 2); `None` shows the identifier.
    pub client_name: Option<&'a str>,
    /// How long access tokens issued to the client live; `None` lets the grant decide.
    pub access_token_ttl: Option<Lifetime>,
    /// Whether the client may introspect every token, and not only those issued to itself (RFC 7662 section 4).
    pub introspect: bool,
}
