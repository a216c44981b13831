use crate::types::{ClientId, GrantId, Subject, Timestamp};

/// What happened, borrowed for the handlers. Each variant bears the name of its signal.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
#[expect(
    non_camel_case_types,
    reason = "the variants are the keys of `signals(..)`, so that rustc itself suggests them"
)]
pub enum Event<'a> {
    client_authenticated(&'a ClientAuthenticated),
    token_issued(&'a TokenIssued),
    token_authenticated(&'a TokenAuthenticated),
    token_revoked(&'a TokenRevoked),
    refresh_token_reused(&'a RefreshTokenReused),
    code_replayed(&'a CodeReplayed),
    consent_granted(&'a ConsentGranted),
    consent_denied(&'a ConsentDenied),
}

impl Event<'_> {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::client_authenticated(_) => "client_authenticated",
            Self::token_issued(_) => "token_issued",
            Self::token_authenticated(_) => "token_authenticated",
            Self::token_revoked(_) => "token_revoked",
            Self::refresh_token_reused(_) => "refresh_token_reused",
            Self::code_replayed(_) => "code_replayed",
            Self::consent_granted(_) => "consent_granted",
            Self::consent_denied(_) => "consent_denied",
        }
    }
}

/// Signal `client_authenticated`: a client identified itself at the token, revocation or introspection endpoint, by its
/// secret or, for a public client, by its identifier. Nothing has happened yet.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClientAuthenticated {
    /// Which client.
    pub client_id: ClientId,
    /// The registered name of the method (RFC 7591 section 2).
    pub method: &'static str,
    /// When.
    pub at: Timestamp,
}

/// Signal `token_issued`: a token was stored and is about to be answered by the token endpoint.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenIssued {
    /// To which client.
    pub client_id: ClientId,
    /// For whom; `None` when the client acts for itself.
    pub subject: Option<Subject>,
    /// By which grant type.
    pub grant_type: &'static str,
    /// The authorization it belongs to.
    pub grant_id: GrantId,
    /// The granted scopes, names separated by spaces.
    pub scope: String,
    /// Whether a refresh token was issued with it.
    pub refresh_token: bool,
    /// When.
    pub at: Timestamp,
}

/// Signal `token_authenticated`: a protected resource accepted an access token.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenAuthenticated {
    /// The client the token was issued to.
    pub client_id: ClientId,
    /// Who the token speaks for.
    pub subject: Option<Subject>,
    /// When.
    pub at: Timestamp,
}

/// Signal `token_revoked`: tokens ended before their time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenRevoked {
    /// The client they were issued to.
    pub client_id: ClientId,
    /// The authorization whose tokens ended; `None` when the client was deleted, or a person took their consent back, and
    /// all authorizations ended.
    pub grant_id: Option<GrantId>,
    /// How many rows ended: an access token and the refresh token issued with it are one. Those that had expired and are not
    /// deleted yet count too.
    pub tokens: u64,
    /// When.
    pub at: Timestamp,
}

/// Signal `refresh_token_reused`: a refresh token came back after it was used or revoked (RFC 9700 section 4.14.2). When
/// that was later than a request sent twice explains, or its successor was used already, what was left of its
/// authorization was revoked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RefreshTokenReused {
    /// The client that presented it.
    pub client_id: ClientId,
    /// The authorization it belongs to.
    pub grant_id: GrantId,
    /// Whether live tokens of the authorization were revoked for it.
    pub revoked: bool,
    /// When.
    pub at: Timestamp,
}

/// Signal `code_replayed`: an authorization code came back after it was used (RFC 6749 section 4.1.2). When it came from its
/// own client, and later than a request sent twice explains, what it was exchanged for was revoked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CodeReplayed {
    /// The client that presented it.
    pub client_id: ClientId,
    /// The client it was issued to.
    pub issued_to: ClientId,
    /// Who had signed in.
    pub subject: Subject,
    /// The authorization it stood for.
    pub grant_id: GrantId,
    /// Whether live tokens of the authorization were revoked for it.
    pub revoked: bool,
    /// When.
    pub at: Timestamp,
}

/// Signal `consent_granted`: a person let a client have scopes, on the consent page.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConsentGranted {
    /// Which client.
    pub client_id: ClientId,
    /// Who.
    pub subject: Subject,
    /// The scopes, names separated by spaces.
    pub scope: String,
    /// When.
    pub at: Timestamp,
}

/// Signal `consent_denied`: a person refused a client on the consent page, or an application's own page did for them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConsentDenied {
    /// Which client.
    pub client_id: ClientId,
    /// Who; `None` when an application's own page did not say.
    pub subject: Option<Subject>,
    /// The scopes that were asked for, names separated by spaces.
    pub scope: String,
    /// When.
    pub at: Timestamp,
}
