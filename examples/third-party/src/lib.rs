//! Four parts for servers of `oauth2-runtime`, in a crate that is neither of its two: a grant kind, an endpoint, a client
//! authentication method and a store. A server lists them as it lists the built-in ones:
//!
//! ```no_run
//! use oauth2_runtime::prelude::*;
//! use third_party::pairing::{PairingEndpoint, Pairings, Pairs};
//! use third_party::redb_store::RedbStore;
//! use third_party::request_signature::{ClientKeys, RequestSignature, SignedRequests};
//!
//! #[derive(Scope)]
//! enum Access {
//!     /// See your heart rate
//!     #[scope("heart:read")]
//!     ReadHeart,
//! }
//!
//! #[grant(third_party::pairing, ttl = 2m)]
//! struct Pairing;
//!
//! #[oauth2_server(
//!     issuer = "https://id.example",
//!     scopes = Access,
//!     grants(Pairing),
//!     endpoints(PairingEndpoint),
//!     client_auth(none, RequestSignature),
//! )]
//! struct Auth {
//!     #[oauth2(store)]
//!     db: RedbStore,
//!     pairings: Pairings,
//!     keys: ClientKeys,
//! }
//!
//! impl Pairs for Auth {
//!     fn pairings(&self) -> &Pairings {
//!         &self.pairings
//!     }
//! }
//!
//! impl SignedRequests for Auth {
//!     fn keys(&self) -> &ClientKeys {
//!         &self.keys
//!     }
//! }
//! ```

pub mod pairing;
pub mod redb_store;
pub mod request_signature;
