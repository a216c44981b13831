//! What is said to the provider: the authorization request, the code, the refresh token, and the API's token.

use std::time::{Duration, Instant};

use oauth2::basic::{BasicClient, BasicRequestTokenError, BasicTokenResponse};
use oauth2::reqwest::{self, StatusCode, redirect::Policy};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet, EndpointSet, HttpClientError,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, TokenUrl,
};
use url::form_urlencoded;

/// What a client and a provider have told each other.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Who the provider is (RFC 8414).
    pub issuer: String,
    /// Who the client is.
    pub client_id: String,
    /// Where the provider sends people back to.
    pub redirect_uri: String,
    /// What the client asks for.
    pub scope: String,
    /// The API: it answers a token with an object whose one member is named after the owner and lists their photos.
    pub photos: String,
}

/// A provider that signs people in for this client.
pub(crate) struct Provider {
    registration: Registration,
    oauth2: BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>,
    http: reqwest::Client,
}

/// A request that the provider has not answered yet.
pub(crate) struct Waiting {
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

/// The parameters that the provider answers with.
pub(crate) struct Answer(Vec<(String, String)>);

/// What the provider gave, and when.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) issued: BasicTokenResponse,
    pub(crate) at: Instant,
    pub(crate) refreshed: u32,
}

/// Why there is nothing to show.
pub(crate) enum Failure {
    /// The answer is to no request of this browser.
    Unasked,
    /// Somebody else than the provider has answered (RFC 9207).
    Stranger,
    /// The person does not want to.
    Denied,
    /// The provider does not want to; its error code.
    Refused(String),
    /// The provider does not answer, or nothing that makes sense.
    Silent,
}

impl Answer {
    pub(crate) fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl Provider {
    pub(crate) fn new(registration: Registration) -> Result<Self, Box<dyn std::error::Error>> {
        let endpoint = |path: &str| format!("{}/oauth/{path}", registration.issuer);
        let oauth2 = BasicClient::new(ClientId::new(registration.client_id.clone()))
            .set_auth_uri(AuthUrl::new(endpoint("authorize"))?)
            .set_token_uri(TokenUrl::new(endpoint("token"))?)
            .set_redirect_uri(RedirectUrl::new(registration.redirect_uri.clone())?);
        // A token endpoint that sends the code elsewhere is none to follow.
        let http = reqwest::Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(10));
        Ok(Self { registration, oauth2, http: http.no_proxy().build()? })
    }

    /// Where to send a browser, a name for it that nobody can guess, and what its answer is checked against.
    pub(crate) fn authorization_request(&self) -> (String, String, Waiting) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.registration.scope.split(' ').map(|scope| Scope::new(scope.to_owned()));
        let request = self.oauth2.authorize_url(CsrfToken::new_random).add_scopes(scopes);
        let (url, state) = request.set_pkce_challenge(challenge).url();
        (url.into(), CsrfToken::new_random().into_secret(), Waiting { state, verifier })
    }

    /// Checks the answer, whose state must be that of the request and whose issuer the one that was asked, and redeems
    /// its code.
    pub(crate) async fn redeem(&self, waiting: Waiting, answer: &Answer) -> Result<Tokens, Failure> {
        if answer.get("state") != Some(waiting.state.secret()) {
            return Err(Failure::Unasked);
        }
        if answer.get("iss") != Some(&self.registration.issuer) {
            return Err(Failure::Stranger);
        }
        let code = match (answer.get("error"), answer.get("code")) {
            (None, Some(code)) => AuthorizationCode::new(code.to_owned()),
            (Some("access_denied"), _) => return Err(Failure::Denied),
            (Some(error), _) => return Err(Failure::Refused(error.to_owned())),
            (None, None) => return Err(Failure::Silent),
        };
        let request = self.oauth2.exchange_code(code).set_pkce_verifier(waiting.verifier);
        let issued = request.request_async(&self.http).await.map_err(failure)?;
        Ok(Tokens { issued, at: Instant::now(), refreshed: 0 })
    }

    /// New tokens for the old ones (RFC 6749 section 6).
    pub(crate) async fn refresh(&self, tokens: &Tokens) -> Result<Tokens, Failure> {
        let token = tokens.issued.refresh_token().ok_or_else(|| Failure::Refused("invalid_grant".into()))?;
        let request = self.oauth2.exchange_refresh_token(token);
        let mut issued = request.request_async(&self.http).await.map_err(failure)?;
        // A provider that sends none lets the old one go on.
        if issued.refresh_token().is_none() {
            issued.set_refresh_token(Some(token.clone()));
        }
        Ok(Tokens { issued, at: Instant::now(), refreshed: tokens.refreshed + 1 })
    }

    /// Whose photos the API shows for the token, and which.
    pub(crate) async fn photos(&self, tokens: &Tokens) -> Result<(String, Vec<String>), Failure> {
        let token = tokens.issued.access_token().secret();
        let request = self.http.get(&self.registration.photos).bearer_auth(token);
        let response = request.send().await.map_err(|_| Failure::Silent)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err(Failure::Refused("invalid_token".into())),
            StatusCode::FORBIDDEN => return Err(Failure::Refused("insufficient_scope".into())),
            _ => return Err(Failure::Silent),
        }
        let body = response.bytes().await.map_err(|_| Failure::Silent)?;
        let photos: std::collections::BTreeMap<String, Vec<String>> =
            serde_json::from_slice(&body).map_err(|_| Failure::Silent)?;
        photos.into_iter().next().ok_or(Failure::Silent)
    }
}

fn failure(error: BasicRequestTokenError<HttpClientError<reqwest::Error>>) -> Failure {
    match error {
        BasicRequestTokenError::ServerResponse(answer) => Failure::Refused(answer.error().to_string()),
        _ => Failure::Silent,
    }
}
