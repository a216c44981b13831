//! What the endpoints for presented tokens have in common: which token it is, whatever its kind.

use std::fmt;

use crate::error::OAuthError;
use crate::server::{OAuth2Server, Ready};
use crate::store::Store;
use crate::types::{AccessToken, Digest, RefreshToken};

/// A token that a client has presented at the revocation endpoint, found in the store. Only the framework makes one.
pub struct PresentedToken<S: OAuth2Server> {
    pub(super) row: S::Token,
    pub(super) kind: Presented,
}

/// Its kind, and by what it was found.
#[derive(Clone, Copy)]
pub(super) enum Presented {
    Access(Digest<AccessToken>),
    Refresh(Digest<RefreshToken>),
}

impl<S: OAuth2Server> PresentedToken<S> {
    /// The token with this value, whatever its kind, its state and its client.
    ///
    /// A value of the framework's form is of one kind. One of another form may be of either where a generator of the
    /// application's own makes such: `hint`, the `token_type_hint`, then says where to look first, and never where not to (RFC
    /// 7009 section 2.1, RFC 7662 section 2.1).
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when the database cannot answer.
    pub async fn find(
        server: &Ready<S>,
        token: &str,
        hint: Option<&str>,
    ) -> Result<Option<Self>, OAuthError> {
        for kind in candidates::<S>(token, hint).into_iter().flatten() {
            let row = match &kind {
                Presented::Access(digest) => server.store().access_token(digest).await?,
                Presented::Refresh(digest) => server.store().refresh_token(digest).await?,
            };
            if let Some(row) = row {
                return Ok(Some(Self { row, kind }));
            }
        }
        Ok(None)
    }

    /// Its row; that of a refresh token also has the access token issued with it.
    #[must_use]
    pub const fn row(&self) -> &S::Token {
        &self.row
    }

    /// Whether it is a refresh token, and not an access token.
    #[must_use]
    pub const fn is_refresh_token(&self) -> bool {
        matches!(self.kind, Presented::Refresh(_))
    }
}

impl<S: OAuth2Server> fmt::Debug for PresentedToken<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refresh_token = self.is_refresh_token();
        f.debug_struct("PresentedToken").field("refresh_token", &refresh_token).finish_non_exhaustive()
    }
}

/// What it can be, in the order to look.
fn candidates<S: OAuth2Server>(token: &str, hint: Option<&str>) -> [Option<Presented>; 2] {
    let known =
        Digest::of(token).map(Presented::Access).or_else(|| Digest::of(token).map(Presented::Refresh));
    if known.is_some() {
        return [known, None];
    }
    let access = Digest::presented(token, S::OWN_TOKENS).map(Presented::Access);
    let refresh = Digest::presented(token, S::OWN_TOKENS).map(Presented::Refresh);
    if hint == Some("refresh_token") { [refresh, access] } else { [access, refresh] }
}
