//! The columns of a token model whose types are usual mistakes: for the same types as the trait of their role, in the words for
//! that mistake. A derive asks for the one that a field's type looks like.

use super::column;
use crate::types::{AccessToken, ClientId, Digest, GrantId, RefreshToken, Subject, Timestamp};

column! {
    /// `access_token` as text.
    #[diagnostic::on_unimplemented(
        message = "the access token would be stored in clear",
        label = "expected `Digest<AccessToken>`",
        note = "RFC 6819 section 5.1.4.1.3: store access tokens as hashes only",
        note = "the framework makes the digest before it stores the row"
    )]
    HashedAccessToken: Digest<AccessToken>
}

column! {
    /// `access_token` as an `Option`.
    #[diagnostic::on_unimplemented(
        message = "a token of this model may have no access token",
        label = "expected `Digest<AccessToken>`",
        note = "RFC 6749 section 5.1: an access token is what every token response has"
    )]
    PresentAccessToken: Digest<AccessToken>
}

column! {
    /// `refresh_token` as text.
    #[diagnostic::on_unimplemented(
        message = "the refresh token would be stored in clear",
        label = "expected `Option<Digest<RefreshToken>>`",
        note = "RFC 6819 section 5.1.4.1.3: store refresh tokens as hashes only",
        note = "the framework makes the digest before it stores the row"
    )]
    HashedRefreshToken: Option<Digest<RefreshToken>>
}

column! {
    /// `refresh_token` without the `Option`.
    #[diagnostic::on_unimplemented(
        message = "every token of this model would need a refresh token",
        label = "expected `Option<Digest<RefreshToken>>`",
        note = "RFC 6749 section 5.1: a token response may have no refresh token, and a client that acts for itself gets none"
    )]
    OptionalRefreshToken: Option<Digest<RefreshToken>>
}

column! {
    /// `grant_id` as an `Option`.
    #[diagnostic::on_unimplemented(
        message = "a row of this model may come from no authorization",
        label = "expected `GrantId`",
        note = "RFC 9700 section 4.14.2: all tokens of one authorization end together"
    )]
    PresentGrantId: GrantId
}

column! {
    /// A token's or a code's `client_id` as an `Option`.
    #[diagnostic::on_unimplemented(
        message = "a row of this model may be no client's",
        label = "expected `ClientId`",
        note = "RFC 6749 sections 4.1.3 and 6: codes and refresh tokens are for the client they were issued to"
    )]
    PresentTokenClientId: ClientId
}

column! {
    /// `subject` without the `Option`.
    #[diagnostic::on_unimplemented(
        message = "every token of this model would speak for a person",
        label = "expected `Option<Subject>`",
        note = "RFC 9700 section 4.15: a client that acts for itself has no subject, so that it cannot pass for a person"
    )]
    OptionalSubject: Option<Subject>
}

column! {
    /// `issued_at` as an `Option`.
    #[diagnostic::on_unimplemented(
        message = "a token of this model may not know when it was issued",
        label = "expected `Timestamp`",
        note = "RFC 7662 section 2.2: `iat` could not be answered"
    )]
    PresentIssuedAt: Timestamp
}

column! {
    /// `expires_at` as an `Option`.
    #[diagnostic::on_unimplemented(
        message = "a row of this model may never expire",
        label = "expected `Timestamp`",
        note = "RFC 9700 section 2.2: every token and every code ends"
    )]
    PresentExpiresAt: Timestamp
}

column! {
    /// `revoked_at` without the `Option`.
    #[diagnostic::on_unimplemented(
        message = "every token of this model would be revoked from the start",
        label = "expected `Option<Timestamp>`",
        note = "RFC 7009 section 2: a token that is not revoked has no such moment"
    )]
    OptionalRevokedAt: Option<Timestamp>
}
