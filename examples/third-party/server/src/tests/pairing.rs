//! The grant kind and its endpoint.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::store::Store;
use oauth2_tests::http::{Request, Response};
use serde_json::json;
use third_party::pairing::GRANT_TYPE;

use super::{CALLBACK, Site, text};
use crate::demo::public;

const NO_TOKEN: &str = "the token is not a live one of this client and a person";
const NO_CHAIN: &str = "a client that exchanges pairing codes gets none";
const NO_CODE: &str = "the code is not valid";

async fn pair(site: &Site, client_id: &str, token: &str, for_client: &str) -> Response {
    let form = format!("client_id={client_id}&token={token}&for_client={for_client}");
    site.post("/oauth/pair", &form).await
}

async fn pairing_code(site: &Site) -> String {
    let token = site.sign_in("phone", "heart:read").await;
    text(&pair(site, "phone", &token, "watch").await, "pairing_code")
}

async fn redeem(site: &Site, client_id: &str, code: &str) -> Response {
    site.signed(client_id, &format!("grant_type=urn%3Aexample%3Apairing&pairing_code={code}")).await
}

#[tokio::test]
async fn everything_is_advertised() {
    let site = Site::start().await;
    let document = Request::get("/.well-known/oauth-authorization-server").send(site.address).await.json();
    let methods = json!(["none", "urn:example:request-signature"]);
    assert_eq!(document["pairing_endpoint"], "http://127.0.0.1:8080/oauth/pair");
    assert_eq!(document["pairing_endpoint_auth_methods_supported"], methods);
    assert_eq!(document["token_endpoint_auth_methods_supported"], methods);
    assert_eq!(document["revocation_endpoint_auth_methods_supported"], methods);
    let grant_types = json!(["authorization_code", "urn:example:pairing", "client_credentials"]);
    assert_eq!(document["grant_types_supported"], grant_types);
}

/// The watch gets what the phone has, for the same person, once.
#[tokio::test]
async fn a_phone_signs_in_a_watch() {
    let site = Site::start().await;
    let code = pairing_code(&site).await;
    let answer = redeem(&site, "watch", &code).await;
    assert_eq!((answer.status, &answer.json()["scope"]), (200, &json!("heart:read")), "{answer:?}");
    let digest = Digest::of(&text(&answer, "access_token")).unwrap();
    let row = Store::<crate::Auth>::access_token(&site.auth.db, &digest).await.unwrap().unwrap();
    let of = (row.fields().client_id.as_str(), row.fields().subject.unwrap().as_str());
    assert_eq!(of, ("watch", "alice"));
    redeem(&site, "watch", &code).await.assert_error(400, "invalid_grant", NO_CODE);
}

#[tokio::test]
async fn a_code_is_for_its_client_only() {
    let site = Site::start().await;
    let code = pairing_code(&site).await;
    redeem(&site, "ring", &code).await.assert_error(400, "invalid_grant", NO_CODE);
    let refused = redeem(&site, "robot", &code).await;
    assert_eq!((refused.status, refused.json()["error"].as_str()), (400, Some("unauthorized_client")));
    // What was refused has not used the code up.
    assert_eq!(redeem(&site, "watch", &code).await.status, 200);
}

/// The key `ttl = 2m`.
#[tokio::test]
async fn a_code_ends_at_exactly_its_lifetime() {
    let site = Site::start().await;
    let code = pairing_code(&site).await;
    site.clock.step(119);
    assert_eq!(redeem(&site, "watch", &code).await.status, 200);
    let late = pairing_code(&site).await;
    site.clock.step(120);
    redeem(&site, "watch", &late).await.assert_error(400, "invalid_grant", NO_CODE);
}

/// One code is enough for one watch: a new one ends the one before.
#[tokio::test]
async fn a_new_code_takes_the_place_of_the_last() {
    let site = Site::start().await;
    let (first, second) = (pairing_code(&site).await, pairing_code(&site).await);
    redeem(&site, "watch", &first).await.assert_error(400, "invalid_grant", NO_CODE);
    assert_eq!(redeem(&site, "watch", &second).await.status, 200);
}

#[tokio::test]
async fn of_concurrent_uses_of_a_code_one_succeeds() {
    let site = Site::start().await;
    for _ in 0..5 {
        let code = pairing_code(&site).await;
        let answers = futures_util::future::join_all((0..8).map(|_| redeem(&site, "watch", &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    }
}

#[tokio::test]
async fn the_endpoint_is_for_the_client_in_which_somebody_is_signed_in() {
    let site = Site::start().await;
    let token = site.sign_in("phone", "heart:read").await;
    pair(&site, "tablet", &token, "watch").await.assert_error(400, "invalid_grant", NO_TOKEN);
    pair(&site, "phone", "at_made-up", "watch").await.assert_error(400, "invalid_grant", NO_TOKEN);
    let nobody = pair(&site, "phone", &token, "nobody").await;
    nobody.assert_error(400, "invalid_request", "`for_client` is no client");
    let missing = site.post("/oauth/pair", &format!("client_id=phone&token={token}")).await;
    missing.assert_error(400, "invalid_request", "`for_client` is missing");
    let unnamed = site.post("/oauth/pair", &format!("token={token}&for_client=watch")).await;
    unnamed.assert_error(401, "invalid_client", "client authentication failed");
    let get = Request::get("/oauth/pair").send(site.address).await;
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));

    let answer = pair(&site, "phone", &token, "watch").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{answer:?}");
    let gone = site.post("/oauth/revoke", &format!("client_id=phone&token={token}")).await;
    assert_eq!(gone.status, 200);
    pair(&site, "phone", &token, "watch").await.assert_error(400, "invalid_grant", NO_TOKEN);
}

/// One stolen token would be good for ever if what it buys could buy the next one.
#[tokio::test]
async fn what_came_from_a_code_gets_no_other_code() {
    let site = Site::start().await;
    let phone = site.sign_in("phone", "heart:read").await;
    let itself = pair(&site, "phone", &phone, "phone").await;
    itself.assert_error(400, "invalid_request", "`for_client` is the client that asks");

    let code = text(&pair(&site, "phone", &phone, "watch").await, "pairing_code");
    let watch = text(&redeem(&site, "watch", &code).await, "access_token");
    for next in ["watch", "ring", "phone"] {
        let form = format!("token={watch}&for_client={next}");
        let signature = site.signature("watch", "/oauth/pair", &form);
        let answer = Request::form("/oauth/pair", form).header("client-signature", &signature);
        answer.send(site.address).await.assert_error(400, "unauthorized_client", NO_CHAIN);
    }
}

/// That a client signs people in too is no way around it.
#[tokio::test]
async fn a_client_that_exchanges_codes_gets_none() {
    let site = Site::start().await;
    let grant_types = Some(["authorization_code", GRANT_TYPE].into_iter().collect());
    let both = Client { grant_types, ..public("both", CALLBACK) };
    site.auth.clients().ensure(both).await.unwrap();
    let token = site.sign_in("both", "heart:read").await;
    pair(&site, "both", &token, "watch").await.assert_error(400, "unauthorized_client", NO_CHAIN);

    // A client without a list does not exchange codes, whatever else it may do.
    let phone = site.sign_in("phone", "heart:read").await;
    let code = text(&pair(&site, "phone", &phone, "tablet").await, "pairing_code");
    let form = format!("grant_type=urn%3Aexample%3Apairing&client_id=tablet&pairing_code={code}");
    let refused = site.post("/oauth/token", &form).await;
    refused.assert_error(400, "unauthorized_client", "this client may not use this grant type");
}

/// A machine's token speaks for nobody.
#[tokio::test]
async fn a_machine_pairs_nobody() {
    let site = Site::start().await;
    let token = text(&site.signed("robot", "grant_type=client_credentials").await, "access_token");
    let form = format!("token={token}&for_client=watch");
    let signature = site.signature("robot", "/oauth/pair", &form);
    let request = Request::form("/oauth/pair", form).header("client-signature", &signature);
    request.send(site.address).await.assert_error(400, "invalid_grant", NO_TOKEN);
}
