//! What the derives say about your structs: which field plays which role in the protocol.

mod client;
mod client_columns;
mod client_mistakes;
mod code;
mod code_columns;
mod code_mistakes;
mod column;
mod sign_in;
mod token;
mod token_columns;
mod token_mistakes;

pub use client::{ClientFields, OAuth2Client};
pub use client_columns::{
    AccessTokenTtlColumn, ClientIdColumn, ClientNameColumn, ClientSecretColumn, GrantTypesColumn,
    IntrospectColumn, RedirectUrisColumn, ResponseTypesColumn, TokenEndpointAuthMethodColumn,
};
#[doc(hidden)]
pub use client_mistakes::{HashedClientSecret, PresentClientId};
pub use code::{CodeFields, NewCode, OAuth2Code};
pub use code_columns::{
    CodeChallengeColumn, CodeColumn, CodeRedirectUriColumn, CodeSubjectColumn, ConsumedAtColumn,
};
#[doc(hidden)]
pub use code_mistakes::{
    HashedCode, OptionalCodeChallenge, OptionalCodeRedirectUri, OptionalConsumedAt, PresentCode,
    PresentCodeSubject,
};
pub use sign_in::{Consent, Session};
pub use token::{NewToken, OAuth2Token, TokenFields};
pub use token_columns::{
    AccessTokenColumn, ExpiresAtColumn, ExtraColumn, GrantIdColumn, IssuedAtColumn, RefreshTokenColumn,
    RevokedAtColumn, SubjectColumn, TokenClientIdColumn,
};
#[doc(hidden)]
pub use token_mistakes::{
    HashedAccessToken, HashedRefreshToken, OptionalRefreshToken, OptionalRevokedAt, OptionalSubject,
    PresentAccessToken, PresentExpiresAt, PresentGrantId, PresentIssuedAt, PresentTokenClientId,
};

use column::column;

use crate::types::{GrantProperties, Scope};

/// What a server stores: implemented by `#[oauth2_server]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an OAuth 2.0 server",
    label = "not a server",
    note = "put `#[oauth2_server(..)]` on the struct"
)]
pub trait Models: Sized + Send + Sync + 'static {
    /// What clients may ask for.
    type Scopes: Scope;
    /// The client model.
    type Client: OAuth2Client<Scopes = Self::Scopes>;
    /// The token model.
    type Token: OAuth2Token<Scopes = Self::Scopes>;
    /// The model of authorization codes.
    type Code: OAuth2Code<Scopes = Self::Scopes>;

    /// Which tables it needs.
    const EXTENT: Extent;
}

/// Which tables a server needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Extent {
    /// Clients and tokens.
    Tokens,
    /// As well codes, sessions and consents: people sign in.
    SignIn,
}

impl Extent {
    /// What a server with these grants needs.
    #[must_use]
    pub const fn of(grants: &[GrantProperties]) -> Self {
        let mut rest = grants;
        while let [grant, others @ ..] = rest {
            if grant.response_type.is_some() {
                return Self::SignIn;
            }
            rest = others;
        }
        Self::Tokens
    }
}
