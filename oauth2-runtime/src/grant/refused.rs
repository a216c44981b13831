//! Keys that a kind of grant refuses, each with its reason: asking for one is a compile error in these words.

/// M012: machines have their secret, and ask again.
#[diagnostic::on_unimplemented(
    message = "`client_credentials` issues no refresh tokens",
    label = "a machine asks for a new token with its secret",
    note = "RFC 6749 section 4.4.3",
    note = "remove `refresh_token`"
)]
#[doc(hidden)]
pub trait RefreshTokensForMachines {}

/// M012: whoever could read the access token in the URL could read the refresh token too.
#[diagnostic::on_unimplemented(
    message = "`implicit` issues no refresh tokens",
    label = "it would be in the URL, where others read it",
    note = "RFC 6749 section 4.2.2: the authorization server must not issue one",
    note = "remove `refresh_token`, or use `authorization_code`"
)]
#[doc(hidden)]
pub trait RefreshTokensInUrls {}

/// M024: PKCE binds a code, and there is none.
#[diagnostic::on_unimplemented(
    message = "PKCE is for grants with an authorization code",
    label = "this grant has no code that could be stolen",
    note = "RFC 7636 section 4: the challenge comes with the authorization request, and the code is bound to it",
    note = "remove `pkce`"
)]
#[doc(hidden)]
pub trait PkceWithoutCode {}
