use std::vec::IntoIter;

use oauth2_bench::Failure;
use oauth2_bench::digest::VALUE_CHARS;
use serde::Deserialize;

use crate::connection::Connection;

/// What stands in a request for the value that changes.
pub(crate) const HOLE: [u8; VALUE_CHARS] = [b'_'; VALUE_CHARS];

/// A connection, and what it sends again and again.
pub(crate) struct Lane {
    connection: Connection,
    request: Vec<u8>,
    values: Values,
}

/// What is put into the [`HOLE`] of a request.
pub(crate) enum Values {
    /// Nothing: there is none.
    Nothing,
    /// Each of these once.
    Once(IntoIter<String>),
    /// The refresh token of the answer before, at first this one.
    RefreshToken(String),
}

/// What a token answer is read for.
#[derive(Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
}

impl Lane {
    pub(crate) const fn new(connection: Connection, request: Vec<u8>, values: Values) -> Self {
        Self { connection, request, values }
    }

    /// Sends the request once; what the answer's body must start with is `expected`.
    pub(crate) async fn exchange(&mut self, expected: &[u8]) -> Result<(), Failure> {
        let value = match &mut self.values {
            Values::Nothing => None,
            Values::Once(values) => Some(values.next().ok_or("there are too few values")?),
            Values::RefreshToken(token) => Some(std::mem::take(token)),
        };
        let request = match value {
            None => &self.request,
            Some(value) => &filled(&self.request, value.as_bytes())?,
        };
        let answer = self.connection.exchange(request).await?;
        if !answer.starts_with(expected) {
            return Err(Failure::from("an answer has another body than expected"));
        }
        if let Values::RefreshToken(next) = &mut self.values {
            *next = refresh_token(answer)?;
        }
        Ok(())
    }

    /// The access token of the last answer.
    pub(crate) fn access_token(&self) -> Result<String, Failure> {
        Ok(serde_json::from_slice::<Tokens>(self.connection.body())?.access_token)
    }

    /// The refresh token of the last answer.
    pub(crate) fn refresh_token(&self) -> Result<String, Failure> {
        refresh_token(self.connection.body())
    }
}

fn refresh_token(answer: &[u8]) -> Result<String, Failure> {
    let tokens: Tokens = serde_json::from_slice(answer)?;
    Ok(tokens.refresh_token.ok_or("a token answer has no refresh token")?)
}

/// The request with `value` in its hole.
fn filled(request: &[u8], value: &[u8]) -> Result<Vec<u8>, Failure> {
    let at = request.windows(HOLE.len()).position(|window| window == HOLE);
    let (before, after) = at.and_then(|at| request.split_at_checked(at)).ok_or("a request has no hole")?;
    Ok([before, value, after.get(HOLE.len()..).unwrap_or_default()].concat())
}
