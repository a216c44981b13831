//! A public client with PKCE (RFC 7636): it signs a person in at a provider and shows what the token is good for. Of the
//! provider it knows what is in its [`Registration`], and nothing of what it is made with.

mod pages;
mod provider;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use pages::Page;
pub use provider::Registration;
use provider::{Answer, Failure, Provider, Tokens, Waiting};

/// Cookies of a host are shared among its ports, so the name is one that the provider does not use.
const COOKIE: &str = "photo_album";
/// Browsers that are remembered. A demonstration forgets them all when there are more.
const MOST: usize = 1_000;

/// The client: where it is registered, and the browsers that use it, by their cookies.
struct Client {
    provider: Provider,
    waiting: Mutex<HashMap<String, Waiting>>,
    signed_in: Mutex<HashMap<String, Tokens>>,
    /// A refresh token is good once: two clicks wait for each other.
    refreshing: tokio::sync::Mutex<()>,
}

/// The client's pages.
///
/// # Errors
///
/// When an address in the registration is no URL, or no HTTP client can be made.
pub fn router(registration: Registration) -> Result<Router, Box<dyn std::error::Error>> {
    let client = Client {
        provider: Provider::new(registration)?,
        waiting: Mutex::default(),
        signed_in: Mutex::default(),
        refreshing: tokio::sync::Mutex::default(),
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
    let Some((_, tokens)) = signed_in(&client, &headers) else { return Page::Welcome.response() };
    match client.provider.photos(&tokens).await {
        Ok((owner, photos)) => Page::Album { owner, photos, tokens }.response(),
        Err(failure) => Page::Problem(failure).response(),
    }
}

/// Sends the browser to the provider. What will prove that the answer belongs to this request waits here.
async fn start(State(client): State<Arc<Client>>) -> Response {
    let (url, browser, waiting) = client.provider.authorization_request();
    let cookie = format!("{COOKIE}={browser}; Path=/; HttpOnly; SameSite=Lax");
    keep(&client.waiting, browser, waiting);
    ([(header::SET_COOKIE, cookie)], Redirect::to(&url)).into_response()
}

/// Receives the provider's answer and fetches the token.
async fn callback(State(client): State<Arc<Client>>, headers: HeaderMap, uri: Uri) -> Response {
    let answer = Answer::parse(uri.query().unwrap_or_default());
    // Whatever the answer says, there is no second one.
    let waiting = browser(&headers).and_then(|browser| lock(&client.waiting).remove_entry(browser));
    let Some((browser, waiting)) = waiting else { return Page::Problem(Failure::Unasked).response() };
    match client.provider.redeem(waiting, &answer).await {
        Ok(tokens) => {
            keep(&client.signed_in, browser, tokens);
            // The code does not stay in the address bar.
            Redirect::to("/").into_response()
        }
        Err(failure) => Page::Problem(failure).response(),
    }
}

/// Has the tokens replaced by new ones.
async fn refresh(State(client): State<Arc<Client>>, headers: HeaderMap) -> Response {
    let _turn = client.refreshing.lock().await;
    let Some((browser, tokens)) = signed_in(&client, &headers) else {
        return Redirect::to("/").into_response();
    };
    match client.provider.refresh(&tokens).await {
        Ok(tokens) => {
            keep(&client.signed_in, browser, tokens);
            Redirect::to("/").into_response()
        }
        Err(failure) => {
            if matches!(failure, Failure::Refused(_)) {
                lock(&client.signed_in).remove(&browser);
            }
            Page::Problem(failure).response()
        }
    }
}

/// The tokens of this browser.
fn signed_in(client: &Client, headers: &HeaderMap) -> Option<(String, Tokens)> {
    let browser = browser(headers)?;
    let tokens = lock(&client.signed_in).get(browser)?.clone();
    Some((browser.to_owned(), tokens))
}

/// Which browser this is.
fn browser(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split("; ")).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

fn keep<T>(map: &Mutex<HashMap<String, T>>, browser: String, value: T) {
    let mut map = lock(map);
    if map.len() >= MOST {
        map.clear();
    }
    map.insert(browser, value);
}

fn lock<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}
