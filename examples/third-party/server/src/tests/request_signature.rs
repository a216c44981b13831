//! The client authentication method.

use std::time::Duration;

use oauth2_runtime::time::Clock;
use oauth2_tests::http::{Request, Response};

use super::Site;

const FORM: &str = "grant_type=client_credentials&scope=heart%3Aread";
const REFUSED: &str = "client authentication failed";

async fn send(site: &Site, form: &str, signatures: &[&str]) -> Response {
    let request = Request::form("/oauth/token", form);
    let request = signatures.iter().fold(request, |request, value| request.header("client-signature", value));
    request.send(site.address).await
}

#[tokio::test]
async fn a_signed_request_is_from_its_client() {
    let site = Site::start().await;
    let answer = site.signed("robot", FORM).await;
    assert_eq!((answer.status, &answer.json()["scope"]), (200, &"heart:read".into()), "{answer:?}");
    // It names the client, so the form may too.
    assert_eq!(site.signed("robot", &format!("{FORM}&client_id=robot")).await.status, 200);
    let other = site.signed("robot", &format!("{FORM}&client_id=watch")).await;
    other.assert_error(401, "invalid_client", REFUSED);
}

#[tokio::test]
async fn all_of_a_request_is_signed() {
    let site = Site::start().await;
    let signature = site.signature("robot", "/oauth/token", FORM);
    assert_eq!(send(&site, FORM, &[&signature]).await.status, 200);
    let elsewhere = site.signature("robot", "/oauth/pair", FORM);
    let [client_id, at, mac] = signature.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let later = at.parse::<i64>().unwrap() + 1;
    for (form, signature) in [
        (FORM.to_owned(), elsewhere),
        (format!("{FORM}&a=b"), signature.clone()),
        ("grant_type=client_credentials".to_owned(), signature.clone()),
        (FORM.to_owned(), format!("{client_id} {later} {mac}")),
        (FORM.to_owned(), format!("watch {at} {mac}")),
        (FORM.to_owned(), format!("nobody {at} {mac}")),
        (FORM.to_owned(), format!("{client_id} {at} =")),
        (FORM.to_owned(), format!("{client_id} {at} {}", &mac[4..])),
        (FORM.to_owned(), format!("{client_id} now {mac}")),
    ] {
        send(&site, &form, &[&signature]).await.assert_error(401, "invalid_client", REFUSED);
    }
}

#[tokio::test]
async fn a_header_that_is_not_one_signature_is_malformed() {
    let site = Site::start().await;
    let signature = site.signature("robot", "/oauth/token", FORM);
    let twice: &[&str] = &[&signature, &signature];
    for signatures in [twice, &["robot"], &["robot 1"], &["robot 1 a b"]] {
        let answer = send(&site, FORM, signatures).await;
        answer.assert_error(401, "invalid_client", "Client-Signature is malformed");
    }
}

/// To the second, on both sides.
#[tokio::test]
async fn a_signature_is_good_for_a_minute() {
    let site = Site::start().await;
    let signature = site.signature("robot", "/oauth/token", FORM);
    site.clock.step(60);
    assert_eq!(send(&site, FORM, &[&signature]).await.status, 200);
    site.clock.step(1);
    send(&site, FORM, &[&signature]).await.assert_error(401, "invalid_client", REFUSED);

    let site = Site::start().await;
    let signature = |later: u64| {
        let at = site.clock.now().after(Duration::from_secs(later));
        third_party::request_signature::sign(&site.auth.keys.of("robot"), "robot", at, "/oauth/token", FORM)
    };
    assert_eq!(send(&site, FORM, &[&signature(60)]).await.status, 200);
    send(&site, FORM, &[&signature(61)]).await.assert_error(401, "invalid_client", REFUSED);
}

/// A client that signs cannot pass by naming itself, and one that names itself cannot sign.
#[tokio::test]
async fn a_client_uses_its_own_method_only() {
    let site = Site::start().await;
    let bare = send(&site, &format!("{FORM}&client_id=robot"), &[]).await;
    bare.assert_error(401, "invalid_client", REFUSED);
    site.signed("phone", "grant_type=authorization_code&code=a").await.assert_error(
        401,
        "invalid_client",
        REFUSED,
    );
}
