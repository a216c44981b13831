use crate::model::{CodeFields, NewCode, OAuth2Code};
use crate::store::sql_model;
use crate::types::{
    AuthorizationCode, ClientId, CodeChallenge, Digest, GrantId, Scope, ScopeSet, Subject, Timestamp,
};

/// An authorization code, in the table `oauth2_code`.
#[derive(Debug)]
pub struct Code<S: Scope> {
    /// Digest of the code.
    pub code: Digest<AuthorizationCode>,
    /// The authorization it stands for.
    pub grant_id: GrantId,
    /// The client it was issued to.
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
    /// When it was used.
    pub consumed_at: Option<Timestamp>,
}

impl<S: Scope> OAuth2Code for Code<S> {
    type Scopes = S;

    fn issued(code: NewCode<S>) -> Self {
        Self {
            code: code.code,
            grant_id: code.grant_id,
            client_id: code.client_id,
            subject: code.subject,
            scope: code.scope,
            redirect_uri: code.redirect_uri,
            code_challenge: code.code_challenge,
            expires_at: code.expires_at,
            consumed_at: None,
        }
    }

    fn fields(&self) -> CodeFields<'_, S> {
        CodeFields {
            grant_id: &self.grant_id,
            client_id: &self.client_id,
            subject: &self.subject,
            scope: self.scope,
            redirect_uri: self.redirect_uri.as_deref(),
            code_challenge: self.code_challenge,
            expires_at: self.expires_at,
            consumed_at: self.consumed_at,
        }
    }
}

sql_model! {
    Code<S> in "oauth2_code" {
        code: Digest<AuthorizationCode> = "code",
        grant_id: GrantId = "grant_id",
        client_id: ClientId = "client_id",
        subject: Subject = "subject",
        scope: ScopeSet<S> = "scope",
        redirect_uri: Option<String> = "redirect_uri",
        code_challenge: Option<CodeChallenge> = "code_challenge",
        expires_at: Timestamp = "expires_at",
        consumed_at: Option<Timestamp> = "consumed_at",
    }
}
