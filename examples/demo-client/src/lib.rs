//! A public client with PKCE (RFC 7636): it signs a person in at a provider and shows what the token is good for. Of the
//! provider it knows what is in its [`Registration`] and what the provider says of itself (RFC 8414), and nothing of what it
//! is made with.
//!
//! Here it speaks plain HTTP, on loopback. Anywhere else it takes TLS: the crate `oauth2` with its feature `rustls-tls`, an
//! `https` address for the provider, and an `https` redirect URI, behind whatever ends TLS for this client. Its cookie is
//! `Secure` then by itself.

mod authorization_response;
mod browser;
mod pages;
mod provider;
mod remembered;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tokio::sync::Mutex;

use authorization_response::AuthorizationResponse;
use browser::{Cookie, is_own_form, new_name};
use pages::Page;
pub use provider::Registration;
use provider::{Failure, PendingRequest, Provider, Tokens};
use remembered::Remembered;

/// How long a person may take to sign in and agree.
const PENDING: Duration = Duration::from_mins(10);
/// How long somebody stays signed in, unless they close the browser: its cookie ends then.
const SIGNED_IN: Duration = Duration::from_hours(30 * 24);

/// The client: where it is registered, and the browsers that use it.
struct Client {
    provider: Provider,
    cookie: Cookie,
    pending: Remembered<PendingRequest>,
    /// What went wrong, until the page that says so is shown.
    failed: Remembered<Failure>,
    signed_in: Remembered<Session>,
}

/// The tokens of a browser. They are locked while they are replaced.
type Session = Arc<Mutex<Tokens>>;

/// The client's pages.
///
/// # Errors
///
/// When an address in the registration is no URL, or no HTTP client can be made.
pub fn router(registration: Registration) -> Result<Router, Box<dyn std::error::Error>> {
    let provider = Provider::new(registration)?;
    let client = Client {
        cookie: Cookie::of(provider.site()),
        provider,
        pending: Remembered::lasting(PENDING),
        failed: Remembered::lasting(PENDING),
        signed_in: Remembered::lasting(SIGNED_IN),
    };
    let router = Router::new()
        .route("/", get(home))
        .route("/start", get(start))
        .route("/callback", get(callback))
        .route("/refresh", post(refresh))
        .route("/style.css", get(pages::stylesheet));
    Ok(router.with_state(Arc::new(client)))
}

/// What the token is good for, or where to get one.
async fn home(State(client): State<Arc<Client>>, headers: HeaderMap) -> Response {
    let Some(browser) = client.cookie.read(&headers) else { return Page::Welcome.response() };
    if let Some(failure) = client.failed.take(browser) {
        return Page::Problem(failure).response();
    }
    let Some(session) = client.signed_in.get(browser) else { return Page::Welcome.response() };
    album(&client, browser, session).await.unwrap_or_else(Page::Problem).response()
}

/// The photos; with a new token, where the old one has ended.
async fn album(client: &Arc<Client>, browser: &str, session: Session) -> Result<Page, Failure> {
    let mut tokens = session.lock().await.clone();
    let mut shown = client.provider.photos(&tokens).await;
    if shown.as_ref().is_err_and(Failure::is_of_the_token) {
        tokens = renew(client, browser, session, tokens.refreshed).await?;
        shown = client.provider.photos(&tokens).await;
    }
    let (owner, photos) = shown?;
    Ok(Page::Album { owner, photos, tokens })
}

/// Sends the browser to the provider. What will prove that the response belongs to this request waits here. Whoever is signed in
/// already stays so until somebody else has signed in: any site can send a browser here.
async fn start(State(client): State<Arc<Client>>, headers: HeaderMap) -> Response {
    let (url, pending) = match client.provider.authorization_request().await {
        Ok(request) => request,
        Err(failure) => return Page::Problem(failure).response(),
    };
    let signed_in = client.cookie.read(&headers).filter(|browser| client.signed_in.get(browser).is_some());
    let browser = signed_in.map_or_else(new_name, str::to_owned);
    let cookie = client.cookie.named(&browser);
    client.pending.keep(browser, pending);
    ([(header::SET_COOKIE, cookie)], Redirect::to(&url)).into_response()
}

/// Receives the provider's response and fetches the token. Whatever comes of it is shown elsewhere, so that no code stays in the
/// address bar. A response to nothing that was asked changes nothing.
async fn callback(State(client): State<Arc<Client>>, headers: HeaderMap, uri: Uri) -> Response {
    let response = AuthorizationResponse::parse(uri.query().unwrap_or_default());
    let pending = client.cookie.read(&headers).and_then(|browser| {
        Some((browser, client.pending.take_if(browser, |pending| pending.is_answered_by(&response))?))
    });
    let Some((browser, pending)) = pending else { return Page::Problem(Failure::Unasked).response() };
    match client.provider.redeem(pending, &response).await {
        Ok(tokens) => {
            client.signed_in.take(browser);
            // Somebody else may have given this browser its cookie. They do not know the new one.
            let browser = new_name();
            let cookie = client.cookie.named(&browser);
            client.signed_in.keep(browser, Arc::new(Mutex::new(tokens)));
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Err(failure) => {
            client.failed.keep(browser.to_owned(), failure);
            Redirect::to("/").into_response()
        }
    }
}

/// Has the tokens replaced by new ones.
async fn refresh(State(client): State<Arc<Client>>, headers: HeaderMap) -> Response {
    if !is_own_form(&headers, client.provider.site()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let session = client.cookie.read(&headers).and_then(|name| Some((name, client.signed_in.get(name)?)));
    if let Some((browser, session)) = session {
        let seen = session.lock().await.refreshed;
        if let Err(failure) = renew(&client, browser, session, seen).await {
            return Page::Problem(failure).response();
        }
    }
    Redirect::to("/").into_response()
}

/// New tokens for those that were `seen`. A refresh token is good once: who comes second waits, and takes what the first one
/// was given. It is a task of its own, since its successor must be kept even if the browser does not wait.
async fn renew(client: &Arc<Client>, browser: &str, session: Session, seen: u32) -> Result<Tokens, Failure> {
    let (client, browser) = (Arc::clone(client), browser.to_owned());
    let renewed = tokio::spawn(async move {
        let mut tokens = session.lock().await;
        if tokens.refreshed == seen {
            match client.provider.refresh(&tokens).await {
                Ok(renewed) => *tokens = renewed,
                Err(failure) => {
                    if matches!(failure, Failure::Refused(_)) {
                        client.signed_in.take(&browser);
                    }
                    return Err(failure);
                }
            }
        }
        Ok(tokens.clone())
    });
    renewed.await.unwrap_or(Err(Failure::Silent))
}
