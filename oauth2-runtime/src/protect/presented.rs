use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::error::OAuthError;

/// The token in the one `Authorization` header (RFC 6750 section 2.1), or `None` when the header is missing or of
/// another scheme. The other two ways of that section put tokens into URLs and bodies, and are not looked at.
pub(super) fn presented(parts: &Parts) -> Result<Option<&str>, OAuthError> {
    let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(OAuthError::invalid_request("there is more than one Authorization header"));
    }
    let malformed = || OAuthError::invalid_request("the Authorization header is not well-formed");
    let text = header.to_str().map_err(|_| malformed())?;
    let scheme_ends = text.find(|byte: char| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (scheme, rest) = text.split_at(scheme_ends);
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(None);
    }
    let token = rest.strip_prefix(' ').map(str::trim_start).filter(|token| !token.is_empty());
    token.map(Some).ok_or_else(malformed)
}
