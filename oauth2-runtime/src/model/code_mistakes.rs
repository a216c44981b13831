//! The columns of a code model whose types are usual mistakes, as those of a token model.

use super::column;
use crate::types::{AuthorizationCode, CodeChallenge, Digest, Subject, Timestamp};

column! {
    /// `code` as text.
    #[diagnostic::on_unimplemented(
        message = "the authorization code would be stored in clear",
        label = "expected `Digest<AuthorizationCode>`",
        note = "RFC 6819 section 5.1.4.1.3: store credentials as hashes only",
        note = "the framework makes the digest before it stores the row"
    )]
    HashedCode: Digest<AuthorizationCode>
}

column! {
    /// `code` as an `Option`.
    #[diagnostic::on_unimplemented(
        message = "a row of this model may have no code",
        label = "expected `Digest<AuthorizationCode>`",
        note = "RFC 6749 section 4.1.3: a row is found by the code that a client sends"
    )]
    PresentCode: Digest<AuthorizationCode>
}

column! {
    /// A code's `subject` as an `Option`.
    #[diagnostic::on_unimplemented(
        message = "a code of this model may be nobody's",
        label = "expected `Subject`",
        note = "RFC 6749 section 4.1: somebody has signed in before there is a code"
    )]
    PresentCodeSubject: Subject
}

column! {
    /// `redirect_uri` without the `Option`.
    #[diagnostic::on_unimplemented(
        message = "every code of this model would need a redirect URI",
        label = "expected `Option<String>`",
        note = "RFC 6749 section 4.1.1: an authorization request may leave it out, and then the token request must too"
    )]
    OptionalCodeRedirectUri: Option<String>
}

column! {
    /// `code_challenge` without the `Option`.
    #[diagnostic::on_unimplemented(
        message = "every code of this model would need a code challenge",
        label = "expected `Option<CodeChallenge>`",
        note = "RFC 7636 section 4.3: where PKCE is not required, an authorization request may leave it out"
    )]
    OptionalCodeChallenge: Option<CodeChallenge>
}

column! {
    /// `consumed_at` without the `Option`.
    #[diagnostic::on_unimplemented(
        message = "every code of this model would be used from the start",
        label = "expected `Option<Timestamp>`",
        note = "RFC 6749 section 4.1.2: a code works once, and one that is not used has no such moment"
    )]
    OptionalConsumedAt: Option<Timestamp>
}
