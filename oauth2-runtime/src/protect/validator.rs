use std::future::Future;
use std::sync::Arc;

use http::request::Parts;

use crate::error::{Error, OAuthError};
use crate::model::OAuth2Token;
use crate::time::{Clock, SystemClock};
use crate::types::{ClientId, Scope, ScopeSet, Subject, Timestamp};

/// What a protected resource knows of an access token.
///
/// Every token model is one behind an `Arc`. Write your own for tokens of another format. A clone is made for each protection
/// that a request passes, so it should be cheap.
#[diagnostic::on_unimplemented(
    message = "`{Self}` says nothing about a token",
    label = "not what a validator can answer",
    note = "implement `TokenInfo`, or answer `Arc<Model>` with a model that derives `OAuth2Token`"
)]
pub trait TokenInfo: Clone + Send + Sync + 'static {
    /// The scope enum.
    type Scopes: Scope;

    /// What it may be used for. A token that says nothing has no scopes.
    fn scope(&self) -> ScopeSet<Self::Scopes>;

    /// Who it speaks for; `None` when a client acts for itself.
    fn subject(&self) -> Option<&Subject>;

    /// The client it was issued to, if that is known.
    fn client_id(&self) -> Option<&ClientId>;

    /// When it ends. At that very second it is no longer valid.
    fn expires_at(&self) -> Timestamp;
}

#[diagnostic::do_not_recommend]
impl<T: OAuth2Token> TokenInfo for Arc<T> {
    type Scopes = T::Scopes;

    fn scope(&self) -> ScopeSet<T::Scopes> {
        self.fields().scope
    }

    fn subject(&self) -> Option<&Subject> {
        self.fields().subject
    }

    fn client_id(&self) -> Option<&ClientId> {
        Some(self.fields().client_id)
    }

    fn expires_at(&self) -> Timestamp {
        self.fields().expires_at
    }
}

/// Says what an access token is worth: the questions a [`ResourceProtector`](super::ResourceProtector) asks.
///
/// They are asked in this order, and the first that fails decides: whether there is a token at all,
/// [`check_request`](Self::check_request), [`authenticate_token`](Self::authenticate_token), whether it has expired,
/// [`token_revoked`](Self::token_revoked), the scope.
///
/// ```
/// use oauth2_runtime::prelude::*;
/// # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
///
/// /// Keys of an older system. They do not end by themselves.
/// #[derive(Clone)]
/// struct Key {
///     customer: Subject,
///     locked: bool,
/// }
///
/// impl TokenInfo for Key {
///     type Scopes = Access;
///     fn scope(&self) -> ScopeSet<Access> { ScopeSet::all() }
///     fn subject(&self) -> Option<&Subject> { Some(&self.customer) }
///     fn client_id(&self) -> Option<&ClientId> { None }
///     fn expires_at(&self) -> Timestamp { Timestamp::from_unix_seconds(i64::MAX) }
/// }
///
/// struct Keys;
///
/// impl TokenValidator for Keys {
///     type Scopes = Access;
///     type Token = Key;
///
///     async fn authenticate_token(&self, token: &str) -> Result<Option<Key>, Error> {
///         let Some(key) = token.strip_prefix("key_") else { return Ok(None) };
///         find(key).await
///     }
///
///     fn token_revoked(&self, token: &Key) -> bool {
///         token.locked
///     }
/// }
/// # async fn find(_: &str) -> Result<Option<Key>, Error> { Ok(None) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot validate tokens",
    label = "not a token validator",
    note = "`auth.protector()` has that of a server; else implement `TokenValidator`"
)]
pub trait TokenValidator: Sized + Send + Sync + 'static {
    /// The scope enum.
    type Scopes: Scope;
    /// What it knows of a token.
    type Token: TokenInfo<Scopes = Self::Scopes>;

    /// The token that a request presents, whatever its state; `None` when there is no such token, or when it is not of this
    /// validator's format. The request is then answered with 401, or the next validator of [`or`](Self::or) is asked.
    ///
    /// `token` comes from anybody and has not been looked at: at most
    /// [`MAX_HEADER_BYTES`](crate::http::MAX_HEADER_BYTES) of visible ASCII.
    ///
    /// # Errors
    ///
    /// When nobody can say: the request is answered with 503. Never for a token that is just wrong.
    fn authenticate_token(
        &self,
        token: &str,
    ) -> impl Future<Output = Result<Option<Self::Token>, Error>> + Send;

    /// Whether the request itself may be served. Asked before the token is looked up.
    ///
    /// # Errors
    ///
    /// What the request is refused with. Its description must not repeat the request.
    fn check_request(&self, parts: &Parts) -> Result<(), OAuthError> {
        let _ = parts;
        Ok(())
    }

    /// Whether the token was ended before its time.
    fn token_revoked(&self, token: &Self::Token) -> bool;

    /// Told of a token that was accepted, once a request.
    fn token_authenticated(&self, token: &Self::Token) -> impl Future<Output = ()> + Send {
        let _ = token;
        std::future::ready(())
    }

    /// The realm of a protector that is not given one.
    fn realm(&self) -> String {
        "protected resource".to_owned()
    }

    /// The time by which tokens expire. The system's; tests use a [`Clock`] of their own.
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// Whether `other` gives the same answers, so that a token which one of them has accepted need not be looked up again for
    /// the same request. Only the very same value, unless a validator is a handle.
    fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }

    /// Asks `other` about tokens that this validator does not know.
    ///
    /// The first that knows a token decides, also when it refuses it; one that cannot answer decides too, with 503. Whatever
    /// the first does not know is shown to `other`, so one that sends tokens elsewhere comes last. Both must agree to the
    /// request itself; realm and time are those of the first.
    fn or<W: TokenValidator<Scopes = Self::Scopes>>(self, other: W) -> super::Or<Self, W> {
        super::Or::new(self, other)
    }
}
