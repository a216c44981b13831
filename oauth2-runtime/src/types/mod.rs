//! The vocabulary of the specifications: plain values without a database, a clock or HTTP.

mod digest;
mod grant_properties;
mod grant_types;
mod identifier;
mod issuer;
mod redirect_uris;
mod requirement;
mod scope;
mod secret;
mod secret_hash;
mod server_metadata;
mod timestamp;
mod token_response;

pub(crate) use digest::ENTROPY_BYTES;
pub use digest::{AccessToken, Artefact, ClientSecretValue, Digest, RefreshToken};
pub use grant_properties::{DefaultRight, GrantProperties};
pub use grant_types::GrantTypes;
pub use identifier::{ClientId, GrantId, Subject};
pub use issuer::{InvalidIssuer, Issuer};
pub use redirect_uris::RedirectUris;
pub use requirement::Requirement;
pub use scope::{Scope, ScopeColumn, ScopeSet, UnknownScope};
pub use secret::Secret;
pub use secret_hash::{ClientSecret, InvalidSecretHash, SecretHash};
pub use server_metadata::ServerMetadata;
pub use timestamp::Timestamp;
pub use token_response::TokenResponse;
