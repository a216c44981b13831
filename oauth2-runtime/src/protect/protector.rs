use std::fmt;
use std::sync::Arc;

use http::request::Parts;

use super::{
    Attributes, Challenge, ProtectLayer, TokenInfo, TokenValidator, forgive_missing, presented, quoted,
};
use crate::error::{Error, ErrorCode, OAuthError};
use crate::types::Requirement;

/// Protects resources with access tokens (RFC 6750). Cheap to clone; clones share the validator.
///
/// [`Ready::protector`](crate::server::Ready::protector) has one over a server's own tokens. A resource server that is not the
/// authorization server makes its own:
///
/// ```
/// use oauth2_runtime::prelude::*;
///
/// fn api<V: TokenValidator>(validator: V) -> Result<Router, Error> {
///     let protector = ResourceProtector::new(validator)
///         .realm("photos")?
///         .attribute("resource_metadata", "https://photos.example/.well-known/oauth-protected-resource")?;
///     let any = oauth2_runtime::types::Requirement::ANY_TOKEN;
///     Ok(Router::new().route("/photos", get(async || "photos")).route_layer(protector.require(any)))
/// }
/// ```
pub struct ResourceProtector<V> {
    validator: Arc<V>,
    realm: Option<Arc<str>>,
    attributes: Arc<Attributes>,
}

/// The token that a protection in front has accepted, for the same request.
struct Accepted<V: TokenValidator> {
    by: Arc<V>,
    token: V::Token,
}

impl<V: TokenValidator> ResourceProtector<V> {
    /// A protector that asks `validator`. Its challenges have the validator's realm.
    pub fn new(validator: V) -> Self {
        Self { validator: Arc::new(validator), realm: None, attributes: Arc::default() }
    }

    /// The same with a realm of its own: what is protected, in the words of its clients (RFC 9110 section 11.5).
    ///
    /// # Errors
    ///
    /// When it is empty or not printable ASCII.
    pub fn realm(self, realm: &str) -> Result<Self, Error> {
        match quoted(realm).filter(|_| !realm.is_empty()) {
            Some(quoted) => Ok(Self { realm: Some(quoted.into()), ..self }),
            None => {
                let realm = realm.escape_debug();
                Err(Error::new(format!("the realm `{realm}` is not usable: it must be printable ASCII")))
            }
        }
    }

    /// The same with one more attribute in every challenge, such as `resource_metadata` (RFC 9728 section 5.1).
    ///
    /// # Errors
    ///
    /// When the name is no token, is one that the challenge itself uses or is there already; and when the value is not
    /// printable ASCII. Quotes in it are escaped.
    pub fn attribute(mut self, name: &str, value: &str) -> Result<Self, Error> {
        Arc::make_mut(&mut self.attributes).add(name, value)?;
        Ok(self)
    }

    /// The validator.
    #[must_use]
    pub fn validator(&self) -> &V {
        &self.validator
    }

    /// The live access token in a request's `Authorization` header, if it satisfies `requirement`.
    ///
    /// # Errors
    ///
    /// The [`Challenge`] to answer with (RFC 6750 section 3).
    pub async fn acquire_token(
        &self,
        parts: &Parts,
        requirement: impl Into<Requirement<V::Scopes>> + Send,
    ) -> Result<V::Token, Challenge> {
        self.acquire(parts, &requirement.into(), |_| true).await
    }

    /// As [`acquire_token`](Self::acquire_token), if `allows` agrees as well. It is asked last, before anybody is told that
    /// the token was accepted; where it disagrees, the answer is 403 `insufficient_scope`.
    ///
    /// # Errors
    ///
    /// The [`Challenge`] to answer with.
    pub async fn acquire_token_if(
        &self,
        parts: &Parts,
        requirement: impl Into<Requirement<V::Scopes>> + Send,
        allows: impl FnOnce(&V::Token) -> bool + Send,
    ) -> Result<V::Token, Challenge> {
        self.acquire(parts, &requirement.into(), allows).await
    }

    /// As [`acquire_token`](Self::acquire_token), but `None` for a request without a token. One that is there and not good is
    /// refused all the same.
    ///
    /// # Errors
    ///
    /// The [`Challenge`] to answer with.
    pub async fn acquire_optional_token(
        &self,
        parts: &Parts,
        requirement: impl Into<Requirement<V::Scopes>> + Send,
    ) -> Result<Option<V::Token>, Challenge> {
        forgive_missing(self.acquire(parts, &requirement.into(), |_| true).await)
    }

    /// Protects whole routers: `Router::route_layer(protector.require(Access::Read))`. Handlers find the token as
    /// `axum::Extension<Token>`, with the validator's type of token.
    pub fn require(&self, requirement: impl Into<Requirement<V::Scopes>>) -> ProtectLayer<V> {
        ProtectLayer::new(self.clone(), requirement.into())
    }

    pub(super) async fn acquire(
        &self,
        parts: &Parts,
        requirement: &Requirement<V::Scopes>,
        allows: impl FnOnce(&V::Token) -> bool + Send,
    ) -> Result<V::Token, Challenge> {
        let refuse = |error| self.challenge(requirement, error);
        let known = parts.extensions.get::<Accepted<V>>().filter(|known| known.by.is(&self.validator));
        let token = match known {
            Some(known) => known.token.clone(),
            None => self.authenticate(parts).await.map_err(refuse)?,
        };
        if !token.scope().satisfies(requirement) || !allows(&token) {
            return Err(refuse(Some(insufficient_scope())));
        }
        if known.is_none() {
            self.validator.token_authenticated(&token).await;
        }
        Ok(token)
    }

    /// The live token of a request, whatever its scopes; `None` as the error when there is none at all.
    async fn authenticate(&self, parts: &Parts) -> Result<V::Token, Option<OAuthError>> {
        let presented = presented(parts)?.ok_or(None)?;
        self.validator.check_request(parts)?;
        let token = self.validator.authenticate_token(presented).await.map_err(OAuthError::from)?;
        let token = token.ok_or_else(invalid_token)?;
        if token.expires_at() <= self.validator.now() || self.validator.token_revoked(&token) {
            return Err(Some(invalid_token()));
        }
        Ok(token)
    }

    /// Tells protections behind this one, and handlers, of an accepted token.
    pub(super) fn hand_on(&self, parts: &mut Parts, token: V::Token) {
        parts.extensions.insert(Accepted { by: Arc::clone(&self.validator), token: token.clone() });
        parts.extensions.insert(token);
    }

    fn challenge(&self, requirement: &Requirement<V::Scopes>, error: Option<OAuthError>) -> Challenge {
        let realm = match &self.realm {
            Some(realm) => realm.to_string(),
            None => quoted(&self.validator.realm()).unwrap_or_else(|| "\"\"".to_owned()),
        };
        Challenge::new(realm, requirement.named().to_string(), Arc::clone(&self.attributes), error)
    }
}

/// The same text for every reason: whoever has a token that is not theirs does not learn what became of it.
fn invalid_token() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, "the access token is not valid")
}

fn insufficient_scope() -> OAuthError {
    OAuthError::new(ErrorCode::InsufficientScope, "the access token is not good for this")
}

impl<V: TokenValidator> Clone for Accepted<V> {
    fn clone(&self) -> Self {
        Self { by: Arc::clone(&self.by), token: self.token.clone() }
    }
}

impl<V> Clone for ResourceProtector<V> {
    fn clone(&self) -> Self {
        Self {
            validator: Arc::clone(&self.validator),
            realm: self.realm.clone(),
            attributes: Arc::clone(&self.attributes),
        }
    }
}

impl<V> fmt::Debug for ResourceProtector<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceProtector")
            .field("realm", &self.realm)
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}
