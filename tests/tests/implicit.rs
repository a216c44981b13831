//! The implicit grant: the authorization endpoint answers with the token itself (RFC 6749 section 4.2).

use oauth2_runtime::models::Client;
use oauth2_tests::answer::Answer;
use oauth2_tests::browser::Browser;
use oauth2_tests::classic::{RunningClassic, asks, fragment, register, using};
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, client, encoded, request, value};
use serde_json::json;

fn names(parameters: &[(String, String)]) -> Vec<&str> {
    parameters.iter().map(|(name, _)| name.as_str()).collect()
}

/// The error that the client is told in the fragment of its redirect URI, and nowhere else.
fn refused(answer: &Response) -> (String, String) {
    let location = answer.header("location").unwrap_or_else(|| panic!("{answer:?}"));
    assert_eq!(answer.status, 303, "{answer:?}");
    assert!(location.starts_with(&format!("{WEB_CALLBACK}#error=")), "{location}");
    let told = fragment(location);
    assert_eq!(names(&told), ["error", "error_description", "state", "iss"]);
    assert_eq!((value(&told, "state"), value(&told, "iss")), ("s&t".into(), "http://127.0.0.1".into()));
    (value(&told, "error"), value(&told, "error_description"))
}

/// The query of a request for a token, with a state.
fn stated(client_id: &str, more: &str) -> String {
    format!("{}&state={}{more}", asks(client_id, "read"), encoded("s&t"))
}

#[tokio::test]
async fn the_token_is_in_the_fragment_and_nowhere_else() {
    let running = RunningClassic::start().await;
    let mut browser = running.signed_in().await;
    let answer = running.authorize(&mut browser, &stated("script", "")).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    let location = answer.header("location").unwrap();
    assert!(location.starts_with(&format!("{WEB_CALLBACK}#access_token=at_")), "{location}");
    let told = fragment(location);
    assert_eq!(names(&told), ["access_token", "token_type", "expires_in", "scope", "state", "iss"]);
    assert_eq!(
        told[1..],
        [
            ("token_type", "Bearer"),
            ("expires_in", "600"),
            ("scope", "read"),
            ("state", "s&t"),
            ("iss", "http://127.0.0.1")
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let token = value(&told, "access_token");
    assert!(!answer.body.contains(&token));
    let whoami = running.whoami(&token).await;
    assert_eq!((whoami.status, whoami.body.as_str()), (200, "script u-alice `read`"));
    assert_eq!(
        running.server.journal.signals(),
        ["token_issued script u-alice implicit `read` final", "consent_granted script u-alice `read`"]
    );
    // One token and no refresh token, stored as a digest.
    let row = "SELECT client_id || ' ' || subject || ' ' || scope || ' ' || (refresh_token IS NULL) || ' ' || \
               (expires_at - issued_at) FROM oauth2_token";
    assert_eq!(running.database.texts(row).await, ["script u-alice read 1 600"]);
    let file = std::fs::read(running.database.path()).unwrap();
    assert!(!file.windows(token.len()).any(|bytes| bytes == token.as_bytes()));
    running.clock.step(600);
    assert_eq!(running.whoami(&token).await.status, 401);
}

/// The second time there is no page, and a token of its own.
#[tokio::test]
async fn whoever_has_agreed_is_not_asked_again() {
    let running = RunningClassic::start().await;
    let mut browser = running.signed_in().await;
    running.authorize(&mut browser, &asks("script", "read")).await;
    let again = browser.get(&format!("/oauth/authorize?{}", stated("script", "&prompt=none"))).await;
    let told = fragment(again.header("location").unwrap());
    assert_eq!(running.whoami(&value(&told, "access_token")).await.body, "script u-alice `read`");
    assert_eq!((running.stored_tokens().await, running.stored_consents().await), (2, 1));
}

/// RFC 6749 section 4.2.2.1: the errors are where the token would be.
#[tokio::test]
async fn errors_are_in_the_fragment_too() {
    let running = RunningClassic::start().await;
    let mut alice = running.signed_in().await;
    let mut ask = async |query: &str| refused(&alice.get(&format!("/oauth/authorize?{query}")).await).0;
    assert_eq!(ask(&stated("script", "").replace("scope=read", "scope=nope")).await, "invalid_scope");
    assert_eq!(ask(&stated("script", "&prompt=none")).await, "consent_required");
    assert_eq!(ask(&stated("script", "&prompt=sing")).await, "invalid_request");
    assert_eq!(ask(&stated("script", "&request=e30.e30.")).await, "request_not_supported");
    assert_eq!(ask(&stated("web", "")).await, "unauthorized_client");
    let silent = format!("/oauth/authorize?{}", stated("script", "&prompt=none"));
    let nobody = Browser::new(running.address).get(&silent).await;
    assert_eq!(refused(&nobody).0, "login_required");
    // The person's own refusal.
    let consent = alice.get(&format!("/oauth/authorize?{}", stated("script", ""))).await;
    let consent = consent.header("location").unwrap().to_owned();
    let page = alice.get(&consent).await;
    let denied = refused(&alice.decide(&page, &consent, "deny").await);
    assert_eq!(denied, ("access_denied".into(), "the person has refused".into()));
    assert_eq!(running.stored_tokens().await, 0);
}

/// A redirect URI that is not the client's is told nothing, whatever is asked for.
#[tokio::test]
async fn no_token_goes_to_a_redirect_uri_that_is_not_registered() {
    let running = RunningClassic::start().await;
    let mut alice = running.signed_in().await;
    running.authorize(&mut alice, &asks("script", "read")).await;
    let elsewhere = stated("script", "").replace(&encoded(WEB_CALLBACK), &encoded("https://evil.test/cb"));
    alice.get(&format!("/oauth/authorize?{elsewhere}")).await.assert_refused_page("invalid_request");
    assert_eq!(running.stored_tokens().await, 1);
}

/// OAuth 2.0 Multiple Response Type Encoding Practices, section 5: never in a query.
#[tokio::test]
async fn tokens_are_never_in_a_query() {
    let running = RunningClassic::start().await;
    let mut alice = running.signed_in().await;
    for mode in ["query", "Fragment", "web_message"] {
        let answer =
            running.authorize(&mut alice, &stated("script", &format!("&response_mode={mode}"))).await;
        let told = refused(&answer);
        assert_eq!(told, ("invalid_request".into(), "`response_mode` is none of this response type".into()));
    }
    let fragment_named = running.authorize(&mut alice, &stated("script", "&response_mode=fragment")).await;
    assert!(fragment_named.header("location").unwrap().starts_with(&format!("{WEB_CALLBACK}#access_token=")));
    // Nor is a code in a fragment.
    let code = request("web", WEB_CALLBACK, "&scope=read&state=s&response_mode=fragment");
    let answer = alice.get(&format!("/oauth/authorize?{code}")).await;
    Answer::of(&answer).assert_error(WEB_CALLBACK, "invalid_request", "s");
}

#[tokio::test]
async fn a_form_may_post_the_token() {
    let running = RunningClassic::start().await;
    let mut alice = running.signed_in().await;
    let page = running.authorize(&mut alice, &stated("script", "&response_mode=form_post")).await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let answer = Answer::posted(&page);
    assert_eq!(answer.to, WEB_CALLBACK);
    assert_eq!(answer.names(), ["access_token", "token_type", "expires_in", "scope", "state", "iss"]);
    let whoami = running.whoami(&answer.value("access_token")).await;
    assert_eq!(whoami.body, "script u-alice `read`");
}

/// RFC 6749 section 4.2: a client that may have codes only, a response type that is not listed, one that lists neither.
#[tokio::test]
async fn only_clients_that_list_it_may_use_it() {
    let running = RunningClassic::start().await;
    let both = || using(client("both", &[WEB_CALLBACK]), &["implicit", "authorization_code"]);
    let codes = Client { response_types: Some(["code"].into_iter().collect()), ..both() };
    running.server.clients().ensure(codes).await.unwrap();
    let mut alice = running.signed_in().await;
    let mut ask =
        async |client_id| refused(&alice.get(&format!("/oauth/authorize?{}", stated(client_id, ""))).await);
    let grant = ("unauthorized_client".to_owned(), "this client may not use this grant type".to_owned());
    assert_eq!(ask("web").await, grant, "its row lists other grants");
    assert_eq!(ask("plain").await, grant, "its row lists none: nobody has the implicit grant by default");
    let response = ("unauthorized_client".into(), "this client may not use this response type".into());
    assert_eq!(ask("both").await, response, "its row lists another response type");
    let tokens = Client { response_types: Some(["token"].into_iter().collect()), ..both() };
    running.server.clients().replace(tokens).await.unwrap();
    let answer = running.authorize(&mut alice, &stated("both", "")).await;
    assert!(answer.header("location").unwrap().starts_with(&format!("{WEB_CALLBACK}#access_token=")));
    let code = request("both", WEB_CALLBACK, "&scope=read&state=s");
    let answer = alice.get(&format!("/oauth/authorize?{code}")).await;
    Answer::of(&answer).assert_error(WEB_CALLBACK, "unauthorized_client", "s");
}

/// A server without the grant has no such response type: the client is told in the query, as for all it has.
#[tokio::test]
async fn a_server_without_it_says_so() {
    let running = RunningPortal::start().await;
    let query = stated("web", "");
    let answer = running.browser().get(&format!("/oauth/authorize?{query}")).await;
    Answer::of(&answer).assert_error(WEB_CALLBACK, "unsupported_response_type", "s&t");
    // And one with it has not what is neither.
    let running = RunningClassic::start().await;
    for wrong in ["TOKEN", "code%20token", "id_token"] {
        let query = query.replace("response_type=token", &format!("response_type={wrong}"));
        let answer = Browser::new(running.address).get(&format!("/oauth/authorize?{query}")).await;
        Answer::of(&answer).assert_error(WEB_CALLBACK, "unsupported_response_type", "s&t");
    }
}

/// There is no token request (RFC 6749 section 4.2): the token endpoint knows no such grant type.
#[tokio::test]
async fn the_token_endpoint_does_not_know_it() {
    let running = RunningClassic::start().await;
    let answer = running.token(&running.web, "grant_type=implicit&scope=read").await;
    answer.assert_error(400, "unsupported_grant_type", "this server has no such grant type");
    let answer = running.bare_token("grant_type=implicit&client_id=script").await;
    answer.assert_error(400, "unsupported_grant_type", "this server has no such grant type");
}

#[tokio::test]
async fn its_tokens_are_introspected_and_revoked_like_others() {
    let running = RunningClassic::start().await;
    let resource = Client { introspect: true, ..using(client("resource", &[]), &[]) };
    let resource = register(&running.server, resource).await;
    let token = running.implicit_token("read write").await;
    let introspect = async || {
        let request = Request::form("/oauth/introspect", format!("token={token}"));
        running.send(request.basic(&resource.id, &resource.secret)).await.json()
    };
    let answer = introspect().await;
    assert_eq!(
        (&answer["active"], &answer["client_id"], &answer["sub"], &answer["scope"]),
        (&json!(true), &json!("script"), &json!("u-alice"), &json!("read write"))
    );
    // Another client's attempt changes nothing (RFC 7009 section 2.1).
    let body = format!("token={token}");
    let foreign = Request::form("/oauth/revoke", body.clone()).basic(&running.web.id, &running.web.secret);
    assert_eq!(running.send(foreign).await.status, 200);
    assert_eq!(running.whoami(&token).await.status, 200);
    let own = Request::form("/oauth/revoke", format!("{body}&client_id=script"));
    assert_eq!(running.send(own).await.status, 200);
    assert_eq!(running.whoami(&token).await.status, 401);
    assert_eq!(introspect().await, json!({ "active": false }));
}

/// The token and the consent are stored in one transaction.
#[tokio::test]
async fn a_consent_that_cannot_be_stored_leaves_no_token() {
    let running = RunningClassic::start().await;
    let mut alice = running.signed_in().await;
    let fails = "CREATE TRIGGER fails BEFORE INSERT ON oauth2_consent BEGIN SELECT RAISE(ABORT, 'full'); END";
    running.database.execute(fails).await;
    let told = refused(&running.authorize(&mut alice, &stated("script", "")).await);
    assert_eq!(told.0, "temporarily_unavailable");
    assert_eq!((running.stored_tokens().await, running.stored_consents().await), (0, 0));
    assert!(running.server.journal.signals().is_empty());
    running.database.execute("DROP TRIGGER fails").await;
    running.authorize(&mut alice, &stated("script", "")).await;
    assert_eq!((running.stored_tokens().await, running.stored_consents().await), (1, 1));
}

/// A consent from before that is taken back while the answer is made: nothing is stored.
#[tokio::test]
async fn with_a_withdrawn_consent_nothing_is_stored() {
    let running = RunningClassic::start().await;
    let mut alice = running.signed_in().await;
    running.authorize(&mut alice, &stated("script", "")).await;
    assert_eq!((running.stored_tokens().await, running.stored_consents().await), (1, 1));
    running.server.journal.lock().second_thoughts = Some("u-alice".to_owned());
    let told = refused(&alice.get(&format!("/oauth/authorize?{}", stated("script", ""))).await);
    let words = "the client does not exist any more, or the person has taken back their consent";
    assert_eq!(told, ("access_denied".into(), words.into()));
    assert_eq!((running.stored_tokens().await, running.stored_consents().await), (1, 0));
    let live = "SELECT COUNT(*) FROM oauth2_token WHERE revoked_at IS NULL";
    assert_eq!(running.database.number(live).await, 0, "what came from it has ended");
    // Who is disabled is not served either.
    running.server.journal.lock().second_thoughts = None;
    running.server.journal.lock().disabled.insert("u-alice".to_owned());
    let told = refused(&alice.get(&format!("/oauth/authorize?{}", stated("script", "&prompt=none"))).await);
    assert_eq!(told.0, "login_required");
    assert_eq!(running.stored_tokens().await, 1);
}

#[tokio::test]
async fn the_metadata_names_what_is_there() {
    let running = RunningClassic::start().await;
    let metadata = running.send(Request::get("/.well-known/oauth-authorization-server")).await.json();
    assert_eq!(metadata["response_types_supported"], json!(["code", "token"]));
    assert_eq!(metadata["response_modes_supported"], json!(["query", "fragment", "form_post"]));
    assert_eq!(
        metadata["grant_types_supported"],
        json!([
            "authorization_code",
            "implicit",
            "password",
            "refresh_token",
            "client_credentials",
            "urn:test:badge"
        ])
    );
}
