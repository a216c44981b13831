//! The columns of a client model whose types are usual mistakes, as those of a token model.

use crate::types::{ClientId, SecretHash};

/// `client_id` as an `Option`.
#[diagnostic::on_unimplemented(
    message = "a client of this model may have no identifier",
    label = "expected `ClientId`",
    note = "RFC 6749 section 2.2: every registered client has one of its own"
)]
pub trait PresentClientId {
    /// The stored value.
    fn get(&self) -> &ClientId;
}

#[diagnostic::do_not_recommend]
impl PresentClientId for ClientId {
    fn get(&self) -> &ClientId {
        self
    }
}

/// `client_secret` as text.
#[diagnostic::on_unimplemented(
    message = "the client secret would be stored in clear",
    label = "expected `Option<SecretHash>`",
    note = "RFC 6819 section 5.1.4.1.3: store credentials as hashes only",
    note = "`ClientSecret::hash` makes the value to store"
)]
pub trait HashedClientSecret {
    /// The stored value.
    fn get(&self) -> Option<&SecretHash>;
}

#[diagnostic::do_not_recommend]
impl HashedClientSecret for Option<SecretHash> {
    fn get(&self) -> Option<&SecretHash> {
        self.as_ref()
    }
}

#[diagnostic::do_not_recommend]
impl HashedClientSecret for SecretHash {
    fn get(&self) -> Option<&SecretHash> {
        Some(self)
    }
}
