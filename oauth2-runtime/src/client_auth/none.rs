//! `none`: a public client names itself (RFC 6749 section 2.1, RFC 7591 section 2).

use http::header::AUTHORIZATION;

use super::{ClientAuthMethod, Method, Proof, Unauthenticated};
use crate::error::OAuthError;
use crate::model::OAuth2Client;
use crate::server::{OAuth2Server, Ready};

/// The method `none`. A client that has a secret cannot use it.
#[derive(Debug)]
pub enum PublicClient {}

/// The entry of `client_auth(none)`.
#[must_use]
pub const fn none<S: OAuth2Server>() -> Method<S> {
    Method::of::<PublicClient>()
}

#[diagnostic::do_not_recommend]
impl<S: OAuth2Server> ClientAuthMethod<S> for PublicClient {
    const NAME: &'static str = "none";
    const PROOF: Proof = Proof::Nothing;

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        let form = request.form;
        let credentials = request.parts.headers.contains_key(AUTHORIZATION)
            || form.get("client_secret")?.is_some()
            || form.get("client_assertion")?.is_some();
        if credentials {
            return Ok(None);
        }
        Ok(form.get("client_id")?.map(str::to_owned))
    }

    async fn verify(_: &Ready<S>, client: &S::Client, _: &Unauthenticated<'_>) -> Result<bool, OAuthError> {
        Ok(client.fields().client_secret.is_none())
    }
}
