//! The vocabulary of the specifications: plain values without a database, a clock or HTTP.

mod authorization_response;
mod digest;
mod grant_properties;
mod identifier;
mod issuer;
mod lifetime;
mod name_list;
mod pkce;
mod redirect_uris;
mod requirement;
mod scope;
mod secret;
mod secret_hash;
mod server_metadata;
mod stored_secret;
mod timestamp;
mod token_response;

pub use authorization_response::AuthorizationResponse;
pub(crate) use digest::ENTROPY_BYTES;
#[cfg(feature = "remote-introspection")]
pub(crate) use digest::fits_a_form;
pub use digest::{
    AccessToken, Artefact, AuthorizationCode, ClientSecretValue, Digest, MAX_TOKEN_BYTES, MIN_TOKEN_BYTES,
    RefreshToken, SessionId,
};
pub use grant_properties::{DefaultRight, GrantProperties, Legacy};
pub use identifier::{ClientId, GrantId, Subject};
pub use issuer::{InvalidIssuer, Issuer};
pub use lifetime::Lifetime;
pub use name_list::{GrantTypes, ResponseTypes};
pub use pkce::{CodeChallenge, InvalidCodeChallenge};
pub(crate) use redirect_uris::is_loopback;
pub use redirect_uris::{InvalidRedirectUri, MAX_REDIRECT_URIS, RedirectUris};
pub(crate) use redirect_uris::{check_redirect_uri, destination, is_shared};
pub use requirement::Requirement;
pub use scope::{Scope, ScopeColumn, ScopeSet, UnknownScope};
pub use secret::Secret;
pub use secret_hash::{ClientSecret, SecretHash};
pub use server_metadata::{MetadataMember, ServerMetadata};
pub use stored_secret::InvalidSecretHash;
pub use timestamp::Timestamp;
pub use token_response::TokenResponse;

use stored_secret::StoredSecret;
