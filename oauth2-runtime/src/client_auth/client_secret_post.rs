//! `client_secret_post`: identifier and secret in the body (RFC 6749 section 2.3.1).

use super::{ClientAuthMethod, Method, Proof, Unauthenticated, secret_is_right};
use crate::error::OAuthError;
use crate::server::{OAuth2Server, Ready};

/// The method `client_secret_post`.
#[derive(Debug)]
pub enum ClientSecretPost {}

/// The entry of `client_auth(client_secret_post)`.
#[must_use]
pub const fn client_secret_post<S: OAuth2Server>() -> Method<S> {
    Method::of::<ClientSecretPost>()
}

#[diagnostic::do_not_recommend]
impl<S: OAuth2Server> ClientAuthMethod<S> for ClientSecretPost {
    const NAME: &'static str = "client_secret_post";
    const PROOF: Proof = Proof::Secret;

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        if request.form.get("client_secret")?.is_none() {
            return Ok(None);
        }
        request.form.require("client_id").map(|id| Some(id.to_owned()))
    }

    async fn verify(
        _: &Ready<S>,
        client: &S::Client,
        request: &Unauthenticated<'_>,
    ) -> Result<bool, OAuthError> {
        let Some(secret) = request.form.get("client_secret")? else { return Ok(false) };
        secret_is_right(client, secret, request.now).await
    }
}
