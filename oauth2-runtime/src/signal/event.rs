use crate::types::{ClientId, GrantId, Subject, Timestamp};

/// One line an event: the name of its signal, and its struct.
macro_rules! events {
    ($($signal:ident: $Event:ident,)*) => {
        /// What happened, borrowed for the handlers. Each variant bears the name of its signal.
        #[doc(hidden)]
        #[derive(Debug, Clone, Copy)]
        #[expect(
            non_camel_case_types,
            reason = "the variants are the keys of `signals(..)`, so that rustc itself suggests them"
        )]
        pub enum Event<'a> {
            $($signal(&'a $Event),)*
        }

        impl Event<'_> {
            pub(crate) const fn name(&self) -> &'static str {
                match self {
                    $(Self::$signal(_) => stringify!($signal),)*
                }
            }

            /// The same for those who see it later.
            pub(super) fn kept(self) -> Occurrence {
                match self {
                    $(Self::$signal(event) => Occurrence::$Event(event.clone()),)*
                }
            }
        }

        /// What happened: any of the events.
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum Occurrence {
            $(
                #[doc = concat!("Signal `", stringify!($signal), "`.")]
                $Event($Event),
            )*
        }

        impl Occurrence {
            /// The name of its signal, such as `token_issued`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$Event(_) => stringify!($signal),)*
                }
            }

            /// When it happened.
            #[must_use]
            pub const fn at(&self) -> Timestamp {
                match self {
                    $(Self::$Event(event) => event.at,)*
                }
            }
        }
    };
}

events! {
    client_authenticated: ClientAuthenticated,
    token_issued: TokenIssued,
    token_authenticated: TokenAuthenticated,
    token_revoked: TokenRevoked,
    refresh_token_reused: RefreshTokenReused,
    code_replayed: CodeReplayed,
    consent_granted: ConsentGranted,
    consent_denied: ConsentDenied,
}

/// Signal `client_authenticated`: a client identified itself, by its secret or, for a public client, by its identifier.
///
/// At the token endpoint after the check that the server has the `grant_type` and before the client's right to it; at the
/// revocation and introspection endpoints; and at endpoints of your own for clients
/// ([`ClientEndpoint`](crate::endpoint::ClientEndpoint)). Nothing is stored yet, and the request may still be refused.
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

/// Signal `token_issued`: a client is about to be answered a token.
///
/// At the token endpoint, for every grant, and at the authorization endpoint for the implicit one, after the token's row is
/// committed. It is not said whether the client received it.
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
///
/// At your own routes: `#[protect]`, [`Ready::require`](crate::server::Ready::require) and
/// [`Ready::acquire_token`](crate::server::Ready::acquire_token), once a request, after the requirement was found satisfied and
/// before the handler runs. Nothing is stored for it.
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
///
/// At the revocation endpoint; at the token endpoint after [`RefreshTokenReused`] or [`CodeReplayed`] that revoked; from
/// `auth.clients().delete(..)` and `auth.people().withdraw_consent(..)`. Each time after the rows are changed and
/// committed, and only when there were any.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenRevoked {
    /// The client they were issued to.
    pub client_id: ClientId,
    /// Who they spoke for; `None` when the client acted for itself, or was deleted and the tokens of everybody ended.
    pub subject: Option<Subject>,
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
///
/// At the token endpoint, after that revocation is committed; [`TokenRevoked`] follows it then.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RefreshTokenReused {
    /// The client that presented it.
    pub client_id: ClientId,
    /// Who it spoke for; `None` when the client acts for itself.
    pub subject: Option<Subject>,
    /// The authorization it belongs to.
    pub grant_id: GrantId,
    /// Whether live tokens of the authorization were revoked for it.
    pub revoked: bool,
    /// When.
    pub at: Timestamp,
}

/// Signal `code_replayed`: an authorization code came back after it was used (RFC 6749 section 4.1.2). When it came from its
/// own client, and later than a request sent twice explains, what it was exchanged for was revoked.
///
/// At the token endpoint, after that revocation is committed; [`TokenRevoked`] follows it then.
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

/// Signal `consent_granted`: a person let a client have scopes.
///
/// At the consent page, after the consent and the code, or the token of the implicit grant, are committed. An authorization
/// request that an earlier consent answers does not ask, and sends nothing.
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

/// Signal `consent_denied`: a person refused a client.
///
/// At the consent page, or on an application's own page by `create_authorization_response` without a person. Nothing is stored
/// for it; the client is told next, by `access_denied`.
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
