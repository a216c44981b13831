//! The server `classic`, with the crate `oauth2` as the old client.

use oauth2::basic::BasicErrorResponseType;
use oauth2::{
    AuthorizationCode, CsrfToken, ResourceOwnerPassword, ResourceOwnerUsername, Scope,
    TokenIntrospectionResponse, TokenResponse,
};
use oauth2_runtime::prelude::ClientSecret;
use oauth2_tests::classic::fragment;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{parameters, value};
use oauth2_tests::running::{Credentials, Database};
use serde_json::{Value, json};

use crate::clients::{ISSUER, discover, exchange, names, redirecting, refusal};
use crate::process::{Process, refused};
use crate::site::{CALLBACK, PASSWORD, Site, decide, location, seed, write_seed};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const FLAGS: [&str; 6] = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];

/// The clients of old: a script in a browser, an app that asks for the password, and one that may do both and more.
fn old_clients() -> [Value; 3] {
    [
        json!({ "client_id": "script", "client_name": "Old script", "redirect_uris": [CALLBACK],
                "grant_types": ["implicit"], "response_types": ["token"], "scope": "profile photos:read",
                "token_endpoint_auth_method": "none" }),
        json!({ "client_id": "till", "client_secret": "behind the counter", "grant_types": ["password", "refresh_token"],
                "response_types": [], "scope": "profile photos:read",
                "token_endpoint_auth_method": "client_secret_basic" }),
        json!({ "client_id": "both", "client_secret": "for everything", "redirect_uris": [CALLBACK],
                "grant_types": ["authorization_code", "implicit", "password"],
                "response_types": ["code", "token"], "scope": "profile" }),
    ]
}

fn start_with(flags: &[&str]) -> Site {
    let generated = ClientSecret::generate().unwrap();
    let mut seed = seed(&generated);
    seed["clients"].as_array_mut().unwrap().extend(old_clients());
    let flags = [&["--issuer", ISSUER, "--server", "classic"], flags].concat();
    Site::start_seeded(Database::default(), &generated, &seed, &flags)
}

#[tokio::test]
async fn the_metadata_says_what_it_has() {
    let site = start_with(&[]);
    let metadata = site.get(METADATA).await.json();
    assert_eq!(metadata["issuer"], ISSUER);
    assert_eq!(metadata["response_types_supported"], json!(["code", "token"]));
    assert_eq!(metadata["response_modes_supported"], json!(["query", "fragment", "form_post"]));
    let types = ["authorization_code", "implicit", "password", "refresh_token", "client_credentials"];
    assert_eq!(metadata["grant_types_supported"], json!(types));
    let scopes = "profile email address phone offline_access photos:read photos:write";
    assert_eq!(metadata["scopes_supported"], json!(scopes.split(' ').collect::<Vec<_>>()));
}

/// By its variable too.
#[tokio::test]
async fn the_variable_chooses_it() {
    let database = Database::default();
    let variables = [("PROVIDER_SERVER", "classic")];
    let mut process = Process::start(database.folder(), &["--bind", "127.0.0.1:0"], &variables);
    let metadata = Request::get(METADATA).send(process.address()).await.json();
    assert_eq!(metadata["response_types_supported"], json!(["code", "token"]));
}

#[tokio::test]
async fn a_script_gets_its_token_in_the_fragment() {
    let site = start_with(&["--audit", "audit.log"]);
    let http = |request| exchange(site.address, request);
    let client = redirecting(discover(&site, "script", None).await, CALLBACK);
    let request = client.authorize_url(CsrfToken::new_random).add_scope(Scope::new("photos:read".to_owned()));
    let (url, state) = request.use_implicit_flow().url();
    let target = url.as_str().strip_prefix(ISSUER).unwrap();
    let mut browser = site.browser();
    let to = decide(&mut browser, target, "allow").await;
    assert!(to.starts_with(&format!("{CALLBACK}#access_token=at_")), "{to}");
    let told = fragment(&to);
    let told_names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(told_names, ["access_token", "token_type", "expires_in", "scope", "state", "iss"]);
    assert_eq!((&value(&told, "state"), value(&told, "iss").as_str()), (state.secret(), ISSUER));
    assert_eq!((value(&told, "expires_in"), value(&told, "scope")), ("3600".into(), "photos:read".into()));
    let token = value(&told, "access_token");
    let me = site.send(Request::get("/api/photos").bearer(&token)).await;
    assert_eq!(
        (me.status, me.body.as_str()),
        (200, r#"{"sub":"u-alice","client_id":"script","scope":"photos:read"}"#)
    );
    // The same request, after what was agreed to, and after a refusal.
    let again = location(&browser.get(target).await);
    assert!(again.starts_with(&format!("{CALLBACK}#access_token=at_")), "{again}");
    let denied = decide(&mut site.browser(), &format!("{target}&prompt=consent"), "deny").await;
    let denied = fragment(&denied);
    assert_eq!(value(&denied, "error"), "access_denied");
    let token = oauth2::AccessToken::new(token);
    client.revoke_token((&token).into()).unwrap().request_async(&http).await.unwrap();
    assert_eq!(site.send(Request::get("/api/me").bearer(token.secret())).await.status, 401);
    assert_audited(&site);
}

/// Both tokens of Alice are in the audit file, without their values.
fn assert_audited(site: &Site) {
    let audit = std::fs::read_to_string(site.database.folder().join("audit.log")).unwrap();
    let lines = audit.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let issued: Vec<_> = lines.filter(|line| line["event"] == "token_issued").collect();
    assert_eq!(issued.len(), 2, "{audit}");
    for line in issued {
        let said = (&line["client_id"], &line["sub"], &line["grant_type"]);
        assert_eq!(said, (&json!("script"), &json!("u-alice"), &json!("implicit")));
    }
    assert!(!audit.contains("at_"), "{audit}");
}

#[tokio::test]
async fn an_app_exchanges_a_password_and_stays_signed_in() {
    let site = start_with(&[]);
    let http = |request| exchange(site.address, request);
    let client = discover(&site, "till", Some("behind the counter")).await;
    let (alice, nobody) =
        (ResourceOwnerUsername::new("alice".to_owned()), ResourceOwnerUsername::new("nobody".to_owned()));
    let (right, wrong) =
        (ResourceOwnerPassword::new(PASSWORD.to_owned()), ResourceOwnerPassword::new("wrong".to_owned()));
    for (name, password) in [(&alice, &wrong), (&nobody, &right)] {
        let refused = client.exchange_password(name, password).request_async(&http).await;
        assert_eq!(refusal(refused), BasicErrorResponseType::InvalidGrant);
    }
    let request = client.exchange_password(&alice, &right).add_scope(Scope::new("photos:read".to_owned()));
    let first = request.request_async(&http).await.unwrap();
    assert_eq!(names(first.scopes()), ["photos:read"]);
    let me = site.send(Request::get("/api/me").bearer(first.access_token().secret())).await;
    assert_eq!(me.body, r#"{"sub":"u-alice","client_id":"till","scope":"photos:read"}"#);
    let old = first.refresh_token().unwrap();
    let second = client.exchange_refresh_token(old).request_async(&http).await.unwrap();
    assert_ne!(old.secret(), second.refresh_token().unwrap().secret());
    let refused = client.exchange_refresh_token(old).request_async(&http).await;
    assert_eq!(refusal(refused), BasicErrorResponseType::InvalidGrant);
    let introspected = client.introspect(second.access_token()).request_async(&http).await.unwrap();
    assert_eq!((introspected.active(), introspected.sub()), (true, Some("u-alice")));
    let more = client.exchange_password(&alice, &right).add_scope(Scope::new("photos:write".to_owned()));
    assert_eq!(refusal(more.request_async(&http).await), BasicErrorResponseType::InvalidScope);
    // A client that does not list the grant.
    let web = discover(&site, "web", Some(&site.web.secret)).await;
    let refused = web.exchange_password(&alice, &right).request_async(&http).await;
    assert_eq!(refusal(refused), BasicErrorResponseType::UnauthorizedClient);
}

#[tokio::test]
async fn pkce_may_be_left_out_and_binds_where_it_is_not() {
    let site = start_with(&[]);
    let http = |request| exchange(site.address, request);
    let client = redirecting(discover(&site, "web", Some(&site.web.secret)).await, CALLBACK);
    let scope = || Scope::new("profile".to_owned());
    let (url, _) = client.authorize_url(CsrfToken::new_random).add_scope(scope()).url();
    let target = url.as_str().strip_prefix(ISSUER).unwrap().to_owned();
    assert!(!target.contains("challenge"), "{target}");
    let code = async || {
        let answered =
            parameters(&decide(&mut site.browser(), &format!("{target}&prompt=consent"), "allow").await);
        AuthorizationCode::new(value(&answered, "code"))
    };
    let bound = site.code("profile").await;
    let bare = code().await;
    let verifier = || oauth2::PkceCodeVerifier::new("a".repeat(43));
    let added = client.exchange_code(bare.clone()).set_pkce_verifier(verifier()).request_async(&http).await;
    assert_eq!(refusal(added), BasicErrorResponseType::InvalidGrant, "somebody has removed the challenge");
    let tokens = client.exchange_code(bare).request_async(&http).await.unwrap();
    assert_eq!(names(tokens.scopes()), ["profile"]);
    let unbound = client.exchange_code(AuthorizationCode::new(bound.clone())).request_async(&http).await;
    assert_eq!(refusal(unbound), BasicErrorResponseType::InvalidGrant);
    assert_eq!(site.redeem(&bound).await.status, 200);
}

/// What `modern` has, it has too.
#[tokio::test]
async fn the_rest_is_as_on_the_other_server() {
    let site = start_with(&[]);
    let token = site.robot_token("photos:read photos:write").await;
    let both = site.send(Request::get("/api/photos/both").bearer(&token)).await;
    assert_eq!(both.body, r#"{"sub":null,"client_id":"robot","scope":"photos:read photos:write"}"#);
    assert_eq!(site.get("/api/me").await.status, 401);
    assert_eq!(site.get("/api/optional").await.body, r#"{"sub":null}"#);
    for path in ["/healthz", "/readyz"] {
        assert_eq!((site.get(path).await.status, site.get(path).await.body.as_str()), (200, "ok\n"));
    }
    let tokens = site.tokens("photos:read").await;
    assert_eq!(site.refresh(&tokens.refresh).await.status, 200);
}

/// A person who is gone is not served by the grants of old either.
#[tokio::test]
async fn a_person_who_is_no_longer_stored_is_nobody() {
    let site = start_with(&[]);
    let till = Credentials { id: "till".to_owned(), secret: "behind the counter".to_owned() };
    let body = format!("grant_type=password&username=alice&password={PASSWORD}");
    assert_eq!(site.token(&till, &body).await.status, 200);
    site.database.execute("DELETE FROM provider_user WHERE sub = 'u-alice'").await;
    let answer = site.token(&till, &body).await;
    answer.assert_error(400, "invalid_grant", "the user name or the password is wrong");
}

/// The clients of old are for this server only.
#[test]
fn the_other_server_refuses_them_by_name() {
    let [script, till, both] = old_clients();
    for (client, reason) in [
        (script, "`script` is refused: this server has no grant type `implicit`"),
        (till, "`till` is refused: this server has no grant type `password`"),
        (both, "`both` is refused: this server has no grant type `implicit`"),
    ] {
        let database = Database::default();
        write_seed(&database, &json!({ "clients": [client] }));
        let line = refused(database.folder(), &FLAGS, &[("RUST_LOG", "error")]);
        assert_eq!(line, format!("the seed's client {reason}"));
    }
}

/// The clients that the README shows.
#[tokio::test]
async fn the_documented_clients_load() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let shown = readme.split("for `--server classic`:\n\n```json\n").nth(1).unwrap();
    let database = Database::default();
    std::fs::write(database.folder().join("seed.json"), shown.split("```").next().unwrap()).unwrap();
    let flags = [&FLAGS[..], &["--server", "classic"]].concat();
    let mut process = Process::start(database.folder(), &flags, &[]);
    process.address();
    let clients = database.texts("SELECT client_id FROM oauth2_client ORDER BY client_id").await;
    assert_eq!(clients, ["portal", "till"]);
}

#[test]
fn clients_of_old_that_contradict_themselves_are_refused() {
    for (changed, reason) in [
        (json!({ "redirect_uris": [] }), "it is to receive tokens, but it has no `redirect_uris`"),
        (
            json!({ "grant_types": ["password"] }),
            "it has the response type `token` without the grant type `implicit`",
        ),
        (
            json!({ "grant_types": null }),
            "it has the response type `token` without the grant type `implicit`",
        ),
        (
            json!({ "response_types": [] }),
            "it has the grant type `implicit` without the response type `token`",
        ),
        (
            json!({ "response_types": ["token", "code"] }),
            "it has the response type `code` without the grant type `authorization_code`",
        ),
    ] {
        let [mut script, ..] = old_clients();
        for (key, value) in changed.as_object().unwrap() {
            script[key] = value.clone();
        }
        let database = Database::default();
        write_seed(&database, &json!({ "clients": [script] }));
        let flags = [&FLAGS[..], &["--server", "classic"]].concat();
        let line = refused(database.folder(), &flags, &[("RUST_LOG", "error")]);
        assert_eq!(line, format!("the seed's client `script` is refused: {reason}"), "{changed}");
    }
}
