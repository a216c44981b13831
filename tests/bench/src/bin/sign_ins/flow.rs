use std::net::SocketAddr;

use oauth2_bench::Failure;
use oauth2_tests::browser::Browser;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{WEB_CALLBACK, parameters, redemption, request, value};

use crate::seed::{Client, PASSWORD};

/// One person signs in with a browser of their own and allows what the client asks for, and the client redeems its code.
pub(crate) async fn sign_in(address: SocketAddr, person: &str, client: &Client) -> Result<(), Failure> {
    let mut browser = Browser::new(address);
    let start = format!("/oauth/authorize?{}", request(&client.id, WEB_CALLBACK, "&state=42"));
    let sign_in = redirected(&browser.get(&start).await, "/login?")?;
    let page = browser.get(&sign_in).await;
    let signed_in = browser.sign_in(&page, &sign_in, person, PASSWORD).await;
    let back = redirected(&signed_in, "/oauth/authorize?")?;
    let consent = redirected(&browser.get(&back).await, "/consent?")?;
    let page = browser.get(&consent).await;
    let callback = redirected(&browser.decide(&page, &consent, "allow").await, WEB_CALLBACK)?;
    let code = value(&parameters(&callback), "code");
    let request = Request::form("/oauth/token", redemption(&code)).basic(&client.id, &client.secret);
    let answer = request.send(address).await;
    let has = |name| answer.status == 200 && answer.json().get(name).is_some();
    if has("access_token") && has("refresh_token") { Ok(()) } else { Err(unexpected(&answer)) }
}

/// Where the answer leads, which starts with `expected`.
fn redirected(answer: &Response, expected: &str) -> Result<String, Failure> {
    let location = answer.header("location").filter(|to| answer.status == 303 && to.starts_with(expected));
    location.map(str::to_owned).ok_or_else(|| unexpected(answer))
}

fn unexpected(answer: &Response) -> Failure {
    format!("an unexpected answer: {answer:?}").into()
}
