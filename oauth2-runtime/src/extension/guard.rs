//! What the framework has put into a row stays as it is: the gate has allowed that and nothing else.

use crate::error::OAuthError;
use crate::model::{OAuth2Code, OAuth2Token};
use crate::types::{ClientId, CodeChallenge, GrantId, Subject, Timestamp};

#[derive(PartialEq)]
struct Fixed<S> {
    client_id: ClientId,
    subject: Option<Subject>,
    scope: S,
    grant_id: Option<GrantId>,
    issued_at: Option<Timestamp>,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
}

/// Remembers a token's row; the answer says whether the same fields are still in it.
pub(crate) fn token_unchanged<T: OAuth2Token>(row: &T) -> impl FnOnce(&T) -> Result<(), OAuthError> + use<T> {
    unchanged(row, |row| {
        let row = row.fields();
        Fixed {
            client_id: row.client_id.clone(),
            subject: row.subject.cloned(),
            scope: row.scope,
            grant_id: row.grant_id.cloned(),
            issued_at: Some(row.issued_at),
            expires_at: row.expires_at,
            ended_at: row.revoked_at,
            redirect_uri: None,
            code_challenge: None,
        }
    })
}

/// As [`token_unchanged`], of a code's row.
pub(crate) fn code_unchanged<C: OAuth2Code>(row: &C) -> impl FnOnce(&C) -> Result<(), OAuthError> + use<C> {
    unchanged(row, |row| {
        let row = row.fields();
        Fixed {
            client_id: row.client_id.clone(),
            subject: Some(row.subject.clone()),
            scope: row.scope,
            grant_id: Some(row.grant_id.clone()),
            issued_at: None,
            expires_at: row.expires_at,
            ended_at: row.consumed_at,
            redirect_uri: row.redirect_uri.map(str::to_owned),
            code_challenge: row.code_challenge,
        }
    })
}

fn unchanged<R, S: PartialEq>(
    row: &R,
    fixed: fn(&R) -> Fixed<S>,
) -> impl FnOnce(&R) -> Result<(), OAuthError> + use<R, S> {
    let before = fixed(row);
    move |row| {
        if before == fixed(row) {
            return Ok(());
        }
        tracing::error!("an extension changed a column that the framework had filled in");
        Err(OAuthError::server_error("the server failed"))
    }
}
