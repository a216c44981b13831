//! The calls that take a request and make a response, from handlers of the application's own.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use oauth2_runtime::endpoint::introspection::IntrospectionEndpoint;
use oauth2_runtime::prelude::{ConsentRequest, Next, Ready, Subject};
use oauth2_tests::answer::Answer;
use oauth2_tests::http;
use oauth2_tests::portal::{Portal, RunningPortal, WEB_CALLBACK, redemption, request};
use oauth2_tests::running::{Tokens, listen};

/// A server without the generated router. Who has signed in, and what they decide, are headers here.
async fn site() -> (RunningPortal, std::net::SocketAddr) {
    let running = RunningPortal::start().await;
    let app = Router::new()
        .route("/oauth/authorize", get(consent).post(decide))
        .route("/oauth/token", any(token))
        .route("/oauth/introspect", post(introspect))
        .with_state(running.portal.clone());
    let address = listen(app).await;
    (running, address)
}

fn person(request: &Request) -> Option<Subject> {
    Some(request.headers().get("person")?.to_str().ok()?.into())
}

async fn consent(State(auth): State<Ready<Portal>>, request: Request) -> Response {
    let person = person(&request);
    let (parts, _) = request.into_parts();
    match auth.validate_consent_request(&parts, person.as_ref()).await {
        Ok(consent) => shown(&consent).into_response(),
        Err(refused) => refused.into_response(),
    }
}

fn shown(consent: &ConsentRequest<Portal>) -> String {
    let next = match consent.next() {
        Next::SignIn => format!("sign in, then {}", consent.after_sign_in()),
        Next::Consent => "agree".to_owned(),
        _ => "go on".to_owned(),
    };
    let scopes: Vec<_> = consent.scopes().map(|(name, text)| format!("{name}={text}")).collect();
    format!("{} at {}: {}; {next}", consent.client_name(), consent.destination(), scopes.join(", "))
}

async fn decide(State(auth): State<Ready<Portal>>, request: Request) -> Response {
    let person = person(&request);
    let (parts, _) = request.into_parts();
    auth.create_authorization_response(&parts, person).await
}

async fn token(State(auth): State<Ready<Portal>>, request: Request) -> Response {
    auth.create_token_response(request).await
}

async fn introspect(State(auth): State<Ready<Portal>>, request: Request) -> Response {
    auth.create_endpoint_response::<IntrospectionEndpoint>(request).await
}

fn target(more: &str) -> String {
    format!("/oauth/authorize?{}", request("web", WEB_CALLBACK, more))
}

#[tokio::test]
async fn create_authorization_response() {
    let (running, address) = site().await;
    let target = target("&scope=read&state=s1");
    let allowed = http::Request::new("POST", &target).header("person", "u-alice").send(address).await;
    let answer = Answer::of(&allowed);
    assert_eq!((allowed.status, answer.names()), (303, vec!["code", "state", "iss"]));
    assert_eq!(running.redeem(&answer.value("code")).await.status, 200);
    // Nobody means that they have refused.
    let denied = http::Request::new("POST", &target).send(address).await;
    Answer::of(&denied).assert_error(WEB_CALLBACK, "access_denied", "s1");
    // Nothing is sent to where nobody has registered.
    let unknown = target.replace("web.example", "evil.example");
    let refused = http::Request::new("POST", &unknown).header("person", "u-alice").send(address).await;
    refused.assert_refused_page("invalid_request");
    assert_eq!(
        running.portal.journal.signals(),
        [
            "consent_granted web u-alice `read`",
            "token_issued web u-alice authorization_code `read`",
            "consent_denied web - `read`"
        ]
    );
}

#[tokio::test]
async fn get_consent_grant() {
    let (_running, address) = site().await;
    let ask = async |more: &str, person: Option<&str>| {
        let request = http::Request::get(&target(more));
        let request = match person {
            Some(person) => request.header("person", person),
            None => request,
        };
        request.send(address).await
    };
    let shown = "web at web.example: read=See your photos and albums;";
    let page = ask("&scope=read", Some("u-alice")).await;
    assert_eq!((page.status, page.body), (200, format!("{shown} agree")));
    let page = ask("&scope=read&prompt=login", Some("u-alice")).await;
    let after = target("&scope=read");
    assert_eq!(page.body, format!("{shown} sign in, then {after}"));
    let refused = ask("&scope=read&prompt=none&state=s2", None).await;
    Answer::of(&refused).assert_error(WEB_CALLBACK, "login_required", "s2");
    // What they have agreed to is remembered.
    let target = target("&scope=read");
    http::Request::new("POST", &target).header("person", "u-alice").send(address).await;
    assert_eq!(ask("&scope=read", Some("u-alice")).await.body, format!("{shown} go on"));
    assert_eq!(ask("&scope=read", Some("u-bob")).await.body, format!("{shown} agree"));
}

#[tokio::test]
async fn create_token_response() {
    let (running, address) = site().await;
    let code = running.code("alice", "read write").await;
    let send = async |request: http::Request| request.basic("web", &running.web.secret).send(address).await;
    let token = send(http::Request::form("/oauth/token", redemption(&code))).await;
    assert_eq!((token.status, token.header("cache-control")), (200, Some("no-store")));
    let _ = Tokens::of(&token);
    let unknown = send(http::Request::form("/oauth/token", "grant_type=magic")).await;
    unknown.assert_error(400, "unsupported_grant_type", "this server has no such grant type");
    // Authlib answers 400 `unsupported_grant_type`; RFC 6749 section 3.2 has no method but POST.
    let got = send(http::Request::get("/oauth/token?grant_type=client_credentials")).await;
    assert_eq!((got.status, got.header("allow"), got.body.as_str()), (405, Some("POST"), ""));
}

#[tokio::test]
async fn create_endpoint_response() {
    let (running, address) = site().await;
    let tokens = running.tokens("alice", "read").await;
    let body = format!("token={}", tokens.access);
    let request = || http::Request::form("/oauth/introspect", body.clone());
    let by_hand = request().basic("web", &running.web.secret).send(address).await;
    let mounted = request().basic("web", &running.web.secret).send(running.address).await;
    assert_eq!((by_hand.status, &by_hand.json()["active"]), (200, &true.into()));
    assert_eq!((by_hand.body, by_hand.status), (mounted.body, mounted.status));
    request().send(address).await.assert_error(401, "invalid_client", "client authentication failed");
}
