use crate::model::{NewToken, OAuth2Token, TokenFields};
use crate::store::sql_model;
use crate::types::{
    AccessToken, ClientId, Digest, GrantId, RefreshToken, Scope, ScopeSet, Subject, Timestamp,
};

/// An issued token, in the table `oauth2_token`.
#[derive(Debug)]
pub struct Token<S: Scope> {
    /// Digest of the access token.
    pub access_token: Digest<AccessToken>,
    /// Digest of the refresh token issued with it.
    pub refresh_token: Option<Digest<RefreshToken>>,
    /// The authorization it came from.
    pub grant_id: GrantId,
    /// The client it was issued to.
    pub client_id: ClientId,
    /// Who it speaks for; `None` when the client acts for itself.
    pub subject: Option<Subject>,
    /// What it may be used for.
    pub scope: ScopeSet<S>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// When it was revoked or, for a refresh token, used.
    pub revoked_at: Option<Timestamp>,
}

impl<S: Scope> OAuth2Token for Token<S> {
    type Scopes = S;
    const HAS_REFRESH_TOKEN: bool = true;
    const HAS_GRANT_ID: bool = true;

    fn issued(token: NewToken<S>) -> Self {
        Self {
            access_token: token.access_token,
            refresh_token: token.refresh_token,
            grant_id: token.grant_id,
            client_id: token.client_id,
            subject: token.subject,
            scope: token.scope,
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            revoked_at: None,
        }
    }

    fn fields(&self) -> TokenFields<'_, S> {
        TokenFields {
            client_id: &self.client_id,
            subject: self.subject.as_ref(),
            scope: self.scope,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            grant_id: Some(&self.grant_id),
        }
    }
}

sql_model! {
    Token<S> in "oauth2_token" {
        access_token: Digest<AccessToken> = "access_token",
        refresh_token: Option<Digest<RefreshToken>> = "refresh_token",
        grant_id: GrantId = "grant_id",
        client_id: ClientId = "client_id",
        subject: Option<Subject> = "subject",
        scope: ScopeSet<S> = "scope",
        issued_at: Timestamp = "issued_at",
        expires_at: Timestamp = "expires_at",
        revoked_at: Option<Timestamp> = "revoked_at",
    }
}
