//! A client library that is not ours, over everything the server has: the crate `oauth2`.
//!
//! The issuer is `https`, which the library insists on for some endpoints; the tests stand for the proxy in front.

use std::convert::Infallible;
use std::net::SocketAddr;

use oauth2::basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, IntrospectionUrl, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, RevocationUrl, Scope, TokenIntrospectionResponse, TokenResponse, TokenUrl,
};
use oauth2_tests::http::Request;
use oauth2_tests::portal::{parameters, value};

use crate::site::{CALLBACK, Site, decide};

pub(crate) const ISSUER: &str = "https://id.example";

pub(crate) type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointSet, EndpointSet>;

/// Sends the library's request to the server.
pub(crate) async fn exchange(address: SocketAddr, request: HttpRequest) -> Result<HttpResponse, Infallible> {
    let (parts, body) = request.into_parts();
    assert_eq!(parts.uri.authority().unwrap(), "id.example");
    let mut sent = Request::new(parts.method.as_str(), parts.uri.path_and_query().unwrap().as_str());
    for (name, value) in &parts.headers {
        sent = sent.header(name.as_str(), value.to_str().unwrap());
    }
    let answer = sent.body(body).send(address).await;
    let mut response = oauth2::http::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    Ok(response.body(answer.body.into_bytes()).unwrap())
}

/// Sets the library up by what the server says of itself (RFC 8414).
pub(crate) async fn discover(site: &Site, client_id: &str, secret: Option<&str>) -> Client {
    let metadata = site.get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["issuer"], ISSUER);
    let url = |name: &str| metadata[name].as_str().unwrap().to_owned();
    let client = BasicClient::new(ClientId::new(client_id.to_owned()))
        .set_auth_uri(AuthUrl::new(url("authorization_endpoint")).unwrap())
        .set_token_uri(TokenUrl::new(url("token_endpoint")).unwrap())
        .set_introspection_url(IntrospectionUrl::new(url("introspection_endpoint")).unwrap())
        .set_revocation_url(RevocationUrl::new(url("revocation_endpoint")).unwrap());
    match secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.to_owned())),
        None => client,
    }
}

fn start() -> Site {
    Site::start_with(&["--issuer", ISSUER])
}

pub(crate) fn redirecting(client: Client, uri: &str) -> Client {
    client.set_redirect_uri(RedirectUrl::new(uri.to_owned()).unwrap())
}

/// The part with the person: a code and the verifier it needs.
async fn authorize(site: &Site, client: &Client, scopes: &[&str]) -> (AuthorizationCode, PkceCodeVerifier) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = scopes.iter().map(|scope| Scope::new((*scope).to_owned()));
    let request =
        client.authorize_url(CsrfToken::new_random).add_scopes(scopes).set_pkce_challenge(challenge);
    let (url, state) = request.url();
    let target = url.as_str().strip_prefix(ISSUER).unwrap();
    let answered = parameters(&decide(&mut site.browser(), target, "allow").await);
    assert_eq!((&value(&answered, "state"), value(&answered, "iss").as_str()), (state.secret(), ISSUER));
    (AuthorizationCode::new(value(&answered, "code")), verifier)
}

pub(crate) fn refusal<T, E: std::error::Error>(
    result: Result<T, RequestTokenError<E, BasicErrorResponse>>,
) -> BasicErrorResponseType {
    match result {
        Err(RequestTokenError::ServerResponse(response)) => response.error().clone(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was not refused"),
    }
}

pub(crate) fn names(scopes: Option<&Vec<Scope>>) -> Vec<&str> {
    scopes.unwrap().iter().map(|scope| scope.as_str()).collect()
}

#[tokio::test]
async fn a_confidential_client_goes_all_the_way() {
    let site = start();
    let http = |request| exchange(site.address, request);
    let client = redirecting(discover(&site, "web", Some(&site.web.secret)).await, CALLBACK);
    let (code, verifier) = authorize(&site, &client, &["profile", "photos:read"]).await;
    // The library gives a verifier away with its use, lest it be used twice.
    let same = PkceCodeVerifier::new(verifier.secret().clone());
    let first = client.exchange_code(code.clone()).set_pkce_verifier(verifier);
    let first = first.request_async(&http).await.unwrap();
    assert_eq!(names(first.scopes()), ["profile", "photos:read"]);
    assert_eq!(first.expires_in().unwrap().as_secs(), 3600);
    let again = client.exchange_code(code).set_pkce_verifier(same).request_async(&http).await;
    assert_eq!(refusal(again), BasicErrorResponseType::InvalidGrant);

    let old = first.refresh_token().unwrap();
    let second = client.exchange_refresh_token(old).request_async(&http).await.unwrap();
    let new = second.refresh_token().unwrap();
    assert_ne!(old.secret(), new.secret());
    assert_ne!(first.access_token().secret(), second.access_token().secret());
    let refused = client.exchange_refresh_token(old).request_async(&http).await;
    assert_eq!(refusal(refused), BasicErrorResponseType::InvalidGrant);

    // The first access token has ended with its refresh token; the second is live.
    let introspected = client.introspect(first.access_token()).request_async(&http).await.unwrap();
    assert!(!introspected.active());
    let introspected = client.introspect(second.access_token()).request_async(&http).await.unwrap();
    assert!(introspected.active());
    assert_eq!((introspected.sub(), introspected.iss()), (Some("u-alice"), Some(ISSUER)));
    assert_eq!(introspected.client_id().unwrap().as_str(), "web");
    assert_eq!(names(introspected.scopes()), ["profile", "photos:read"]);
    assert_eq!((introspected.exp().unwrap() - introspected.iat().unwrap()).num_seconds(), 3600);

    client.revoke_token(new.into()).unwrap().request_async(&http).await.unwrap();
    let introspected = client.introspect(second.access_token()).request_async(&http).await.unwrap();
    assert!(!introspected.active(), "the refresh token's whole authorization has ended");
    let refused = client.exchange_refresh_token(new).request_async(&http).await;
    assert_eq!(refusal(refused), BasicErrorResponseType::InvalidGrant);
}

#[tokio::test]
async fn a_public_client_on_a_port_of_its_own_goes_all_the_way() {
    let site = start();
    let http = |request| exchange(site.address, request);
    let client = redirecting(discover(&site, "native", None).await, "http://127.0.0.1:52341/cb");
    let (code, verifier) = authorize(&site, &client, &["photos:read"]).await;
    let without = client.exchange_code(code.clone()).request_async(&http).await;
    assert_eq!(refusal(without), BasicErrorResponseType::InvalidGrant);
    let (_, others) = PkceCodeChallenge::new_random_sha256();
    let wrong = client.exchange_code(code.clone()).set_pkce_verifier(others).request_async(&http).await;
    assert_eq!(refusal(wrong), BasicErrorResponseType::InvalidGrant);
    // Neither has used up the code.
    let tokens = client.exchange_code(code).set_pkce_verifier(verifier).request_async(&http).await.unwrap();
    let me = site.send(Request::get("/api/me").bearer(tokens.access_token().secret())).await;
    assert_eq!(me.body, r#"{"sub":"u-alice","client_id":"native","scope":"photos:read"}"#);
    let refreshed = client.exchange_refresh_token(tokens.refresh_token().unwrap());
    let refreshed = refreshed.request_async(&http).await.unwrap();
    client.revoke_token(refreshed.access_token().into()).unwrap().request_async(&http).await.unwrap();
    let me = site.send(Request::get("/api/me").bearer(refreshed.access_token().secret())).await;
    assert_eq!(me.status, 401);
    // Only clients that prove who they are introspect (RFC 7662 section 2.1).
    let refused = client.introspect(refreshed.access_token()).request_async(&http).await;
    assert_eq!(refusal(refused), BasicErrorResponseType::InvalidClient);
}

#[tokio::test]
async fn a_machine_and_a_resource_server_go_all_the_way() {
    let site = start();
    let http = |request| exchange(site.address, request);
    let robot = discover(&site, "robot", Some(&site.robot.secret)).await;
    let request = robot.exchange_client_credentials().add_scope(Scope::new("photos:write".to_owned()));
    let tokens = request.request_async(&http).await.unwrap();
    assert_eq!(names(tokens.scopes()), ["photos:write"]);
    assert!(tokens.refresh_token().is_none());
    let more = robot.exchange_client_credentials().add_scope(Scope::new("profile".to_owned()));
    assert_eq!(refusal(more.request_async(&http).await), BasicErrorResponseType::InvalidScope);

    let token = tokens.access_token();
    // The resource server has the right to look at every token, another client has not.
    let resource = discover(&site, "resource", Some(&site.resource.secret)).await;
    let refused = resource.introspect(token).request_async(&http).await;
    assert_eq!(refusal(refused), BasicErrorResponseType::InvalidClient, "its secret belongs into the body");
    let resource = resource.set_auth_type(AuthType::RequestBody);
    let introspected = resource.introspect(token).request_async(&http).await.unwrap();
    assert!(introspected.active());
    assert_eq!((introspected.client_id().unwrap().as_str(), introspected.sub()), ("robot", None));
    let web = discover(&site, "web", Some(&site.web.secret)).await;
    assert!(!web.introspect(token).request_async(&http).await.unwrap().active());
    // Nor can it revoke what is not its own.
    web.revoke_token(token.into()).unwrap().request_async(&http).await.unwrap();
    assert!(resource.introspect(token).request_async(&http).await.unwrap().active());
    robot.revoke_token(token.into()).unwrap().request_async(&http).await.unwrap();
    assert!(!resource.introspect(token).request_async(&http).await.unwrap().active());
}
