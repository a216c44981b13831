use crate::types::{
    AuthorizationCode, ClientId, CodeChallenge, Digest, GrantId, Scope, ScopeSet, Subject, Timestamp,
};

/// An authorization code, implemented by `#[derive(OAuth2Code)]`: what a person has allowed a client, until the client
/// fetches the token (RFC 6749 section 4.1).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a code model",
    label = "not a code model",
    note = "put `#[derive(OAuth2Code)]` on the struct (RFC 6749 section 4.1.2)"
)]
pub trait OAuth2Code: Sized + Send + Sync + 'static {
    /// The scope enum of its `scope` column.
    type Scopes: Scope;

    /// The row of a code that was just made; columns of your own get their defaults.
    fn issued(code: NewCode<Self::Scopes>) -> Self;

    /// The fields by their roles.
    fn fields(&self) -> CodeFields<'_, Self::Scopes>;
}

/// A code's fields by their roles.
#[derive(Debug, Clone, Copy)]
pub struct CodeFields<'a, S: Scope> {
    /// The authorization it stands for.
    pub grant_id: &'a GrantId,
    /// The client it was issued to.
    pub client_id: &'a ClientId,
    /// Who has signed in.
    pub subject: &'a Subject,
    /// What they have allowed.
    pub scope: ScopeSet<S>,
    /// The redirect URI of the authorization request; `None` when it named none (RFC 6749 section 4.1.3).
    pub redirect_uri: Option<&'a str>,
    /// The code challenge of the authorization request (RFC 7636 section 4.4).
    pub code_challenge: Option<CodeChallenge>,
    /// When the code ends. At that very second it is no longer valid.
    pub expires_at: Timestamp,
    /// When it was used.
    pub consumed_at: Option<Timestamp>,
}

/// What the framework knows of a code it has just made.
#[derive(Debug, Clone)]
pub struct NewCode<S: Scope> {
    /// Digest of the code.
    pub code: Digest<AuthorizationCode>,
    /// The authorization it stands for.
    pub grant_id: GrantId,
    /// The client it is issued to.
    pub client_id: ClientId,
    /// Who has signed in.
    pub subject: Subject,
    /// What they have allowed.
    pub scope: ScopeSet<S>,
    /// The redirect URI of the authorization request, if it named one.
    pub redirect_uri: Option<String>,
    /// The code challenge of the authorization request.
    pub code_challenge: Option<CodeChallenge>,
    /// When the code ends.
    pub expires_at: Timestamp,
}
