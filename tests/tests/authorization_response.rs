//! Authorization responses: who is told what, where, and by whom (RFC 6749 section 4.1.2, RFC 9207).

use oauth2_runtime::models::Client;
use oauth2_tests::answer::{Answer, MODES};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{
    CHALLENGE, RunningPortal, VERIFIER, WEB_CALLBACK, client, encoded, register, request,
};

const EVIL: &str = "https://evil.test/cb";

/// An authorization request as `client_id` with these changes: a value replaces, an empty one removes.
fn changed(client_id: &str, redirect_uri: &str, changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        ("scope", "read"),
        ("state", "s&t a"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    let fields = fields.iter().filter(|(_, value)| !value.is_empty());
    fields.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// Changes that make a request wrong in one way, and the error it is.
const ERRORS: &[(&str, &[(&str, &str)])] = &[
    ("unsupported_response_type", &[("response_type", "token")]),
    ("unsupported_response_type", &[("response_type", "code id_token")]),
    ("unsupported_response_type", &[("response_type", "CODE")]),
    ("invalid_request", &[("response_type", "")]),
    ("invalid_scope", &[("scope", "nope")]),
    ("invalid_scope", &[("scope", "read  write")]),
    ("invalid_scope", &[("scope", "READ")]),
    ("login_required", &[("prompt", "none")]),
    ("invalid_request", &[("prompt", "none login")]),
    ("invalid_request", &[("prompt", "sing")]),
    ("invalid_request", &[("code_challenge", ""), ("code_challenge_method", "")]),
    ("invalid_request", &[("code_challenge", "")]),
    ("invalid_request", &[("code_challenge_method", "plain")]),
    ("request_not_supported", &[("request", "eyJhbGciOiJub25lIn0.e30.")]),
    ("request_uri_not_supported", &[("request_uri", "https://web.example/request.jwt")]),
];

async fn start() -> RunningPortal {
    let running = RunningPortal::start().await;
    let machine = Client {
        grant_types: Some(["client_credentials", "refresh_token"].into_iter().collect()),
        ..client("machine", &[WEB_CALLBACK])
    };
    register(&running.portal, machine).await;
    let tokens_only = Client {
        response_types: Some(["token"].into_iter().collect()),
        ..client("tokens_only", &[WEB_CALLBACK])
    };
    register(&running.portal, tokens_only).await;
    running
}

async fn ask(running: &RunningPortal, query: &str) -> Response {
    running.browser().get(&format!("/oauth/authorize?{query}")).await
}

/// S08: the client is told about an error at a URI that is its own; nobody is told at any other.
#[tokio::test]
async fn s08_errors_go_to_registered_uris_only() {
    let running = start().await;
    for (code, changes) in ERRORS {
        for mode in MODES {
            let query = changed("web", WEB_CALLBACK, changes) + mode;
            Answer::in_mode(mode, &ask(&running, &query).await).assert_error(WEB_CALLBACK, code, "s&t a");
            let query = changed("web", EVIL, changes) + mode;
            ask(&running, &query).await.assert_refused_page("invalid_request");
        }
    }
    for client_id in ["machine", "tokens_only"] {
        for mode in MODES {
            let query = changed(client_id, WEB_CALLBACK, &[]) + mode;
            let answer = Answer::in_mode(mode, &ask(&running, &query).await);
            answer.assert_error(WEB_CALLBACK, "unauthorized_client", "s&t a");
            let query = changed(client_id, EVIL, &[]) + mode;
            ask(&running, &query).await.assert_refused_page("invalid_request");
        }
    }
    assert_eq!(running.database.number("SELECT COUNT(*) FROM portal_code").await, 0);
}

/// S08: the same with an unknown response mode, which is answered in the default one.
#[tokio::test]
async fn s08_an_unknown_response_mode_is_an_error_by_redirect() {
    let running = start().await;
    for mode in ["fragment", "jwt", "query.jwt", "form_post.jwt", "web_message", "Query", "form_post query"] {
        let answer = ask(&running, &changed("web", WEB_CALLBACK, &[("response_mode", mode)])).await;
        assert_eq!(answer.status, 303);
        Answer::of(&answer).assert_error(WEB_CALLBACK, "invalid_request", "s&t a");
        let answer = ask(&running, &changed("web", EVIL, &[("response_mode", mode)])).await;
        answer.assert_refused_page("invalid_request");
    }
}

/// S08: a repeated parameter is an error by redirect, unless it is one that says where to.
#[tokio::test]
async fn s08_repeated_parameters_are_errors() {
    let running = start().await;
    for name in ["scope", "response_type", "code_challenge", "code_challenge_method", "prompt", "login_hint"]
    {
        let query = format!("{}&{name}=x&{name}=x", changed("web", WEB_CALLBACK, &[(name, "")]));
        Answer::of(&ask(&running, &query).await).assert_error(WEB_CALLBACK, "invalid_request", "s&t a");
    }
    // Of two states neither is given back.
    let answer =
        Answer::of(&ask(&running, &changed("web", WEB_CALLBACK, &[]).replace("&sc", "&state=1&sc")).await);
    assert_eq!(answer.names(), ["error", "error_description", "iss"]);
    assert_eq!(answer.value("error"), "invalid_request");
    let query = format!("{}&redirect_uri={}", changed("web", WEB_CALLBACK, &[]), encoded(WEB_CALLBACK));
    ask(&running, &query).await.assert_refused_page("invalid_request");
    let query = format!("{}&client_id=web", changed("web", WEB_CALLBACK, &[]));
    ask(&running, &query).await.assert_refused_page("invalid_request");
}

/// S10: an empty fragment ends every redirect, so a browser carries none over; and S16: every answer names its issuer,
/// codes and errors, from the endpoint and from the consent page.
#[tokio::test]
async fn s10_s16_every_answer_names_the_issuer_and_ends_the_fragment() {
    let running = start().await;
    let metadata = running.send(Request::get("/.well-known/oauth-authorization-server")).await.json();
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    let mut browser = running.signed_in("alice").await;
    let mut answers = Vec::new();
    for mode in MODES {
        let query = changed("web", WEB_CALLBACK, &[("prompt", "consent")]) + mode;
        for decision in ["deny", "allow"] {
            let page = browser.get(&format!("/oauth/authorize?{query}")).await;
            let consent = page.header("location").unwrap().to_owned();
            let page = browser.get(&consent).await;
            answers.push((mode, browser.decide(&page, &consent, decision).await));
        }
        let query = changed("web", WEB_CALLBACK, &[("prompt", "none")]) + mode;
        answers.push((mode, browser.get(&format!("/oauth/authorize?{query}")).await));
        let query = changed("web", WEB_CALLBACK, &[("scope", "nope")]) + mode;
        answers.push((mode, browser.get(&format!("/oauth/authorize?{query}")).await));
    }
    let mut told = Vec::new();
    for (mode, response) in answers {
        let answer = Answer::in_mode(mode, &response);
        answer.assert_at(WEB_CALLBACK);
        assert_eq!(answer.value("iss"), metadata["issuer"].as_str().unwrap());
        assert_eq!(answer.value("state"), "s&t a");
        told.push(answer.parameters[0].clone());
    }
    let expected = ["error access_denied", "code", "code", "error invalid_scope"].repeat(3);
    let told = told
        .iter()
        .map(|(name, value)| if name == "code" { name.clone() } else { format!("{name} {value}") });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// S12: parameters of the registered URI stay what they are, also where one has the name of a result.
#[tokio::test]
async fn s12_parameters_of_the_registered_uri_are_kept() {
    let running = start().await;
    let uri = "https://web.example/cb?state=z&code=old&tenant=a%2Fb";
    let shop = register(&running.portal, client("shop", &[uri])).await;
    let mut browser = running.signed_in("alice").await;
    let answered = running.authorize(&mut browser, &request("shop", uri, "&state=s")).await;
    let names: Vec<_> = answered.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["state", "code", "tenant", "code", "state", "iss"]);
    assert_eq!((answered[0].1.as_str(), answered[1].1.as_str()), ("z", "old"));
    assert_eq!((answered[4].1.as_str(), answered[5].1.as_str()), ("s", "http://127.0.0.1"));
    // The token request names the URI as it is registered.
    let body = format!(
        "grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={VERIFIER}",
        answered[3].1,
        encoded(uri)
    );
    assert_eq!(running.token(&shop, &body).await.status, 200);
}

/// A state comes back as it was sent, whatever is in it.
#[tokio::test]
async fn a_state_comes_back_as_it_is() {
    let running = start().await;
    let long = "x".repeat(4_000);
    for state in
        ["a b+c", "&error=x#y", "\u{e9}\u{1f600}", "<script>alert(1)</script>\"'", "%00", "\r\nx: y", &long]
    {
        for mode in MODES {
            let query = changed("web", WEB_CALLBACK, &[("state", state), ("prompt", "none")]) + mode;
            let response = ask(&running, &query).await;
            assert!(!response.body.contains("<script>alert"), "{response:?}");
            assert_eq!(response.header("x"), None);
            Answer::in_mode(mode, &response).assert_error(WEB_CALLBACK, "login_required", state);
        }
    }
    // None was sent: none comes back.
    let answer =
        Answer::of(&ask(&running, &changed("web", WEB_CALLBACK, &[("state", ""), ("prompt", "none")])).await);
    assert_eq!(answer.names(), ["error", "error_description", "iss"]);
}
