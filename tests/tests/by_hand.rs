//! What the generated router answers, from handlers of one's own and without that router: one test a method, named after it.

use std::net::SocketAddr;

use axum::extract::{Request as Received, State};
use axum::http::request::Parts;
use axum::response::Response as Answer;
use axum::routing::any;
use oauth2_runtime::endpoint::introspection::IntrospectionEndpoint;
use oauth2_runtime::endpoint::metadata::MetadataEndpoint;
use oauth2_runtime::endpoint::revocation::RevocationEndpoint;
use oauth2_runtime::form::Form;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    NATIVE_CALLBACK, Portal, RunningPortal, WEB_CALLBACK, parameters, redemption, request, value,
};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Tokens, listen};

type Server = State<Ready<Portal>>;

async fn token(State(portal): Server, request: Received) -> Answer {
    portal.create_token_response(request).await
}

async fn revoke(State(portal): Server, request: Received) -> Answer {
    portal.create_endpoint_response::<RevocationEndpoint>(request).await
}

async fn introspect(State(portal): Server, request: Received) -> Answer {
    portal.create_endpoint_response::<IntrospectionEndpoint>(request).await
}

async fn metadata(State(portal): Server, request: Received) -> Answer {
    portal.create_endpoint_response::<MetadataEndpoint>(request).await
}

/// Who has signed in is what the request says: these tests are not about that.
fn user(parts: &Parts) -> Option<Subject> {
    Some(parts.headers.get("x-user")?.to_str().unwrap().into())
}

/// What a page would show, one line each.
async fn ask(State(portal): Server, parts: Parts) -> Result<String, AuthorizationRefused> {
    let request = portal.validate_consent_request(&parts, user(&parts).as_ref()).await?;
    let scopes: Vec<_> = request.scopes().map(|(name, text)| format!("{name}: {text}")).collect();
    Ok([
        format!("{:?}", request.next()),
        request.after_sign_in().to_owned(),
        format!("{} is {}", request.client().client_id().as_str(), request.client_name()),
        format!("{} {}", request.destination(), request.form_action()),
        format!("{} = {}", request.scope(), scopes.join(", ")),
        format!("{:?}", request.login_hint()),
        request.fingerprint().to_owned(),
    ]
    .join("\n"))
}

async fn answer(State(portal): Server, parts: Parts) -> Answer {
    portal.create_authorization_response(&parts, user(&parts)).await
}

async fn echo(form: Form) -> Result<String, AuthorizationRefused> {
    Ok(form.require("word")?.to_owned())
}

async fn fail() -> Result<String, AuthorizationRefused> {
    Err(std::io::Error::other("the disk of Alice is full"))?;
    Ok(String::new())
}

/// The same server twice: with the generated router at `portal.address`, and by hand at the other address.
async fn start() -> (RunningPortal, SocketAddr) {
    let portal = RunningPortal::start().await;
    let by_hand = Router::new()
        .route("/oauth/token", any(token))
        .route("/oauth/revoke", any(revoke))
        .route("/oauth/introspect", any(introspect))
        .route("/.well-known/oauth-authorization-server", any(metadata))
        .route("/ask", any(ask))
        .route("/oauth/authorize", any(answer))
        .route("/echo", post(echo))
        .route("/fail", get(fail))
        .with_state(portal.portal.clone());
    let address = listen(by_hand).await;
    (portal, address)
}

/// Asserts that both answer alike, to the byte; the answer.
async fn assert_alike(portal: &RunningPortal, by_hand: SocketAddr, request: Request) -> Response {
    let (generated, own) = (request.clone().send(portal.address).await, request.send(by_hand).await);
    assert_eq!(generated, own);
    own
}

/// Asserts 405 for every other method, as on the generated route.
async fn assert_methods(portal: &RunningPortal, by_hand: SocketAddr, path: &str, allowed: &[&str]) {
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        let answer = assert_alike(portal, by_hand, Request::new(method, path)).await;
        if allowed.contains(&method) {
            assert_ne!(answer.status, 405, "{method} {path}");
            continue;
        }
        let told = (answer.status, answer.header("allow"), answer.body.as_str());
        assert_eq!(told, (405, Some(allowed.join(", ").as_str()), ""), "{method} {path}");
    }
}

#[tokio::test]
async fn create_token_response() {
    let (portal, by_hand) = start().await;
    let redeem = |code: &str| {
        Request::form("/oauth/token", redemption(code)).basic(&portal.web.id, &portal.web.secret)
    };
    let code = portal.code("ann", "read").await;
    let issued = redeem(&code).send(by_hand).await;
    let tokens = Tokens::of(&issued);
    assert_eq!(issued.header("cache-control"), Some("no-store"));
    assert!(portal.is_active(&tokens.access).await);
    // All but the tokens is what the router answers.
    let other = portal.redeem(&portal.code("ann", "read").await).await;
    let others = Tokens::of(&other);
    let body = other.body.replace(&others.access, &tokens.access).replace(&others.refresh, &tokens.refresh);
    assert_eq!(issued, Response { body, ..other });
    let machine =
        |body: &'static str| Request::form("/oauth/token", body).basic(&portal.web.id, &portal.web.secret);
    for request in [
        redeem(&code),
        redeem("unknown"),
        machine("grant_type=nonsense"),
        machine(""),
        machine("grant_type=client_credentials&scope=nonsense"),
        Request::form("/oauth/token", "grant_type=client_credentials").basic("web", "wrong"),
        Request::new("POST", "/oauth/token").header("content-type", "application/json").body("{}"),
        Request::form("/oauth/token?grant_type=client_credentials", ""),
    ] {
        assert!(assert_alike(&portal, by_hand, request).await.status >= 400);
    }
    assert_methods(&portal, by_hand, "/oauth/token", &["POST"]).await;
}

#[tokio::test]
async fn create_endpoint_response() {
    let (portal, by_hand) = start().await;
    let tokens = portal.tokens("ann", "read").await;
    let about = |path: &str, token: &str| {
        Request::form(path, format!("token={token}")).basic(&portal.web.id, &portal.web.secret)
    };
    let live = assert_alike(&portal, by_hand, about("/oauth/introspect", &tokens.access)).await;
    assert_eq!((live.status, live.json()["active"].as_bool()), (200, Some(true)));
    let document = Request::get("/.well-known/oauth-authorization-server");
    let document = assert_alike(&portal, by_hand, document).await;
    assert_eq!((document.status, document.json()["issuer"].as_str()), (200, Some("http://127.0.0.1")));
    for path in ["/oauth/introspect", "/oauth/revoke"] {
        for request in [
            about(path, "unknown"),
            Request::form(path, "").basic(&portal.web.id, &portal.web.secret),
            Request::form(path, format!("token={}", tokens.access)).basic("web", "wrong"),
            about(path, &tokens.access).header("authorization", "Bearer twice"),
        ] {
            assert_alike(&portal, by_hand, request).await;
        }
    }
    assert!(portal.is_active(&tokens.access).await);
    let revoked = about("/oauth/revoke", &tokens.access).send(by_hand).await;
    assert_eq!((revoked.status, revoked.body.as_str()), (200, ""));
    assert!(!portal.is_active(&tokens.access).await);
    assert_eq!(assert_alike(&portal, by_hand, about("/oauth/revoke", &tokens.access)).await, revoked);
    assert_methods(&portal, by_hand, "/oauth/revoke", &["POST"]).await;
    assert_methods(&portal, by_hand, "/oauth/introspect", &["POST"]).await;
    assert_methods(&portal, by_hand, "/.well-known/oauth-authorization-server", &["GET", "HEAD"]).await;
}

/// What `ask` answers for a request of `client_id`, as somebody or nobody, line by line.
async fn asked(by_hand: SocketAddr, query: &str, user: Option<&str>) -> Vec<String> {
    let request = Request::get(&format!("/ask?{query}"));
    let request = match user {
        Some(user) => request.header("x-user", user),
        None => request,
    };
    let answer = request.send(by_hand).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn validate_consent_request() {
    let (portal, by_hand) = start().await;
    let query = request("web", WEB_CALLBACK, "&state=s&prompt=login+consent&login_hint=ann&scope=read");
    let after = request("web", WEB_CALLBACK, "&state=s&login_hint=ann&scope=read&prompt=consent");
    let lines = asked(by_hand, &query, Some("u-ann")).await;
    let expected = [
        "SignIn",
        &format!("/oauth/authorize?{after}"),
        "web is web",
        "web.example 'self' https:",
        "read = read: See your photos and albums",
        "Some(\"ann\")",
    ];
    assert_eq!(lines[..6], expected);
    let query = request("web", WEB_CALLBACK, "&scope=read");
    assert_eq!(asked(by_hand, &query, None).await[0], "SignIn");
    assert_eq!(asked(by_hand, &query, Some("u-ann")).await[0], "Consent");
    let mut browser = portal.signed_in("ann").await;
    portal.authorize(&mut browser, &query).await;
    assert_eq!(asked(by_hand, &query, Some("u-ann")).await[0], "Nothing");
    assert_eq!(asked(by_hand, &format!("{query}&prompt=consent"), Some("u-ann")).await[0], "Consent");
    assert_eq!(asked(by_hand, &query, Some("u-bob")).await[0], "Consent");
    // Another application on the device could be the public client.
    let query = request("native", NATIVE_CALLBACK, "");
    portal.authorize(&mut browser, &query).await;
    let lines = asked(by_hand, &query, Some("u-ann")).await;
    assert_eq!(
        (lines[0].as_str(), lines[3].as_str()),
        ("Consent", "127.0.0.1 (this device) 'self' http: https:")
    );
    // Refused as the router refuses.
    for (query, user) in [
        (request("nobody", WEB_CALLBACK, ""), None),
        (request("web", "https://evil.example/", ""), None),
        (request("web", WEB_CALLBACK, "&scope=nonsense&state=s"), None),
        (request("web", WEB_CALLBACK, "&prompt=none&state=s"), None),
        ("a=%".to_owned(), None),
        (request("web", WEB_CALLBACK, "&prompt=none&scope=write"), Some("ann")),
    ] {
        let generated = match user {
            Some(name) => portal.signed_in(name).await.get(&format!("/oauth/authorize?{query}")).await,
            None => Request::get(&format!("/oauth/authorize?{query}")).send(portal.address).await,
        };
        let own = Request::get(&format!("/ask?{query}"));
        let own = if user.is_some() { own.header("x-user", "u-ann") } else { own };
        assert_eq!(own.send(by_hand).await, generated);
    }
    portal.portal.journal.disable("u-ann");
    assert_eq!(asked(by_hand, &request("web", WEB_CALLBACK, ""), Some("u-ann")).await[0], "SignIn");
}

#[tokio::test]
async fn a_fingerprint_is_another_when_anything_that_is_shown_is() {
    let (portal, by_hand) = start().await;
    let query = request("web", WEB_CALLBACK, "&state=s");
    let fingerprint = async |query: &str, user| asked(by_hand, query, user).await.remove(6);
    let first = fingerprint(&query, Some("u-ann")).await;
    assert_eq!((first.len(), fingerprint(&query, Some("u-ann")).await), (43, first.clone()));
    let mut seen = vec![first.clone()];
    seen.push(fingerprint(&query, Some("u-bob")).await);
    seen.push(fingerprint(&query, None).await);
    seen.push(fingerprint(&format!("{query}&nonce=1"), Some("u-ann")).await);
    seen.push(fingerprint(&query.replace("state=s", "state=t"), Some("u-ann")).await);
    let web = || async { portal.portal.clients().get(&"web".into()).await.unwrap().unwrap() };
    let read = [Access::Read].into_iter().collect();
    for changed in
        [Client { client_name: Some("Printer".into()), ..web().await }, Client { scope: read, ..web().await }]
    {
        let before = web().await;
        assert!(portal.portal.clients().replace(changed).await.unwrap());
        seen.push(fingerprint(&query, Some("u-ann")).await);
        assert!(portal.portal.clients().replace(before).await.unwrap());
    }
    assert_eq!(fingerprint(&query, Some("u-ann")).await, first);
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (7, 7), "{seen:?}");
}

#[tokio::test]
async fn create_authorization_response() {
    let (portal, by_hand) = start().await;
    let query = request("web", WEB_CALLBACK, "&state=s&scope=read");
    let target = format!("/oauth/authorize?{query}");
    let by = |method: &str, user: Option<&str>| {
        let request = Request::new(method, &target);
        match user {
            Some(user) => request.header("x-user", user),
            None => request,
        }
    };
    // A refusal, as the consent page answers it.
    let mut browser = portal.signed_in("ann").await;
    let page = browser.get(&format!("/consent?{query}")).await;
    let refused = browser.decide(&page, &format!("/consent?{query}"), "deny").await;
    assert_eq!(by("POST", None).send(by_hand).await, refused);
    let told = parameters(refused.header("location").unwrap());
    let told = ["error", "state", "iss"].map(|name| value(&told, name));
    assert_eq!(told, ["access_denied", "s", "http://127.0.0.1"]);
    assert_eq!(portal.portal.journal.signals()[..1], ["consent_denied web u-ann `read`"]);
    // An agreement.
    let allowed = by("POST", Some("u-bob")).send(by_hand).await;
    let told = parameters(allowed.header("location").unwrap());
    let tokens = Tokens::of(&portal.redeem(&value(&told, "code")).await);
    assert_eq!(portal.introspect(&portal.web, &tokens.access).await.json()["sub"], "u-bob");
    let page = browser.get(&format!("/consent?{query}")).await;
    let generated = browser.decide(&page, &format!("/consent?{query}"), "allow").await;
    let (ours, theirs) = (value(&told, "code"), parameters(generated.header("location").unwrap()));
    let swap = |headers: &[(String, String)]| -> Vec<(String, String)> {
        let code = value(&theirs, "code");
        headers.iter().map(|(name, text)| (name.clone(), text.replace(&code, &ours))).collect()
    };
    assert_eq!(allowed, Response { headers: swap(&generated.headers), ..generated });
    // It is remembered, and the next answer of a page that asks nothing is no new agreement.
    let signals = portal.portal.journal.signals();
    assert_eq!(signals.iter().filter(|line| line.starts_with("consent_granted web u-bob")).count(), 1);
    assert!(by("GET", Some("u-bob")).send(by_hand).await.header("location").unwrap().contains("code="));
    assert!(!portal.portal.journal.signals().iter().any(|line| line.starts_with("consent_granted")));
    let codes = "SELECT COUNT(*) FROM portal_code";
    let before = portal.database.number(codes).await;
    let head = by("HEAD", Some("u-bob")).send(by_hand).await;
    assert_eq!((head.status, head.header("allow"), head.header("location")), (405, Some("GET, POST"), None));
    // Somebody who may not be served.
    portal.portal.journal.disable("u-bob");
    let disabled = by("POST", Some("u-bob")).send(by_hand).await;
    assert!(disabled.header("location").unwrap().contains("error=access_denied"), "{disabled:?}");
    assert_eq!(portal.database.number(codes).await, before);
    // Everything is checked anew.
    for query in [request("nobody", WEB_CALLBACK, ""), request("web", "https://evil.example/", "")] {
        let target = format!("/oauth/authorize?{query}");
        let generated = Request::get(&target).send(portal.address).await;
        let own = Request::new("POST", &target).header("x-user", "u-ann").send(by_hand).await;
        assert_eq!((own.status, &own), (400, &generated));
    }
}

#[tokio::test]
async fn forms_of_own_pages_are_parsed_by_the_rules_and_errors_are_pages() {
    let (_portal, by_hand) = start().await;
    let mut browser = Browser::new(by_hand);
    assert_eq!(browser.post("/echo", &[("word", "p\u{e4}ge")]).await.body, "p\u{e4}ge");
    let sent = async |body: &str| Request::form("/echo", body).send(by_hand).await;
    sent("word=a&word=b").await.assert_refused_page("invalid_request");
    sent("word=%ff").await.assert_refused_page("invalid_request");
    sent("").await.assert_refused_page("invalid_request");
    let odd = Request::new("POST", "/echo").header("content-type", "text/plain").body("word=a");
    assert_eq!(odd.send(by_hand).await.status, 415);
    let large = Request::form("/echo", "a".repeat(70_000)).send(by_hand).await;
    assert_eq!((large.status, large.header("location")), (413, None));
    let failed = browser.get("/fail").await;
    assert_eq!((failed.status, failed.header("retry-after")), (503, Some("2")));
    assert!(!failed.body.contains("Alice"), "{failed:?}");
}

/// Nobody agrees by a GET: what was taken back between the two calls of a page is not agreed to anew.
#[tokio::test]
async fn nobody_agrees_by_a_get() {
    let running = RunningPortal::start().await;
    let query = request("web", WEB_CALLBACK, "&scope=read&state=s");
    let mut browser = running.signed_in("ann").await;
    running.authorize(&mut browser, &query).await;
    let parts =
        axum::http::Request::get(format!("/oauth/authorize?{query}")).body(()).unwrap().into_parts().0;
    let ann = Subject::from("u-ann");
    let asked = running.portal.validate_consent_request(&parts, Some(&ann)).await.unwrap();
    assert_eq!(asked.next(), Next::Nothing);
    running.portal.people().withdraw_consent(&ann, &"web".into()).await.unwrap();
    let answer = running.portal.create_authorization_response(&parts, Some(ann)).await;
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("https://web.example/cb?error=consent_required&"), "{location}");
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_consent").await, 0);
}
