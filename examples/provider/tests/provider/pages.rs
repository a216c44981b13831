//! The pages, as a program with a cookie jar that knows nothing of the server finds its way through them.

use oauth2_runtime::prelude::ClientSecret;
use oauth2_tests::browser::{Browser, hidden_fields};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{encoded, parameters, request, value};
use oauth2_tests::running::Database;
use serde_json::json;

use crate::site::{CALLBACK, PASSWORD, Site, decide, location, seed};

fn authorize(more: &str) -> String {
    format!("/oauth/authorize?{}", request("web", CALLBACK, more))
}

/// Follows redirects on the server.
async fn follow(browser: &mut Browser, target: &str) -> (String, Response) {
    let mut target = target.to_owned();
    loop {
        let answer = browser.get(&target).await;
        if answer.status != 303 {
            return (target, answer);
        }
        target = location(&answer);
        assert!(target.starts_with('/'), "{target}");
    }
}

fn path(target: &str) -> &str {
    target.split('?').next().unwrap()
}

/// The tags of this name, without what is between them.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!("<{name}")).skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

#[tokio::test]
async fn redirects_lead_to_the_sign_in_page() {
    let site = Site::start();
    let (target, page) = follow(&mut site.browser(), &authorize("&scope=profile")).await;
    assert_eq!((path(&target), page.status), ("/login", 200));
    assert!(page.body.contains("<h1>Sign in</h1>") && page.body.contains("Web app"), "{}", page.body);
    assert_eq!(tags(&page.body, "form").len(), 1);
    let inputs = tags(&page.body, "input");
    let visible: Vec<_> = inputs.iter().filter(|input| !input.contains("type=\"hidden\"")).collect();
    assert_eq!(visible.len(), 2, "{inputs:?}");
    assert!(visible[0].contains(" name=\"username\"") && visible[1].contains(" name=\"password\""));
    let buttons = tags(&page.body, "button");
    assert_eq!(buttons.len(), 1);
    assert!(
        buttons[0].contains("type=\"submit\"") && buttons[0].contains("id=\"login-submit\""),
        "{buttons:?}"
    );
    assert!(tags(&page.body, "script").is_empty(), "it works without JavaScript");
}

#[tokio::test]
async fn the_hidden_inputs_and_the_named_ones_are_enough() {
    let site = Site::start();
    let mut browser = site.browser();
    let (target, page) = follow(&mut browser, &authorize("&scope=profile%20photos:read&state=s1")).await;
    let submit = |page: &Response, more: &[(&str, &str)]| {
        let mut fields = hidden_fields(&page.body);
        assert!(!fields.is_empty(), "there is an anti-forgery field");
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields
    };
    let fields = submit(&page, &[("username", "alice"), ("password", PASSWORD)]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let signed_in = location(&browser.post(&target, &fields).await);
    let (target, page) = follow(&mut browser, &signed_in).await;
    assert_eq!((path(&target), page.status), ("/consent", 200));
    for text in ["Web app", "See your profile, such as your name and your picture", "See your photos"] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    let destination = "<dt>You will be sent to</dt><dd><bdi>client.example</bdi></dd>";
    assert!(page.body.contains(destination), "{}", page.body);
    assert_eq!(tags(&page.body, "form").len(), 1);
    let buttons = tags(&page.body, "button");
    assert_eq!(buttons.len(), 2);
    for (decision, id) in [("allow", "consent-allow"), ("deny", "consent-deny")] {
        let button = buttons.iter().find(|button| button.contains(&format!("id=\"{id}\""))).unwrap();
        for part in ["type=\"submit\"", "name=\"decision\"", &format!("value=\"{decision}\"")] {
            assert!(button.contains(part), "{part} in {button}");
        }
    }
    let fields = submit(&page, &[("decision", "allow")]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answered = location(&browser.post(&target, &fields).await);
    assert!(answered.starts_with(&format!("{CALLBACK}?code=")), "{answered}");
    let answered = parameters(&answered);
    assert_eq!(value(&answered, "state"), "s1");
    assert_eq!(value(&answered, "iss"), format!("http://{}", site.address));
}

#[tokio::test]
async fn a_refusal_is_told_to_the_client() {
    let site = Site::start();
    let answered = decide(&mut site.browser(), &authorize("&state=s2"), "deny").await;
    assert!(answered.starts_with(&format!("{CALLBACK}?error=access_denied&")), "{answered}");
    assert_eq!(value(&parameters(&answered), "state"), "s2");
}

#[tokio::test]
async fn a_form_without_its_hidden_input_is_not_accepted() {
    let site = Site::start();
    let mut browser = site.browser();
    let (target, _) = follow(&mut browser, &authorize("")).await;
    let answer = browser.post(&target, &[("username", "alice"), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.header("location")), (403, None));
}

/// Where to send an error is not known, so that it is not sent anywhere.
#[tokio::test]
async fn a_request_that_must_not_be_redirected_ends_in_an_error_page() {
    let site = Site::start();
    let elsewhere = request("web", "https://attacker.example/cb", "");
    let unknown = request("nobody", CALLBACK, "");
    let without =
        format!("response_type=code&client_id=web&redirect_uri={}#", encoded("https://client.example"));
    for (query, code) in [
        (elsewhere.as_str(), "invalid_request"),
        (&unknown, "invalid_client"),
        (&without, "invalid_request"),
        ("response_type=code", "invalid_request"),
        ("client_id=web&client_id=web", "invalid_request"),
    ] {
        let answer = site.get(&format!("/oauth/authorize?{query}")).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{query}");
        let code = format!("<code>{code}</code>");
        assert!(
            answer.body.contains("Request refused") && answer.body.contains(&code),
            "{query}: {}",
            answer.body
        );
    }
    // Once the redirect URI is known the client is told.
    let answer = site.get(&authorize("&scope=nonsense")).await;
    assert!(location(&answer).starts_with(&format!("{CALLBACK}?error=invalid_scope&")), "{answer:?}");
}

/// The pages and the authorization endpoint read forms only.
#[tokio::test]
async fn a_body_that_is_no_form_is_refused_on_a_page() {
    let site = Site::start();
    let query = request("web", CALLBACK, "&scope=profile");
    for target in ["/oauth/authorize".to_owned(), format!("/login?{query}"), format!("/consent?{query}")] {
        let json = Request::new("POST", &target).header("content-type", "application/json").body("{}");
        let answer = site.send(json).await;
        assert_eq!((answer.status, answer.header("location")), (415, None), "{target}");
        let code = "<code>invalid_request</code>";
        assert!(
            answer.body.contains("<h1>Request refused</h1>") && answer.body.contains(code),
            "{}",
            answer.body
        );
    }
}

/// The seed may name it, the client is not granted it, and is told so as at the token endpoint.
#[tokio::test]
async fn openid_is_no_scope_yet() {
    let (database, generated) = (Database::default(), ClientSecret::generate().unwrap());
    let mut seed = seed(&generated);
    seed["clients"][0]["scope"] = json!("openid profile");
    let site = Site::start_seeded(database, &generated, &seed, &[]);
    for scope in ["openid", "openid%20profile"] {
        let answer = site.get(&authorize(&format!("&scope={scope}&state=s3"))).await;
        let answered = location(&answer);
        assert!(answered.starts_with(&format!("{CALLBACK}?error=invalid_scope&")), "{scope}: {answered}");
        assert_eq!(value(&parameters(&answered), "state"), "s3");
    }
    let (target, _) = follow(&mut site.browser(), &authorize("&scope=profile")).await;
    assert_eq!(path(&target), "/login");
}
