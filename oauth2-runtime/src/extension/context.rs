use http::request::Parts;

use crate::client_auth::ClientRequest;
use crate::form::Form;
use crate::server::{OAuth2Server, Ready};
use crate::types::{GrantProperties, ScopeSet, Subject, Timestamp};

/// A token that is about to be issued: what the steps of the token endpoint know.
pub struct TokenContext<'a, S: OAuth2Server> {
    pub(crate) server: &'a Ready<S>,
    pub(crate) client: &'a S::Client,
    pub(crate) form: &'a Form,
    pub(crate) now: Timestamp,
    pub(crate) request: Option<&'a ClientRequest<'a, S>>,
    pub(crate) grant: GrantProperties,
    pub(crate) subject: Option<&'a Subject>,
    pub(crate) scope: ScopeSet<S::Scopes>,
    pub(crate) code: Option<&'a S::Code>,
    pub(crate) refreshed: Option<&'a S::Token>,
}

impl<'a, S: OAuth2Server> TokenContext<'a, S> {
    /// The server; dereferences to your struct.
    #[must_use]
    pub const fn server(&self) -> &'a Ready<S> {
        self.server
    }

    /// The client the token is for.
    #[must_use]
    pub const fn client(&self) -> &'a S::Client {
        self.client
    }

    /// Whether the client proved its identity.
    #[must_use]
    pub fn client_is_confidential(&self) -> bool {
        self.request.is_some_and(ClientRequest::client_is_confidential)
    }

    /// The parameters of the token request; those of the authorization request in the implicit grant.
    #[must_use]
    pub const fn form(&self) -> &'a Form {
        self.form
    }

    /// The token request without its body; `None` in the implicit grant, which has none.
    #[must_use]
    pub fn parts(&self) -> Option<&'a Parts> {
        self.request.map(ClientRequest::parts)
    }

    /// When the request arrived.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// By which grant type.
    #[must_use]
    pub const fn grant_type(&self) -> &'static str {
        self.grant.grant_type
    }

    /// For whom; `None` when the client acts for itself.
    #[must_use]
    pub const fn subject(&self) -> Option<&'a Subject> {
        self.subject
    }

    /// The scopes of the access token.
    #[must_use]
    pub const fn scope(&self) -> ScopeSet<S::Scopes> {
        self.scope
    }

    /// The row of the code it is exchanged for, with your own columns.
    #[must_use]
    pub const fn code(&self) -> Option<&'a S::Code> {
        self.code
    }

    /// The row of the refresh token it is exchanged for, with your own columns.
    #[must_use]
    pub const fn refreshed(&self) -> Option<&'a S::Token> {
        self.refreshed
    }
}

/// An authorization request that may be answered: the client is known, its redirect URI verified, and the gate admits it.
pub struct AuthorizationContext<'a, S: OAuth2Server> {
    pub(crate) server: &'a Ready<S>,
    pub(crate) client: &'a S::Client,
    pub(crate) form: &'a Form,
    pub(crate) now: Timestamp,
    pub(crate) grant: GrantProperties,
    pub(crate) scope: ScopeSet<S::Scopes>,
    pub(crate) redirect_uri: &'a str,
    /// The redirect URI, if the request named it: the token request must then name it too.
    pub(crate) named_redirect_uri: Option<&'a str>,
}

impl<'a, S: OAuth2Server> AuthorizationContext<'a, S> {
    /// The server; dereferences to your struct.
    #[must_use]
    pub const fn server(&self) -> &'a Ready<S> {
        self.server
    }

    /// The client that asks. It has only named itself.
    #[must_use]
    pub const fn client(&self) -> &'a S::Client {
        self.client
    }

    /// The parameters of the request.
    #[must_use]
    pub const fn form(&self) -> &'a Form {
        self.form
    }

    /// Now.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// By which grant type it is answered.
    #[must_use]
    pub const fn grant_type(&self) -> &'static str {
        self.grant.grant_type
    }

    /// What the client may be granted of what it asks for.
    #[must_use]
    pub const fn scope(&self) -> ScopeSet<S::Scopes> {
        self.scope
    }

    /// Where the answer goes.
    #[must_use]
    pub const fn redirect_uri(&self) -> &'a str {
        self.redirect_uri
    }
}
