use crate::types::{
    AccessToken, ClientId, Digest, GrantId, RefreshToken, Scope, ScopeSet, Subject, Timestamp,
};

/// An issued token, implemented by `#[derive(OAuth2Token)]`: an access token and, in the same row, the refresh
/// token issued with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a token model",
    label = "not a token model",
    note = "put `#[derive(OAuth2Token)]` on the struct (RFC 6749 section 1.4)"
)]
pub trait OAuth2Token: Sized + Send + Sync + 'static {
    /// The scope enum of its `scope` column.
    type Scopes: Scope;

    /// Whether the model can store a refresh token.
    const HAS_REFRESH_TOKEN: bool;
    /// Whether the model knows which authorization a token came from.
    const HAS_GRANT_ID: bool;

    /// The row of a token that was just made; columns of your own get their defaults.
    fn issued(token: NewToken<Self::Scopes>) -> Self;

    /// The fields by their roles.
    fn fields(&self) -> TokenFields<'_, Self::Scopes>;
}

/// A token's fields by their roles.
#[derive(Debug, Clone, Copy)]
pub struct TokenFields<'a, S: Scope> {
    /// The client it was issued to.
    pub client_id: &'a ClientId,
    /// Who it speaks for; `None` when the client acts for itself.
    pub subject: Option<&'a Subject>,
    /// What it may be used for.
    pub scope: ScopeSet<S>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When the access token ends. At that very second it is no longer valid.
    pub expires_at: Timestamp,
    /// When it was revoked or, for a refresh token, used.
    pub revoked_at: Option<Timestamp>,
    /// The authorization it came from; `None` when the struct has no such field.
    pub grant_id: Option<&'a GrantId>,
}

/// What the framework knows of a token it has just made.
#[derive(Debug, Clone)]
pub struct NewToken<S: Scope> {
    /// Digest of the access token.
    pub access_token: Digest<AccessToken>,
    /// Digest of the refresh token, if one is issued.
    pub refresh_token: Option<Digest<RefreshToken>>,
    /// The authorization it comes from.
    pub grant_id: GrantId,
    /// The client it is issued to.
    pub client_id: ClientId,
    /// Who it speaks for.
    pub subject: Option<Subject>,
    /// What it may be used for.
    pub scope: ScopeSet<S>,
    /// Now.
    pub issued_at: Timestamp,
    /// When the access token ends.
    pub expires_at: Timestamp,
}
