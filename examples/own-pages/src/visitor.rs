//! What the application knows of a browser: who is signed in, and the anti-forgery token of its forms. Nothing here is about
//! OAuth: an application with pages has this already.

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use oauth2_runtime::form::Form;
use oauth2_runtime::prelude::*;
use subtle::ConstantTimeEq;
use tower_sessions::Session;
use tower_sessions::session::Id;

use crate::Auth;
use crate::users::User;

/// The names of what is in a session.
const USER: &str = "user";
const CSRF: &str = "csrf";

/// A browser.
pub(crate) struct Visitor {
    session: Session,
    pub(crate) user: Option<User>,
    csrf: Option<String>,
}

impl FromRequestParts<Ready<Auth>> for Visitor {
    type Rejection = AuthorizationRefused;

    async fn from_request_parts(parts: &mut Parts, auth: &Ready<Auth>) -> Result<Self, Self::Rejection> {
        let session = parts.extensions.get::<Session>().cloned();
        let session = session.ok_or_else(|| Error::new("the route has no layer of sessions"))?;
        let user = match session.get::<String>(USER).await? {
            Some(id) => auth.user(&id).await?,
            None => None,
        };
        let csrf = session.get(CSRF).await?;
        Ok(Self { session, user, csrf })
    }
}

impl Visitor {
    pub(crate) fn subject(&self) -> Option<&Subject> {
        self.user.as_ref().map(|user| &user.id)
    }

    /// What a form has that is shown to this browser. Another site cannot read it.
    pub(crate) async fn csrf(&self) -> Result<String, Error> {
        if let Some(csrf) = &self.csrf {
            return Ok(csrf.clone());
        }
        // 128 random bits, as for an identifier of a session, of which it is none.
        let csrf = Id::default().to_string();
        let kept = self.session.insert(CSRF, &csrf).await;
        kept.map_err(|source| Error::new("the session cannot be written").caused_by(source))?;
        Ok(csrf)
    }

    /// Whether the form is one that was shown to this browser. Nothing is written for one that was not: it comes without the
    /// cookie, and a new one in the answer would sign out whoever is signed in.
    pub(crate) fn check(&self, form: &Form) -> Result<(), OAuthError> {
        let (shown, sent) = (self.csrf.as_deref(), form.get(CSRF)?);
        let same = |(shown, sent): (&str, &str)| shown.as_bytes().ct_eq(sent.as_bytes()).into();
        if shown.zip(sent).is_some_and(same) { Ok(()) } else { Err(not_shown()) }
    }

    /// Nothing of the session before is left, its identifier least of all: somebody may have planted it (RFC 6819 section
    /// 4.4.1.9).
    pub(crate) async fn sign_in(&self, subject: &Subject) -> Result<(), tower_sessions::session::Error> {
        self.session.clear().await;
        self.session.cycle_id().await?;
        self.session.insert(USER, subject.as_str()).await
    }

    pub(crate) async fn sign_out(&self) -> Result<(), tower_sessions::session::Error> {
        self.session.flush().await
    }
}

/// Why a form is refused.
pub(crate) fn not_shown() -> OAuthError {
    let error = OAuthError::access_denied("this form was not shown to this browser for this request");
    error.with_status(StatusCode::FORBIDDEN)
}
