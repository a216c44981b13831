use axum::response::Response;

use super::AuthorizationRequest;
use crate::error::{ErrorCode, OAuthError};
use crate::gate::Permit;
use crate::grant::Dispatch;
use crate::issue::{Binding, mint_code};
use crate::model::{Consent, OAuth2Client};
use crate::server::Ready;
use crate::signal::{ConsentGranted, Event};
use crate::store::{Agreed, Authorization, Store};
use crate::types::Subject;

/// How the person agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// Just now, on the consent page.
    Now,
    /// Before.
    Before,
}

/// Stores a code, and the consent with it, and sends the browser back to the client with it.
pub(crate) async fn send_code<S: Dispatch>(
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
    let redirect_uri = request.redirect.named().map(str::to_owned);
    let binding = Binding { redirect_uri, code_challenge: request.challenge };
    let (code, row) = mint_code(server, permit, subject, binding)?;
    let agreed = consent.as_ref().map_or(Agreed::Before, Agreed::Now);
    if !server.store().authorize(Authorization { code: &row, agreed }).await? {
        let description = "the client does not exist any more, or the person has taken back their consent";
        return Err(OAuthError::new(ErrorCode::AccessDenied, description));
    }
    let (client_id, scope) = (request.client.client_id(), request.admission.scope().to_string());
    tracing::info!(%client_id, scope, "code issued");
    if agreement == Agreement::Now {
        let event = ConsentGranted {
            client_id: client_id.clone(),
            subject: subject.clone(),
            scope,
            at: server.now(),
        };
        server.emit(Event::consent_granted(&event)).await;
    }
    Ok(request.redirect.code(server.issuer(), code.expose()))
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
