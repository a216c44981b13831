//! The token endpoint as HTTP: methods, media types, malformed and oversized requests.

use oauth2_runtime::form::MAX_BODY_BYTES;
use oauth2_tests::http::{Request, Response, exchange};
use oauth2_tests::provider::{SMS_CODE, app};
use oauth2_tests::running::{Credentials, Running};

const TOKEN: &str = "/oauth/token";
const GRANT: &str = "grant_type=client_credentials";

async fn start() -> (Running, Credentials) {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    (running, robot)
}

async fn send(running: &Running, robot: &Credentials, request: Request) -> Response {
    running.send(request.basic(&robot.id, &robot.secret)).await
}

#[tokio::test]
async fn grant_type_must_be_there_and_known() {
    let (running, robot) = start().await;
    for body in ["", "scope=read", "grant_type=", "grant_type"] {
        let answer = running.token(&robot, body).await;
        answer.assert_error(400, "invalid_request", "`grant_type` is missing");
    }
    for name in ["password", "authorization_code", "Client_Credentials", "client_credentials+"] {
        let answer = running.token(&robot, &format!("grant_type={name}")).await;
        answer.assert_error(400, "unsupported_grant_type", "this server has no such grant type");
    }
}

/// S116: a parameter the request uses may be there once.
#[tokio::test]
async fn repeated_parameters_are_refused_whatever_their_values() {
    let (running, robot) = start().await;
    let basic = [
        ("grant_type", format!("{GRANT}&{GRANT}")),
        ("grant_type", format!("{GRANT}&grant_type=")),
        ("grant_type", "grant_type=&grant_type=".into()),
        ("grant_type", format!("{GRANT}&grant%5Ftype=client_credentials")),
        ("scope", format!("{GRANT}&scope=read&scope=read")),
        ("scope", format!("{GRANT}&scope=&scope=read")),
        ("scope", format!("{GRANT}&scope=&scope=")),
        ("client_id", format!("{GRANT}&client_id=robot&client_id=robot")),
        ("client_secret", format!("{GRANT}&client_secret=a&client_secret=a")),
        ("refresh_token", "grant_type=refresh_token&refresh_token=a&refresh_token=a".into()),
        ("phone", format!("grant_type={SMS_CODE}&phone=1&phone=2&code=123456")),
        ("code", format!("grant_type={SMS_CODE}&phone=1&code=123456&code=123456")),
        ("nickname", format!("grant_type={SMS_CODE}&phone=1&code=123456&nickname=a&nickname=b")),
    ];
    for (name, body) in basic {
        let answer = running.token(&robot, &body).await;
        answer.assert_error(400, "invalid_request", &format!("`{name}` is there more than once"));
    }
    let post = format!("{GRANT}&client_id=robot&client_secret={}", robot.secret);
    for (name, body) in [
        ("client_id", format!("{post}&client_id=robot")),
        ("client_secret", format!("{post}&client_secret={}", robot.secret)),
        ("client_assertion", format!("{GRANT}&client_id=robot&client_assertion=a&client_assertion=a")),
    ] {
        let answer = running.bare_token(&body).await;
        answer.assert_error(400, "invalid_request", &format!("`{name}` is there more than once"));
    }
    assert_eq!(running.stored_tokens().await, 0);
}

/// S116: the same parameter in the URL and in the body, or any parameter in the URL.
#[tokio::test]
async fn parameters_in_the_url_are_refused() {
    let (running, robot) = start().await;
    for query in ["grant_type=client_credentials", "scope=read", "utm_source=mail", "x"] {
        let request = Request::form(&format!("{TOKEN}?{query}"), GRANT);
        let answer = send(&running, &robot, request).await;
        answer.assert_error(400, "invalid_request", "parameters go into the body, not into the URL");
    }
    let answer = send(&running, &robot, Request::form(&format!("{TOKEN}?"), GRANT)).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn repeated_parameters_nobody_asks_for_are_ignored() {
    let (running, robot) = start().await;
    for extra in ["resource=a&resource=b", "phone=1&phone=2", "refresh_token=a&refresh_token=b", "=1&=2"] {
        let answer = running.token(&robot, &format!("{GRANT}&{extra}")).await;
        assert_eq!(answer.status, 200, "{extra}: {answer:?}");
    }
}

#[tokio::test]
async fn other_media_types_are_refused() {
    let (running, robot) = start().await;
    let json = r#"{"grant_type":"client_credentials"}"#;
    let multipart =
        "--b\r\ncontent-disposition: form-data; name=\"grant_type\"\r\n\r\nclient_credentials\r\n--b--\r\n";
    for (media_type, body) in [
        ("application/json", json),
        ("multipart/form-data; boundary=b", multipart),
        ("text/plain", GRANT),
        ("application/x-www-form-urlencoded-not", GRANT),
        ("", GRANT),
    ] {
        let request = Request::new("POST", TOKEN).header("content-type", media_type).body(body);
        let answer = send(&running, &robot, request).await;
        answer.assert_error(415, "invalid_request", "the body must be application/x-www-form-urlencoded");
    }
    let answer = send(&running, &robot, Request::new("POST", TOKEN).body(GRANT)).await;
    answer.assert_error(415, "invalid_request", "the body must be application/x-www-form-urlencoded");
    for media_type in
        ["Application/X-WWW-Form-URLEncoded", "application/x-www-form-urlencoded ; charset=UTF-8"]
    {
        let request = Request::new("POST", TOKEN).header("content-type", media_type).body(GRANT);
        assert_eq!(send(&running, &robot, request).await.status, 200, "{media_type}");
    }
}

/// F16: a body one byte over the limit whose length is announced. None of it is waited for.
#[tokio::test]
async fn an_announced_body_over_the_limit_is_refused() {
    let (running, _) = start().await;
    let request = format!(
        "POST {TOKEN} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        MAX_BODY_BYTES + 1
    );
    let answer = exchange(running.address, request.as_bytes()).await;
    answer.assert_error(413, "invalid_request", "the body is too large");
}

/// F16: the same body in chunks, whose length nobody announced.
#[tokio::test]
async fn a_chunked_body_over_the_limit_is_refused() {
    let (running, _) = start().await;
    let head = format!(
        "POST {TOKEN} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1_024));
    let over = format!("{head}{}1\r\nx\r\n", chunk.repeat(MAX_BODY_BYTES / 1_024));
    let answer = exchange(running.address, over.as_bytes()).await;
    answer.assert_error(413, "invalid_request", "the body is too large");
    let exactly = format!("{head}{}0\r\n\r\n", chunk.repeat(MAX_BODY_BYTES / 1_024));
    let answer = exchange(running.address, exactly.as_bytes()).await;
    answer.assert_error(400, "invalid_request", "a parameter is too long");
}

/// A body at the limit is read in full.
#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let (running, robot) = start().await;
    let mut body = GRANT.to_owned();
    while body.len() < MAX_BODY_BYTES {
        let room = MAX_BODY_BYTES - body.len() - 3;
        body.push_str("&x=");
        body.push_str(&"x".repeat(room.min(4_000)));
    }
    assert_eq!(body.len(), MAX_BODY_BYTES);
    assert_eq!(running.token(&robot, &body).await.status, 200);
}

/// S114, F19: bytes that are no form, and too many parameters.
#[tokio::test]
async fn malformed_forms_are_refused() {
    let (running, robot) = start().await;
    let many = (0..10_000).map(|number| format!("k{number}=")).collect::<Vec<_>>().join("&");
    assert!(many.len() > MAX_BODY_BYTES);
    let many = many.get(..60_000).unwrap().to_owned();
    for (body, description) in [
        (format!("{GRANT}&scope=%zz"), "a parameter is not percent-encoded"),
        (format!("{GRANT}&scope=read%"), "a parameter is not percent-encoded"),
        (format!("{GRANT}&other=%4"), "a parameter is not percent-encoded"),
        (format!("{GRANT}&scope=%ff"), "a parameter is not UTF-8"),
        (format!("{GRANT}&%c0%af=1"), "a parameter is not UTF-8"),
        (format!("{GRANT}&scope=%00"), "a parameter contains a NUL"),
        (format!("{GRANT}&scope=read%00"), "a parameter contains a NUL"),
        (many, "the request has too many parameters"),
        (vec!["&"; 60_000].concat(), "`grant_type` is missing"),
    ] {
        let answer = running.token(&robot, &body).await;
        answer.assert_error(400, "invalid_request", description);
    }
    let mut raw = GRANT.as_bytes().to_vec();
    raw.extend_from_slice(b"&scope=\xff");
    let answer = send(&running, &robot, Request::form(TOKEN, raw)).await;
    answer.assert_error(400, "invalid_request", "a parameter is not UTF-8");
}

/// S114: exactly ten thousand keys, as short as keys can be told apart.
#[tokio::test]
async fn ten_thousand_parameters_are_refused() {
    let (running, robot) = start().await;
    let key = |number: u32| char::from_digit(number, 36).unwrap();
    let keys = (0..10_000_u32).map(|n| format!("{}{}{}", key(n / 1_296), key(n / 36 % 36), key(n % 36)));
    let body = keys.collect::<Vec<_>>().join("&");
    assert!(body.len() <= MAX_BODY_BYTES);
    let answer = running.token(&robot, &body).await;
    answer.assert_error(400, "invalid_request", "the request has too many parameters");
}

/// S91: the token endpoint answers POST and nothing else.
#[tokio::test]
async fn other_methods_are_refused() {
    let (running, robot) = start().await;
    for method in ["GET", "HEAD", "PUT", "PATCH", "OPTIONS", "DELETE"] {
        let target = format!("{TOKEN}?{GRANT}");
        for request in [Request::new(method, TOKEN), Request::new(method, &target)] {
            let answer = send(&running, &robot, request).await;
            assert_eq!((answer.status, answer.body.as_str()), (405, ""), "{method}");
            assert_eq!(answer.header("allow"), Some("POST"), "{method}");
        }
    }
    assert_eq!(running.stored_tokens().await, 0);
}
