//! What the derives say about your structs: which field plays which role in the protocol.

mod client;
mod client_columns;
mod token;
mod token_columns;

pub use client::{ClientFields, OAuth2Client};
pub use client_columns::{
    ClientIdColumn, ClientSecretColumn, GrantTypesColumn, RedirectUrisColumn, TokenEndpointAuthMethodColumn,
};
pub use token::{NewToken, OAuth2Token, TokenFields};
pub use token_columns::{
    AccessTokenColumn, ExpiresAtColumn, ExtraColumn, GrantIdColumn, IssuedAtColumn, RefreshTokenColumn,
    RevokedAtColumn, SubjectColumn, TokenClientIdColumn,
};
