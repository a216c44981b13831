//! What is said to the provider: the authorization request, the code, the refresh token, and the API's token.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use oauth2::basic::{BasicClient, BasicRequestTokenError, BasicTokenResponse};
use oauth2::reqwest::{self, RequestBuilder, StatusCode, redirect::Policy};
use oauth2::url::Url;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, EndpointNotSet, EndpointSet, HttpClientError, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, TokenUrl,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::authorization_response::AuthorizationResponse;

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

/// The client of the provider's endpoints for authorization and tokens.
type OAuth2 = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A provider that signs people in for this client.
pub(crate) struct Provider {
    registration: Registration,
    redirect_uri: RedirectUrl,
    metadata: Url,
    http: reqwest::Client,
    oauth2: OnceCell<OAuth2>,
}

/// What a provider says of itself (RFC 8414 section 2), as far as this client needs it.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: AuthUrl,
    token_endpoint: TokenUrl,
}

/// An authorization request that the provider has not answered yet.
pub(crate) struct PendingRequest {
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

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
    /// Somebody else than the provider has answered (RFC 9207 section 2.4, RFC 8414 section 3.3).
    Stranger,
    /// The person does not want to.
    Denied,
    /// The provider does not want to; its error code.
    Refused(String),
    /// The provider does not answer, or nothing that makes sense.
    Silent,
}

impl Provider {
    pub(crate) fn new(registration: Registration) -> Result<Self, Box<dyn std::error::Error>> {
        let redirect_uri = RedirectUrl::new(registration.redirect_uri.clone())?;
        let mut metadata = Url::parse(&registration.issuer)?;
        // Before the issuer's path, and not behind it (RFC 8414 section 3.1).
        let path = metadata.path().trim_end_matches('/');
        metadata.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
        // A token endpoint that sends the code elsewhere is none to follow.
        let http = reqwest::Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(10));
        let http = http.no_proxy().build()?;
        Ok(Self { registration, redirect_uri, metadata, http, oauth2: OnceCell::new() })
    }

    /// Where this client is, to browsers.
    pub(crate) fn site(&self) -> &Url {
        self.redirect_uri.url()
    }

    /// Reads where the endpoints are, the first time. What another issuer says is not used (RFC 8414 section 3.3).
    async fn oauth2(&self) -> Result<&OAuth2, Failure> {
        let read = async || {
            let metadata: Metadata = self.json(self.http.get(self.metadata.clone())).await?;
            if metadata.issuer != self.registration.issuer {
                return Err(Failure::Stranger);
            }
            let oauth2 = BasicClient::new(ClientId::new(self.registration.client_id.clone()))
                .set_auth_uri(metadata.authorization_endpoint)
                .set_token_uri(metadata.token_endpoint)
                .set_redirect_uri(self.redirect_uri.clone());
            Ok(oauth2)
        };
        self.oauth2.get_or_try_init(read).await
    }

    /// Where to send a browser, and what its answer is checked against.
    pub(crate) async fn authorization_request(&self) -> Result<(String, PendingRequest), Failure> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.registration.scope.split(' ').map(|scope| Scope::new(scope.to_owned()));
        let request = self.oauth2().await?.authorize_url(CsrfToken::new_random).add_scopes(scopes);
        let (url, state) = request.set_pkce_challenge(challenge).url();
        Ok((url.into(), PendingRequest { state, verifier }))
    }

    /// Redeems the code of a response to this request.
    pub(crate) async fn redeem(
        &self,
        pending: PendingRequest,
        response: &AuthorizationResponse,
    ) -> Result<Tokens, Failure> {
        let code = response.code(&self.registration.issuer)?;
        let request = self.oauth2().await?.exchange_code(code).set_pkce_verifier(pending.verifier);
        let issued = request.request_async(&self.http).await.map_err(failure)?;
        Ok(Tokens { issued, at: Instant::now(), refreshed: 0 })
    }

    /// New tokens for the old ones (RFC 6749 section 6).
    pub(crate) async fn refresh(&self, tokens: &Tokens) -> Result<Tokens, Failure> {
        let token = tokens.issued.refresh_token().ok_or_else(|| Failure::Refused("invalid_grant".into()))?;
        let request = self.oauth2().await?.exchange_refresh_token(token);
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
        let photos: BTreeMap<String, Vec<String>> = self.json(request).await?;
        photos.into_iter().next().ok_or(Failure::Silent)
    }

    /// The JSON that a request is answered with.
    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let response = request.send().await.map_err(|_| Failure::Silent)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err(Failure::Refused("invalid_token".into())),
            StatusCode::FORBIDDEN => return Err(Failure::Refused("insufficient_scope".into())),
            _ => return Err(Failure::Silent),
        }
        let body = response.bytes().await.map_err(|_| Failure::Silent)?;
        serde_json::from_slice(&body).map_err(|_| Failure::Silent)
    }
}

impl PendingRequest {
    pub(crate) fn is_answered_by(&self, response: &AuthorizationResponse) -> bool {
        response.answers(&self.state)
    }
}

impl Failure {
    /// Whether a new access token may help.
    pub(crate) fn is_of_the_token(&self) -> bool {
        matches!(self, Self::Refused(code) if code == "invalid_token")
    }
}

fn failure(error: BasicRequestTokenError<HttpClientError<reqwest::Error>>) -> Failure {
    match error {
        BasicRequestTokenError::ServerResponse(answer) => Failure::Refused(answer.error().to_string()),
        _ => Failure::Silent,
    }
}
