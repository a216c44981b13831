//! The types a token model's fields may have, one trait a role, each with the compiler's words for a wrong one.

use super::column;
use crate::types::{AccessToken, ClientId, Digest, GrantId, RefreshToken, Subject, Timestamp};

column! {
    /// A field that can be `access_token`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not an `access_token` column",
        label = "expected `Digest<AccessToken>`",
        note = "RFC 6819 section 5.1.4.1.3: store access tokens as hashes only, here by a digest that no other credential has"
    )]
    AccessTokenColumn: Digest<AccessToken>
}

column! {
    /// A field that can be `refresh_token`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `refresh_token` column",
        label = "expected `Option<Digest<RefreshToken>>`",
        note = "RFC 6819 section 5.1.4.1.3: store refresh tokens as hashes only, here by a digest that no other credential has"
    )]
    RefreshTokenColumn: Option<Digest<RefreshToken>>
}

column! {
    /// A field that can be `grant_id`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `grant_id` column",
        label = "expected `GrantId`",
        note = "RFC 9700 section 4.14.2: all tokens of one authorization end together"
    )]
    GrantIdColumn: GrantId
}

column! {
    /// A field that can be a token's `client_id`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `client_id` column",
        label = "expected `ClientId`",
        note = "RFC 6749 section 2.2: the client identifier is a unique string"
    )]
    TokenClientIdColumn: ClientId
}

column! {
    /// A field that can be `subject`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `subject` column",
        label = "expected `Option<Subject>`",
        note = "RFC 9700 section 4.15: a client that acts for itself has no subject, so that it cannot pass for a person"
    )]
    SubjectColumn: Option<Subject>
}

column! {
    /// A field that can be `issued_at`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not an `issued_at` column",
        label = "expected `Timestamp`",
        note = "RFC 7662 section 2.2: `iat` counts seconds of UTC; a bare number, a text or a local time does not say that it does"
    )]
    IssuedAtColumn: Timestamp
}

column! {
    /// A field that can be `expires_at`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not an `expires_at` column",
        label = "expected `Timestamp`",
        note = "RFC 7662 section 2.2: `exp` counts seconds of UTC; a bare number, a text or a local time does not say that it does"
    )]
    ExpiresAtColumn: Timestamp
}

column! {
    /// A field that can be `revoked_at`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `revoked_at` column",
        label = "expected `Option<Timestamp>`",
        note = "RFC 7009 section 2: a token is revoked at a moment of UTC or not yet, which a number, a text or a local time does not say"
    )]
    RevokedAtColumn: Option<Timestamp>
}

/// A column of your own on the token or code model: the framework inserts its default.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default for the rows the framework inserts",
    label = "the framework does not know what to store here",
    note = "write `#[oauth2(default = ..)]` on the field, or implement `Default` for `{Self}`"
)]
pub trait ExtraColumn: Sized {
    /// The value of a new row.
    fn extra() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> ExtraColumn for T {
    fn extra() -> Self {
        T::default()
    }
}
