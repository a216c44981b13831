//! Where people sign in and agree. The authorization request travels in the URL of these pages and is checked anew at each
//! step, so nothing about it has to be kept, and there is no address to come back to that anybody could forge.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use oauth2_runtime::form::Form;
use oauth2_runtime::prelude::*;

use crate::Auth;
use crate::templates::{consent_page, sign_in_page};
use crate::visitor::{Visitor, not_shown};

type Server = State<Ready<Auth>>;
type Page = Result<Response, AuthorizationRefused>;
type Wanted = Result<Option<ConsentRequest<Auth>>, AuthorizationRefused>;

// own pages: begin
pub(crate) fn router(auth: &Ready<Auth>) -> Router<Ready<Auth>> {
    Router::new()
        .route("/sign-in", get(sign_in).post(signed_in))
        .route("/sign-out", post(sign_out))
        .merge(auth.authorization_page(get(authorize).post(decide)))
}

/// What somebody signs in for: the authorization request in the URL, if there is one.
async fn wanted(auth: &Ready<Auth>, parts: &Parts) -> Wanted {
    match parts.uri.query() {
        Some(_) => Ok(Some(auth.validate_consent_request(parts, None).await?)),
        None => Ok(None),
    }
}

async fn sign_in(State(auth): Server, visitor: Visitor, parts: Parts) -> Page {
    let request = wanted(&auth, &parts).await?;
    Ok(sign_in_page(request.as_ref(), &visitor.csrf().await?, None))
}

async fn signed_in(State(auth): Server, visitor: Visitor, parts: Parts, form: Form) -> Page {
    let request = wanted(&auth, &parts).await?;
    visitor.check(&form)?;
    let (name, password) = (form.require("username")?, form.require("password")?);
    let typed = Credentials::new(name.to_owned(), Secret::new(password.to_owned()));
    let Some(subject) = auth.check_password(&typed).await? else {
        return Ok(sign_in_page(request.as_ref(), &visitor.csrf().await?, Some(name)));
    };
    visitor.sign_in(&subject).await?;
    let next = request.as_ref().map_or("/", ConsentRequest::after_sign_in);
    Ok(Redirect::to(next).into_response())
}

async fn sign_out(visitor: Visitor, form: Form) -> Page {
    visitor.check(&form)?;
    visitor.sign_out().await?;
    Ok(Redirect::to("/").into_response())
}

fn to_sign_in(parts: &Parts) -> Response {
    let query = parts.uri.query().unwrap_or_default();
    Redirect::to(&format!("/sign-in?{query}")).into_response()
}

/// The authorization endpoint.
async fn authorize(State(auth): Server, visitor: Visitor, parts: Parts) -> Page {
    let user = visitor.subject();
    let request = auth.validate_consent_request(&parts, user).await?;
    match (request.next(), &visitor.user) {
        (Next::Consent, Some(user)) => Ok(consent_page(&request, user, &visitor.csrf().await?)),
        // They have agreed before.
        (Next::Nothing, Some(_)) => {
            let grant_user = user.cloned();
            Ok(auth.create_authorization_response(&parts, grant_user).await)
        }
        _ => Ok(to_sign_in(&parts)),
    }
}

/// The consent page's form. What it was shown for and what it is sent for must be the same.
async fn decide(State(auth): Server, visitor: Visitor, parts: Parts, form: Form) -> Page {
    let user = visitor.subject();
    let request = auth.validate_consent_request(&parts, user).await?;
    if request.next() == Next::SignIn {
        return Ok(to_sign_in(&parts));
    }
    visitor.check(&form)?;
    if form.get("shown")? != Some(request.fingerprint()) {
        return Err(not_shown().into());
    }
    let allowed = form.require("decision")? == "allow";
    let grant_user = user.filter(|_| allowed).cloned();
    Ok(auth.create_authorization_response(&parts, grant_user).await)
}
// own pages: end
