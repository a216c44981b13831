//! The types a code model's fields may have, one trait a role, each with the compiler's words for a wrong one. Roles that
//! tokens have too use the same traits.

use super::column;
use crate::types::{AuthorizationCode, CodeChallenge, Digest, Subject, Timestamp};

column! {
    /// A field that can be `code`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `code` column",
        label = "expected `Digest<AuthorizationCode>`",
        note = "RFC 6819 section 5.1.4.1.3: store credentials as hashes only, here by a digest that no other credential has"
    )]
    CodeColumn: Digest<AuthorizationCode>
}

column! {
    /// A field that can be a code's `subject`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `subject` column of a code",
        label = "expected `Subject`",
        note = "RFC 6749 section 4.1: somebody has signed in before there is a code"
    )]
    CodeSubjectColumn: Subject
}

column! {
    /// A field that can be a code's `redirect_uri`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `redirect_uri` column",
        label = "expected `Option<String>`",
        note = "RFC 6749 section 4.1.3: a redirect URI in the authorization request must come again in the token request"
    )]
    CodeRedirectUriColumn: Option<String>
}

column! {
    /// A field that can be `code_challenge`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `code_challenge` column",
        label = "expected `Option<CodeChallenge>`",
        note = "RFC 7636 section 4.4: the code is bound to the challenge of its request"
    )]
    CodeChallengeColumn: Option<CodeChallenge>
}

column! {
    /// A field that can be `consumed_at`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a `consumed_at` column",
        label = "expected `Option<Timestamp>`",
        note = "RFC 6749 section 4.1.2: a code is used at a moment of UTC or not yet, which a number, a text or a local time does not say"
    )]
    ConsumedAtColumn: Option<Timestamp>
}
