use super::{AuthorizationRequest, Prompt};
use crate::error::{ErrorCode, OAuthError};
use crate::gate::Permit;
use crate::grant::Dispatch;
use crate::model::OAuth2Client;
use crate::server::Ready;
use crate::store::Store;
use crate::types::{Subject, is_shared};

/// What an authorization request needs next.
pub(crate) enum Decision<S: Dispatch> {
    /// Somebody must sign in.
    SignIn,
    /// Whoever is signed in must be asked.
    Consent,
    /// Nothing: the code may be sent.
    Send(Permit<S>),
}

/// Decides for the person in front of the browser, if one is signed in.
pub(crate) async fn decide<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    subject: Option<&Subject>,
) -> Result<Decision<S>, OAuthError> {
    let prompt = request.prompt;
    let Some(subject) = subject.filter(|_| !prompt.login) else { return sign_in(prompt) };
    let permit = match request.admission.permit(server, Some(subject.clone())).await {
        Ok(permit) => permit,
        // Signed in, but disabled since.
        Err(error) if error.code() == ErrorCode::InvalidGrant => return sign_in(prompt),
        Err(error) => return Err(error),
    };
    request.handler.consent(&request.context(server), subject).await?;
    if !prompt.consent && remembered(server, request, subject).await? {
        return Ok(Decision::Send(permit));
    }
    if prompt.none {
        return Err(OAuthError::new(ErrorCode::ConsentRequired, "the person has not agreed yet"));
    }
    Ok(Decision::Consent)
}

fn sign_in<S: Dispatch>(prompt: Prompt) -> Result<Decision<S>, OAuthError> {
    if prompt.none {
        return Err(OAuthError::new(ErrorCode::LoginRequired, "nobody is signed in"));
    }
    Ok(Decision::SignIn)
}

/// Whether the person has agreed to all of it before, and it is certain that it is the same client: nothing but its redirect
/// URI tells a public client from another application that sends its identifier (RFC 8252 section 8.6).
pub(super) async fn remembered<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    subject: &Subject,
) -> Result<bool, OAuthError> {
    let client = request.client.fields();
    if client.client_secret.is_none() && is_shared(request.redirect.uri()) {
        return Ok(false);
    }
    let consent = server.store().consent(subject, client.client_id).await?;
    Ok(consent.is_some_and(|consent| request.admission.scope().is_subset(&consent.scope)))
}
