//! The authorization code grant, from the browser to the token (RFC 6749 section 4.1).

use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, encoded, request, value};
use oauth2_tests::running::Tokens;

#[tokio::test]
async fn a_person_signs_in_and_the_client_gets_a_token() {
    let running = RunningPortal::start().await;
    let mut browser = running.browser();
    let query = request("web", WEB_CALLBACK, "&scope=read&state=x%26y");
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let sign_in = answer.header("location").unwrap().to_owned();
    assert!(sign_in.starts_with("/login?response_type=code&client_id=web&"), "{sign_in}");
    let page = browser.get(&sign_in).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<h1>Sign in</h1>") && page.body.contains("web"), "{}", page.body);
    let wrong = browser.sign_in(&page, &sign_in, "alice", "wrong").await;
    assert_eq!((wrong.status, wrong.header("location")), (403, None));
    assert!(wrong.body.contains("The user name or the password is wrong."));
    let answer = browser.sign_in(&wrong, &sign_in, "alice", "alice-password").await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let back = answer.header("location").unwrap().to_owned();
    assert!(back.starts_with("/oauth/authorize?"), "{back}");
    let answer = browser.get(&back).await;
    let consent = answer.header("location").unwrap().to_owned();
    assert!(consent.starts_with("/consent?"), "{consent}");
    let page = browser.get(&consent).await;
    assert_eq!(page.status, 200);
    let scope = "<li>See your photos and albums</li>";
    for text in ["web", scope, "<bdi>alice</bdi>", "web.example", "consent-allow", "consent-deny"] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    let answer = browser.decide(&page, &consent, "allow").await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("https://web.example/cb?code=ac_") && location.ends_with('#'), "{location}");
    let answered = oauth2_tests::portal::parameters(location);
    assert_eq!(value(&answered, "state"), "x&y");
    assert_eq!(value(&answered, "iss"), "http://127.0.0.1");
    let response = running.redeem(&value(&answered, "code")).await;
    assert_eq!(response.json()["scope"], "read");
    let tokens = Tokens::of(&response);
    let whoami = running.send(oauth2_tests::http::Request::get("/whoami").bearer(&tokens.access)).await;
    assert_eq!(whoami.body, "u-alice");
    let renewed = running.refresh(&tokens.refresh).await;
    assert_eq!(renewed.status, 200);
    assert_eq!(
        running.portal.journal.signals(),
        [
            "consent_granted web u-alice `read`",
            "token_issued web u-alice authorization_code `read`",
            "token_issued web u-alice refresh_token `read`",
        ]
    );
    // Asked and answered: the second time there is no page.
    let query = request("web", WEB_CALLBACK, &format!("&scope={}", encoded("read")));
    let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
    assert!(answer.header("location").unwrap().starts_with("https://web.example/cb?code=ac_"));
}

/// S120: what the request carries may be long, up to what every browser can carry on.
#[tokio::test]
async fn long_parameters_come_back_or_are_refused() {
    let running = RunningPortal::start().await;
    let mut browser = running.signed_in("alice").await;
    let state = "s".repeat(4096);
    let query = request("web", WEB_CALLBACK, &format!("&state={state}&nonce={state}"));
    assert_eq!(value(&running.authorize(&mut browser, &query).await, "state"), state);
    // Three bytes each in a URL.
    let state = "%7e".repeat(1365);
    let body = request(
        "web",
        WEB_CALLBACK,
        &format!("&state={state}&nonce={state}&scope=read&ui={state}&x={state}"),
    );
    let answer = running.send(oauth2_tests::http::Request::form("/oauth/authorize", body)).await;
    assert_eq!(answer.status, 303);
    let answered = oauth2_tests::portal::parameters(answer.header("location").unwrap());
    assert_eq!(value(&answered, "error"), "invalid_request");
    assert_eq!(value(&answered, "error_description"), "the request is too long");
    assert_eq!(value(&answered, "state"), "~".repeat(1365));
}
