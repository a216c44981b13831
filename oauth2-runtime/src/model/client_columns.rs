//! The types a client model's fields may have, one trait a role, each with the compiler's words for a wrong one.

use crate::types::{ClientId, GrantTypes, Lifetime, RedirectUris, ResponseTypes, SecretHash};

/// A field that can be `client_id`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `client_id` column",
    label = "expected `ClientId`",
    note = "RFC 6749 section 2.2: the client identifier is a unique string"
)]
pub trait ClientIdColumn {
    /// The stored value.
    fn get(&self) -> &ClientId;
}

#[diagnostic::do_not_recommend]
impl ClientIdColumn for ClientId {
    fn get(&self) -> &ClientId {
        self
    }
}

/// A field that can be `client_secret`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `client_secret` column",
    label = "expected `Option<SecretHash>`",
    note = "RFC 6819 section 5.1.4.1.3: store credentials as hashes only; a public client has none",
    note = "`ClientSecret::hash` makes the value to store"
)]
pub trait ClientSecretColumn {
    /// The stored value.
    fn get(&self) -> Option<&SecretHash>;
}

#[diagnostic::do_not_recommend]
impl ClientSecretColumn for Option<SecretHash> {
    fn get(&self) -> Option<&SecretHash> {
        self.as_ref()
    }
}

#[diagnostic::do_not_recommend]
impl ClientSecretColumn for SecretHash {
    fn get(&self) -> Option<&SecretHash> {
        Some(self)
    }
}

macro_rules! optional_column {
    ($(#[$attributes:meta])* $trait:ident: $value:ty => $held:ty, $borrow:expr) => {
        $(#[$attributes])*
        pub trait $trait {
            /// The stored value.
            fn get(&self) -> Option<&$held>;
        }

        #[diagnostic::do_not_recommend]
        impl $trait for Option<$value> {
            fn get(&self) -> Option<&$held> {
                self.as_ref().map($borrow)
            }
        }

        #[diagnostic::do_not_recommend]
        impl $trait for $value {
            fn get(&self) -> Option<&$held> {
                Some($borrow(self))
            }
        }
    };
}

optional_column! {
    /// A field that can be `redirect_uris`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `redirect_uris` column",
        label = "expected `RedirectUris`",
        note = "RFC 6749 section 3.1.2.2: redirect URIs are registered whole and compared exactly"
    )]
    RedirectUrisColumn: RedirectUris => RedirectUris, |uris| uris
}

optional_column! {
    /// A field that can be `grant_types`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `grant_types` column",
        label = "expected `Option<GrantTypes>`",
        note = "RFC 7591 section 2: `grant_types` is a list of grant type names"
    )]
    GrantTypesColumn: GrantTypes => GrantTypes, |types| types
}

optional_column! {
    /// A field that can be `token_endpoint_auth_method`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `token_endpoint_auth_method` column",
        label = "expected `Option<String>`",
        note = "RFC 7591 section 2: `token_endpoint_auth_method` is a registered name"
    )]
    TokenEndpointAuthMethodColumn: String => str, String::as_str
}

optional_column! {
    /// A field that can be `response_types`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `response_types` column",
        label = "expected `Option<ResponseTypes>`",
        note = "RFC 7591 section 2: `response_types` is a list of response type names"
    )]
    ResponseTypesColumn: ResponseTypes => ResponseTypes, |types| types
}

optional_column! {
    /// A field that can be `client_name`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `client_name` column",
        label = "expected `Option<String>`",
        note = "RFC 7591 section 2: `client_name` is the name to show people"
    )]
    ClientNameColumn: String => str, String::as_str
}

/// A field that can be `access_token_ttl`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `access_token_ttl` column",
    label = "expected `Option<Lifetime>`",
    note = "RFC 6749 section 5.1: how long an access token lives is a number of seconds"
)]
pub trait AccessTokenTtlColumn {
    /// The stored value.
    fn get(&self) -> Option<Lifetime>;
}

#[diagnostic::do_not_recommend]
impl AccessTokenTtlColumn for Option<Lifetime> {
    fn get(&self) -> Option<Lifetime> {
        *self
    }
}

#[diagnostic::do_not_recommend]
impl AccessTokenTtlColumn for Lifetime {
    fn get(&self) -> Option<Lifetime> {
        Some(*self)
    }
}

/// A field that can be `introspect`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `introspect` column",
    label = "expected `bool`",
    note = "RFC 7662 section 4: which clients may look at the tokens of others is decided per client, yes or no"
)]
pub trait IntrospectColumn {
    /// The stored value.
    fn get(&self) -> bool;
}

#[diagnostic::do_not_recommend]
impl IntrospectColumn for bool {
    fn get(&self) -> bool {
        *self
    }
}
