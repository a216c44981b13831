//! The token endpoint (RFC 6749 section 3.2).

use axum::extract::Request;
use axum::response::Response;
use http::StatusCode;
use tracing::Span;

use super::{ClientEndpoint, Endpoint, Mount, Mounted};
use crate::client_auth::ClientRequest;
use crate::error::{Error, ErrorCode, OAuthError};
use crate::form::Form;
use crate::grant::Dispatch;
use crate::http::json;
use crate::types::ServerMetadata;

/// `POST /oauth/token`.
#[derive(Debug)]
pub enum TokenEndpoint {}

/// The entry of `endpoints(token(..))`, which is needed for its keys only: every server has this endpoint.
#[must_use]
pub const fn token<S: Dispatch>() -> Mount<S> {
    Mount::of::<TokenEndpoint>()
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> Endpoint<S> for TokenEndpoint {
    const PATH: &'static str = "/oauth/token";
    const BUILT_IN: &'static str = <Self as Endpoint<S>>::PATH;
    const NAME: &'static str = "token";
    const ERROR_CODES: &'static [ErrorCode] = &[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
        ErrorCode::InvalidGrant,
        ErrorCode::UnauthorizedClient,
        ErrorCode::UnsupportedGrantType,
        ErrorCode::InvalidScope,
        ErrorCode::ServerError,
        ErrorCode::TemporarilyUnavailable,
    ];

    fn describe(at: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
        let methods = at.client_auth_methods();
        metadata.token_endpoint = Some(url);
        metadata.grant_types_supported = S::GRANTS.iter().map(|grant| grant.grant_type).collect();
        metadata.token_endpoint_auth_methods_supported = methods.iter().map(|method| method.name).collect();
    }

    async fn call(at: Mounted<S>, request: Request) -> Response {
        at.answer_client::<Self>(request).await
    }
}

#[diagnostic::do_not_recommend]
impl<S: Dispatch> ClientEndpoint<S> for TokenEndpoint {
    fn span() -> Span {
        let empty = tracing::field::Empty;
        tracing::info_span!("token", grant_type = empty, client_id = empty, because = empty)
    }

    /// A grant type is known before the database is asked anything; only a declared name reaches the log.
    fn check(form: &Form) -> Result<(), OAuthError> {
        tracing::Span::current().record("grant_type", grant_type::<S>(form)?);
        Ok(())
    }

    async fn answer(cx: &ClientRequest<'_, S>) -> Result<Response, OAuthError> {
        let handler = S::handler(grant_type::<S>(cx.form())?).ok_or_else(no_such_grant_type)?;
        let response = handler.run(cx).await?;
        let body =
            response.to_json().map_err(|source| Error::new("cannot write the answer").caused_by(source))?;
        Ok(json(StatusCode::OK, body))
    }
}

/// The declared grant type that a request names. Grants without a token request have none here (RFC 6749 section 4.2).
fn grant_type<S: Dispatch>(form: &Form) -> Result<&'static str, OAuthError> {
    let named = form.require("grant_type")?;
    let mut declared = S::GRANTS.iter().filter(|grant| grant.token_request).map(|grant| grant.grant_type);
    declared.find(|declared| *declared == named).ok_or_else(no_such_grant_type)
}

fn no_such_grant_type() -> OAuthError {
    OAuthError::unsupported_grant_type("this server has no such grant type")
}
