//! Who sits in front of the browser: a random identifier in a cookie, and a row that says whose it is.
//!
//! The same cookie, before anybody has signed in, ties the sign-in form to the browser it was shown in. At sign-in the
//! browser gets another identifier, so that one that was planted in it is worth nothing (RFC 6819 section 4.4.1.9).

mod cookie;
mod forgery;

use std::time::Duration;

use http::{HeaderMap, HeaderValue};

use cookie::{identifier, set_cookie};
pub(crate) use forgery::{FormToken, comes_from_elsewhere};

use crate::error::Error;
use crate::model::Session;
use crate::random::entropy;
use crate::server::{OAuth2Server, Ready};
use crate::store::Store;
use crate::types::{Digest, Secret, SessionId, Subject};

/// How long a person stays signed in, if the browser is not closed before.
pub const SESSION_TTL: Duration = Duration::from_hours(12);

/// The identifier that a browser's cookie has, whoever it belongs to.
pub(crate) struct Browser {
    value: Secret<String>,
    digest: Digest<SessionId>,
}

impl Browser {
    /// That of the request; `None` when its cookie is missing or no identifier of ours.
    pub(crate) fn of<S: OAuth2Server>(server: &Ready<S>, headers: &HeaderMap) -> Option<Self> {
        let value = identifier(server.issuer(), headers)?;
        let digest = Digest::of(value)?;
        Some(Self { value: Secret::new(value.to_owned()), digest })
    }

    /// A new one.
    pub(crate) fn generate<S: OAuth2Server>(server: &Ready<S>) -> Result<Self, Error> {
        let (value, digest) = Digest::generate(&entropy(server.random())?);
        Ok(Self { value, digest })
    }

    /// The header that stores it in the browser.
    pub(crate) fn cookie<S: OAuth2Server>(&self, server: &Ready<S>) -> Result<HeaderValue, Error> {
        set_cookie(server.issuer(), self.value.expose())
    }

    /// Who is signed in with it. One database statement.
    pub(crate) async fn session<S: OAuth2Server>(&self, server: &Ready<S>) -> Result<Option<Session>, Error> {
        let session = server.store().session(&self.digest).await?;
        Ok(session.filter(|session| session.expires_at > server.now()))
    }

    /// The proof that a form was shown to this browser, by the page `page`, for the request `query`, with what the page says
    /// that is not in the query.
    pub(crate) fn form_token(&self, page: &str, query: &str, shown: &[&str]) -> FormToken {
        FormToken::of(self.value.expose(), page, query, shown)
    }
}

/// Signs a person in: a new identifier for the browser, whose previous session ends.
pub(crate) async fn start<S: OAuth2Server>(
    server: &Ready<S>,
    subject: Subject,
    username: &str,
    previous: &Browser,
) -> Result<Browser, Error> {
    let browser = Browser::generate(server)?;
    let (session, now) = (browser.digest, server.now());
    let (username, expires_at) = (username.to_owned(), now.after(SESSION_TTL));
    let session = Session { session, subject, username, signed_in_at: now, expires_at };
    server.store().start_session(&session, Some(&previous.digest)).await?;
    Ok(browser)
}
