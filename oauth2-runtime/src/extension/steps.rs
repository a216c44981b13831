use super::{Extensions, TokenContext, Verdict, token_unchanged};
use crate::error::OAuthError;
use crate::server::OAuth2Server;
use crate::types::TokenResponse;

/// The steps at the token endpoint of one list of extensions.
pub struct Steps<S: OAuth2Server>(Option<Table<S>>);

struct Table<S: OAuth2Server> {
    names: fn() -> Vec<&'static str>,
    token_request: for<'a> fn(&'a TokenContext<'a, S>) -> Verdict<'a>,
    before_issue: for<'a> fn(&'a TokenContext<'a, S>, &'a mut S::Token) -> Verdict<'a>,
    token_response: for<'a> fn(&'a TokenContext<'a, S>, &'a mut TokenResponse) -> Verdict<'a>,
}

impl<S: OAuth2Server> Steps<S> {
    /// Those of the extensions `L`.
    #[must_use]
    pub const fn of<L: Extensions<S>>() -> Self {
        if L::EMPTY {
            return Self(None);
        }
        Self(Some(Table {
            names: L::names,
            token_request: L::token_request,
            before_issue: L::before_issue,
            token_response: L::token_response,
        }))
    }

    /// The names of the extensions' types, in order.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.as_ref().map(|table| (table.names)()).unwrap_or_default()
    }

    pub(crate) async fn token_request(&self, cx: &TokenContext<'_, S>) -> Result<(), OAuthError> {
        match &self.0 {
            Some(table) => (table.token_request)(cx).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn before_issue(
        &self,
        cx: &TokenContext<'_, S>,
        token: &mut S::Token,
    ) -> Result<(), OAuthError> {
        let Some(table) = &self.0 else { return Ok(()) };
        let unchanged = token_unchanged(token);
        (table.before_issue)(cx, token).await?;
        unchanged(token)
    }

    pub(crate) async fn token_response(
        &self,
        cx: &TokenContext<'_, S>,
        response: &mut TokenResponse,
    ) -> Result<(), OAuthError> {
        match &self.0 {
            Some(table) => (table.token_response)(cx, response).await,
            None => Ok(()),
        }
    }
}
