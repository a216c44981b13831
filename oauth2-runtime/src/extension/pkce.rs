use super::{AuthorizationContext, AuthorizationExtension, AuthorizationRequests, Extension, TokenContext};
use crate::error::OAuthError;
use crate::form::Form;
use crate::model::OAuth2Code;
use crate::server::OAuth2Server;
use crate::types::CodeChallenge;

/// Proof Key for Code Exchange (RFC 7636), the first extension of every `authorization_code` grant: nothing lists it, and
/// `pkce = false` only lets clients leave it out.
#[derive(Debug)]
pub struct Pkce;

impl<S: OAuth2Server> Extension<S> for Pkce {
    type Reach = AuthorizationRequests;

    /// A verifier without a challenge is a request from which somebody has removed the challenge (RFC 9700 section 4.8.2).
    async fn token_request(cx: &TokenContext<'_, S>) -> Result<(), OAuthError> {
        let challenge = cx.code.and_then(|code| code.fields().code_challenge);
        if is_bound(challenge, cx.form)? {
            return Ok(());
        }
        Err(OAuthError::invalid_grant("`code_verifier` does not fit the authorization request"))
    }
}

impl<S: OAuth2Server> AuthorizationExtension<S> for Pkce {
    async fn authorization_request(cx: &AuthorizationContext<'_, S>) -> Result<(), OAuthError> {
        let (challenge, method) = (challenge(cx.form)?, cx.form.get("code_challenge_method")?);
        if challenge.is_none() && (cx.grant.requires_pkce || method.is_some()) {
            return Err(OAuthError::invalid_request(
                "`code_challenge` is missing: this server requires PKCE",
            ));
        }
        Ok(())
    }
}

/// The code challenge (RFC 7636 section 4.3). A method that is left out means `plain` there, which is not supported here.
pub(crate) fn challenge(form: &Form) -> Result<Option<CodeChallenge>, OAuthError> {
    let Some(challenge) = form.get("code_challenge")? else { return Ok(None) };
    if form.get("code_challenge_method")? != Some(CodeChallenge::METHOD) {
        return Err(OAuthError::invalid_request("`code_challenge_method` must be `S256`"));
    }
    let challenge = CodeChallenge::parse(challenge)
        .map_err(|_| OAuthError::invalid_request("`code_challenge` is not the base64url of a SHA-256"))?;
    Ok(Some(challenge))
}

/// Whether the token request comes from whoever made the authorization request.
pub(crate) fn is_bound(challenge: Option<CodeChallenge>, form: &Form) -> Result<bool, OAuthError> {
    Ok(match (challenge, form.get("code_verifier")?) {
        (Some(challenge), Some(verifier)) => challenge.verify(verifier),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    })
}
