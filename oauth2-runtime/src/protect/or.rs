use http::request::Parts;

use super::{TokenInfo, TokenValidator};
use crate::error::{Error, OAuthError};
use crate::types::{ClientId, Scope, ScopeSet, Subject, Timestamp};

/// Two validators in their order; from [`TokenValidator::or`].
#[derive(Debug, Clone)]
pub struct Or<V, W> {
    first: V,
    second: W,
}

impl<V, W> Or<V, W> {
    pub(super) const fn new(first: V, second: W) -> Self {
        Self { first, second }
    }
}

/// A token, and which of two validators knows it.
#[derive(Debug, Clone)]
pub enum Either<A, B> {
    /// The one asked first.
    First(A),
    /// The one asked second.
    Second(B),
}

#[diagnostic::do_not_recommend]
impl<S: Scope, A: TokenInfo<Scopes = S>, B: TokenInfo<Scopes = S>> TokenInfo for Either<A, B> {
    type Scopes = S;

    fn scope(&self) -> ScopeSet<S> {
        match self {
            Self::First(token) => token.scope(),
            Self::Second(token) => token.scope(),
        }
    }

    fn subject(&self) -> Option<&Subject> {
        match self {
            Self::First(token) => token.subject(),
            Self::Second(token) => token.subject(),
        }
    }

    fn client_id(&self) -> Option<&ClientId> {
        match self {
            Self::First(token) => token.client_id(),
            Self::Second(token) => token.client_id(),
        }
    }

    fn expires_at(&self) -> Timestamp {
        match self {
            Self::First(token) => token.expires_at(),
            Self::Second(token) => token.expires_at(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<V: TokenValidator, W: TokenValidator<Scopes = V::Scopes>> TokenValidator for Or<V, W> {
    type Scopes = V::Scopes;
    type Token = Either<V::Token, W::Token>;

    async fn authenticate_token(&self, token: &str) -> Result<Option<Self::Token>, Error> {
        match self.first.authenticate_token(token).await? {
            Some(known) => Ok(Some(Either::First(known))),
            None => Ok(self.second.authenticate_token(token).await?.map(Either::Second)),
        }
    }

    fn check_request(&self, parts: &Parts) -> Result<(), OAuthError> {
        self.first.check_request(parts)?;
        self.second.check_request(parts)
    }

    fn token_revoked(&self, token: &Self::Token) -> bool {
        match token {
            Either::First(token) => self.first.token_revoked(token),
            Either::Second(token) => self.second.token_revoked(token),
        }
    }

    async fn token_authenticated(&self, token: &Self::Token) {
        match token {
            Either::First(token) => self.first.token_authenticated(token).await,
            Either::Second(token) => self.second.token_authenticated(token).await,
        }
    }

    fn realm(&self) -> String {
        self.first.realm()
    }

    fn now(&self) -> Timestamp {
        self.first.now()
    }

    fn is(&self, other: &Self) -> bool {
        self.first.is(&other.first) && self.second.is(&other.second)
    }
}
