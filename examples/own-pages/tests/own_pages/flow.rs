//! A client library that is not ours signs somebody in, and uses, refreshes and revokes the token.

use oauth2::basic::BasicClient;
use oauth2::reqwest::{Client, redirect::Policy};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse,
    TokenUrl,
};
use oauth2_tests::http::Request;
use oauth2_tests::portal::{encoded, parameters, value};

use crate::site::{PASSWORD, Site, assert_told, authorize, code_of};

#[tokio::test]
async fn somebody_signs_in_agrees_and_the_client_gets_its_token() {
    let site = Site::start().await;
    let issuer = site.auth.issuer().as_str().to_owned();
    let client = BasicClient::new(ClientId::new("photo-album".into()))
        .set_auth_uri(AuthUrl::new(format!("{issuer}/oauth/authorize")).unwrap())
        .set_token_uri(TokenUrl::new(format!("{issuer}/oauth/token")).unwrap())
        .set_redirect_uri(RedirectUrl::new("http://127.0.0.1:8081/callback".into()).unwrap());
    let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let asked = client.authorize_url(CsrfToken::new_random).set_pkce_challenge(challenge);
    let (url, state) = asked.add_scope(Scope::new("photos:read".into())).url();

    let mut browser = site.browser();
    let query = url.query().unwrap();
    let first = browser.get(&format!("/oauth/authorize?{query}")).await;
    let sign_in = format!("/sign-in?{query}");
    assert_eq!((first.status, first.header("location")), (303, Some(sign_in.as_str())));
    let page = browser.get(&sign_in).await;
    assert!(page.body.contains("to continue to <strong><bdi>Photo Album</bdi></strong>"), "{page:?}");
    let answer = browser.sign_in(&page, &sign_in, "alice", PASSWORD).await;
    let consent = answer.header("location").unwrap().to_owned();
    assert!(answer.status == 303 && consent.starts_with("/oauth/authorize?"), "{answer:?}");
    let page = browser.get(&consent).await;
    for text in
        ["Allow <bdi>Photo Album</bdi>", "<li>See your photos</li>", "<bdi>alice</bdi>", "<bdi>127.0.0.1"]
    {
        assert!(page.body.contains(text), "{text}: {page:?}");
    }
    assert!(!page.body.contains("Upload and delete photos"), "{page:?}");
    let answer = browser.decide(&page, &consent, "allow").await;
    let told = parameters(answer.header("location").unwrap());
    assert_eq!((value(&told, "state"), value(&told, "iss")), (state.secret().clone(), issuer.clone()));

    let code = AuthorizationCode::new(value(&told, "code"));
    let tokens = client.exchange_code(code).set_pkce_verifier(verifier).request_async(&http).await.unwrap();
    let photos = async |token: &str| Request::get("/photos").bearer(token).send(site.address).await;
    let answer = photos(tokens.access_token().secret()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"1\":[\"The sea at six\",\"An old door\"]}"));
    let refreshed = client.exchange_refresh_token(tokens.refresh_token().unwrap());
    let refreshed = refreshed.request_async(&http).await.unwrap();
    let access = refreshed.access_token().secret();
    assert_eq!(photos(access).await.status, 200);
    // The library revokes over TLS only.
    let body = format!("client_id=photo-album&token={access}");
    assert_eq!(Request::form("/oauth/revoke", body).send(site.address).await.status, 200);
    assert_eq!(photos(access).await.status, 401);
}

#[tokio::test]
async fn who_refuses_is_access_denied_with_the_state_and_the_issuer() {
    let site = Site::start().await;
    let mut browser = site.alice().await;
    let target = authorize("");
    let page = browser.get(&target).await;
    assert_eq!(page.status, 200, "{page:?}");
    let denied = browser.decide(&page, &target, "deny").await;
    assert_told(&site, &denied, "access_denied");
    assert_eq!(site.codes().await, 0);
    assert_eq!(site.database.number("SELECT COUNT(*) FROM oauth2_consent").await, 0);
}

#[tokio::test]
async fn a_wrong_password_is_told_no_more_than_an_unknown_name() {
    let site = Site::start().await;
    let target = format!("/sign-in?{}", crate::site::query(""));
    for name in ["alice", "nobody", "O'Brien \"<b>\""] {
        let mut browser = site.browser();
        let page = browser.get(&target).await;
        let answer = browser.sign_in(&page, &target, name, "wrong").await;
        assert_eq!((answer.status, answer.header("location")), (403, None), "{answer:?}");
        assert!(answer.body.contains("role=\"alert\">The name or the password is wrong.</p>"), "{answer:?}");
        assert!(!answer.body.contains("<b>") && !answer.body.contains("wrong\""), "{answer:?}");
        // The same page, ready for the next attempt.
        let answer = browser.sign_in(&answer, &target, "alice", PASSWORD).await;
        assert_eq!(answer.status, 303, "{answer:?}");
    }
    let before = site.browser().get(&authorize("")).await;
    assert_eq!((before.status, before.header("location")), (303, Some(target.as_str())), "nobody signed in");
}

#[tokio::test]
async fn a_disabled_person_is_served_nowhere() {
    let site = Site::start().await;
    let (mut browser, answer) = site.agreed().await;
    let code = code_of(&answer).unwrap();
    site.database.execute("UPDATE users SET disabled = TRUE WHERE name = 'alice'").await;
    let answer = browser.get(&authorize("")).await;
    assert!(answer.header("location").unwrap().starts_with("/sign-in?"), "{answer:?}");
    let redirect_uri = encoded(oauth2_tests::portal::WEB_CALLBACK);
    let verifier = oauth2_tests::portal::VERIFIER;
    let body = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={redirect_uri}&code_verifier={verifier}"
    );
    assert_eq!(site.token(&body).await.json()["error"], "invalid_grant");
    let mut stranger = site.browser();
    let page = stranger.get("/sign-in").await;
    assert_eq!(stranger.sign_in(&page, "/sign-in", "alice", PASSWORD).await.status, 403);
}
