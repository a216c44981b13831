use axum::response::Response;

use super::AuthorizationRequest;
use crate::error::{ErrorCode, OAuthError};
use crate::gate::Permit;
use crate::grant::{Dispatch, Granted};
use crate::model::{Consent, OAuth2Client};
use crate::server::Ready;
use crate::signal::{ConsentDenied, ConsentGranted, Event};
use crate::store::{Agreed, Store};
use crate::types::Subject;

/// How the person agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// Just now, on the consent page.
    Now,
    /// Before.
    Before,
}

/// Stores what the grant answers with, and the consent with it, and sends the browser back to the client.
pub(crate) async fn answer<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    permit: Permit<S>,
    subject: &Subject,
    agreement: Agreement,
) -> Result<Response, OAuthError> {
    let consent = match agreement {
        Agreement::Now => Some(consent(server, request, subject).await?),
        Agreement::Before => None,
    };
    let agreed = consent.as_ref().map_or(Agreed::Before, Agreed::Now);
    let granted = Granted { permit, subject, agreed };
    let response = request.handler.respond(&request.context(server), granted).await?;
    let (client_id, scope) = (request.client.client_id(), request.admission.scope().to_string());
    tracing::info!(%client_id, scope, grant_type = request.admission.grant().grant_type, "authorized");
    if agreement == Agreement::Now {
        let event = ConsentGranted {
            client_id: client_id.clone(),
            subject: subject.clone(),
            scope,
            at: server.now(),
        };
        server.emit(Event::consent_granted(&event)).await;
    }
    Ok(request.redirect.answer(server.issuer(), &response))
}

/// What the person has agreed to from now on: this, and what they agreed to before.
async fn consent<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    subject: &Subject,
) -> Result<Consent<S::Scopes>, OAuthError> {
    let client_id = request.client.client_id();
    let before = server.store().consent(subject, client_id).await?;
    let scope = request.admission.scope();
    Ok(Consent {
        subject: subject.clone(),
        client_id: client_id.clone(),
        scope: before.map_or(scope, |before| before.scope.union(&scope)),
        granted_at: server.now(),
    })
}

/// The person has agreed.
pub(crate) async fn allow<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    subject: &Subject,
    agreement: Agreement,
) -> Result<Response, OAuthError> {
    request.handler.consent(&request.context(server), subject).await?;
    let permit = request.admission.permit(server, Some(subject.clone())).await;
    // At the authorization endpoint there is no such thing as an invalid grant.
    let permit = permit.map_err(|error| match error.code() {
        ErrorCode::InvalidGrant => OAuthError::access_denied("the person may not be served"),
        _ => error,
    })?;
    answer(server, request, permit, subject, agreement).await
}

/// The person has refused.
pub(crate) async fn deny<S: Dispatch>(
    server: &Ready<S>,
    request: &AuthorizationRequest<S>,
    subject: Option<Subject>,
) -> OAuthError {
    let event = ConsentDenied {
        client_id: request.client.client_id().clone(),
        subject,
        scope: request.admission.scope().to_string(),
        at: server.now(),
    };
    server.emit(Event::consent_denied(&event)).await;
    OAuthError::access_denied("the person has refused")
}
