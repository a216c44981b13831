//! The shipped models: what a server uses when its declaration has no `models(..)`.

use crate::model::{ClientFields, NewToken, OAuth2Client, OAuth2Token, TokenFields};
use crate::store::{Column, Dialect, SqlModel, Visit};
use crate::types::{
    AccessToken, ClientId, Digest, GrantId, GrantTypes, RedirectUris, RefreshToken, Scope, ScopeSet,
    SecretHash, Subject, Timestamp,
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
    /// The one client authentication method it uses; `None` lets its secret decide.
    pub token_endpoint_auth_method: Option<String>,
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
            token_endpoint_auth_method: None,
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
            token_endpoint_auth_method: self.token_endpoint_auth_method.as_deref(),
        }
    }
}

impl<S: Scope, DB: Dialect> SqlModel<DB> for Client<S>
where
    ClientId: Column<DB>,
    Option<SecretHash>: Column<DB>,
    Option<String>: Column<DB>,
    RedirectUris: Column<DB>,
    ScopeSet<S>: Column<DB>,
    Option<GrantTypes>: Column<DB>,
{
    const TABLE: &'static str = "oauth2_client";

    fn decode(row: &DB::Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            client_id: DB::get(row, 0)?,
            client_secret: DB::get(row, 1)?,
            client_name: DB::get(row, 2)?,
            redirect_uris: DB::get(row, 3)?,
            scope: DB::get(row, 4)?,
            grant_types: DB::get(row, 5)?,
            token_endpoint_auth_method: DB::get(row, 6)?,
        })
    }

    fn columns<V: Visit<DB, Self>>(visit: &mut V) -> Result<(), sqlx::Error> {
        visit.column("client_id", "client_id", |row| &row.client_id)?;
        visit.column("client_secret", "client_secret", |row| &row.client_secret)?;
        visit.column("client_name", "", |row| &row.client_name)?;
        visit.column("redirect_uris", "redirect_uris", |row| &row.redirect_uris)?;
        visit.column("scope", "scope", |row| &row.scope)?;
        visit.column("grant_types", "grant_types", |row| &row.grant_types)?;
        visit.column("token_endpoint_auth_method", "token_endpoint_auth_method", |row| {
            &row.token_endpoint_auth_method
        })
    }
}

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

impl<S: Scope, DB: Dialect> SqlModel<DB> for Token<S>
where
    Digest<AccessToken>: Column<DB>,
    Option<Digest<RefreshToken>>: Column<DB>,
    GrantId: Column<DB>,
    ClientId: Column<DB>,
    Option<Subject>: Column<DB>,
    ScopeSet<S>: Column<DB>,
    Timestamp: Column<DB>,
    Option<Timestamp>: Column<DB>,
{
    const TABLE: &'static str = "oauth2_token";

    fn decode(row: &DB::Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            access_token: DB::get(row, 0)?,
            refresh_token: DB::get(row, 1)?,
            grant_id: DB::get(row, 2)?,
            client_id: DB::get(row, 3)?,
            subject: DB::get(row, 4)?,
            scope: DB::get(row, 5)?,
            issued_at: DB::get(row, 6)?,
            expires_at: DB::get(row, 7)?,
            revoked_at: DB::get(row, 8)?,
        })
    }

    fn columns<V: Visit<DB, Self>>(visit: &mut V) -> Result<(), sqlx::Error> {
        visit.column("access_token", "access_token", |row| &row.access_token)?;
        visit.column("refresh_token", "refresh_token", |row| &row.refresh_token)?;
        visit.column("grant_id", "grant_id", |row| &row.grant_id)?;
        visit.column("client_id", "client_id", |row| &row.client_id)?;
        visit.column("subject", "subject", |row| &row.subject)?;
        visit.column("scope", "scope", |row| &row.scope)?;
        visit.column("issued_at", "issued_at", |row| &row.issued_at)?;
        visit.column("expires_at", "expires_at", |row| &row.expires_at)?;
        visit.column("revoked_at", "revoked_at", |row| &row.revoked_at)
    }
}
