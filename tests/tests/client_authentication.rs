//! Who the client is: methods, mixed and malformed credentials, rotation of secrets.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use oauth2_runtime::prelude::*;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::{App, SMS_CODE, app};
use oauth2_tests::running::{Credentials, Running};

const GRANT: &str = "grant_type=client_credentials";
const FAILED: &str = "client authentication failed";
const MALFORMED: &str = "the Authorization header is not well-formed HTTP Basic";

async fn start() -> (Running, Credentials) {
    let running = Running::start().await;
    let robot = running.register(app("robot")).await;
    (running, robot)
}

async fn authorization(running: &Running, value: &str) -> Response {
    running.send(Request::form("/oauth/token", GRANT).header("authorization", value)).await
}

fn assert_refused(answer: &Response, description: &str) {
    answer.assert_error(401, "invalid_client", description);
    assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"https://id.example\""));
}

/// A client with a secret that a person chose, as it is sent.
async fn imported(running: &Running) -> Credentials {
    let client_secret = Some(SecretHash::imported("correct horse battery staple").await.unwrap());
    running.auth.clients().ensure(App { client_secret, ..app("old") }).await.unwrap();
    Credentials { id: "old".into(), secret: "correct+horse+battery%20staple".into() }
}

fn wrong_secret() -> String {
    ClientSecret::generate().unwrap().expose().to_owned()
}

#[tokio::test]
async fn each_method_is_accepted() {
    let (running, robot) = start().await;
    assert_eq!(running.token(&robot, GRANT).await.status, 200);
    let body = format!("{GRANT}&client_id=robot&client_secret={}", robot.secret);
    assert_eq!(running.bare_token(&body).await.status, 200);
    let types = Some([SMS_CODE].into_iter().collect());
    running.auth.clients().ensure(App { grant_types: types, ..app("spa") }).await.unwrap();
    let body = format!("grant_type={SMS_CODE}&phone=1&code=123456&client_id=spa");
    assert_eq!(running.bare_token(&body).await.status, 200);
    let told: Vec<_> = running.auth.journal.signals();
    let methods: Vec<_> = told.iter().filter(|line| line.starts_with("client_authenticated")).collect();
    assert_eq!(
        methods,
        [
            "client_authenticated robot by client_secret_basic",
            "client_authenticated robot by client_secret_post",
            "client_authenticated spa by none",
        ]
    );
}

/// S95: nobody learns from an answer which client identifiers exist.
#[tokio::test]
async fn a_wrong_secret_and_an_unknown_client_are_answered_alike() {
    let (running, robot) = start().await;
    running.auth.clients().ensure(app("spa")).await.unwrap();
    let wrong = Credentials { secret: wrong_secret(), ..robot.clone() };
    let expected = running.token(&wrong, GRANT).await;
    assert_refused(&expected, FAILED);
    for (id, secret) in [
        ("nobody", robot.secret.as_str()),
        ("nobody", "x"),
        ("robot", ""),
        ("robot", "x"),
        ("Robot", robot.secret.as_str()),
        ("spa", robot.secret.as_str()),
    ] {
        let client = Credentials { id: id.into(), secret: secret.into() };
        assert_eq!(running.token(&client, GRANT).await, expected, "{id}:{secret}");
    }
    for body in [
        "client_id=nobody",
        "client_id=nobody&client_secret=x",
        "client_id=robot&client_secret=x",
        "client_id=robot",
        "",
        "client_id=",
    ] {
        assert_eq!(running.bare_token(&format!("{GRANT}&{body}")).await, expected, "{body}");
    }
    assert_eq!(running.stored_tokens().await, 0);
}

#[tokio::test]
async fn two_methods_at_once_are_refused() {
    let (running, robot) = start().await;
    for body in [
        format!("{GRANT}&client_id=robot&client_secret={}", robot.secret),
        format!("{GRANT}&client_id=robot&client_secret=x"),
    ] {
        let answer = running.token(&robot, &body).await;
        answer.assert_error(400, "invalid_request", "the client authenticates in more than one way");
        assert_eq!(answer.header("www-authenticate"), None);
    }
}

/// S53: `client_id` in the body is allowed next to HTTP Basic when both name the same client.
#[tokio::test]
async fn the_body_may_repeat_the_client_of_the_header() {
    let (running, robot) = start().await;
    let answer = running.token(&robot, &format!("{GRANT}&client_id=robot")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// S53: and not when they differ, even if the other client exists or needs no secret.
#[tokio::test]
async fn the_body_may_not_name_another_client_than_the_header() {
    let (running, robot) = start().await;
    running.register(app("other")).await;
    running.auth.clients().ensure(app("spa")).await.unwrap();
    for id in ["other", "spa", "nobody", "ROBOT"] {
        assert_refused(&running.token(&robot, &format!("{GRANT}&client_id={id}")).await, FAILED);
    }
}

/// S57: forms of the header that some servers repair.
#[tokio::test]
async fn loose_basic_headers_are_refused() {
    let (running, robot) = start().await;
    let pair = format!("{}:{}", robot.id, robot.secret);
    let good = STANDARD.encode(&pair);
    assert_eq!(authorization(&running, &format!("Basic {good}")).await.status, 200);
    assert_eq!(authorization(&running, &format!("bAsIc {good}")).await.status, 200);
    let padded = format!("robot:{}", robot.secret.get(..49).unwrap());
    assert_ne!(STANDARD.encode(&padded), STANDARD_NO_PAD.encode(&padded));
    for value in [
        "Basic".to_owned(),
        format!("Basic\t{good}"),
        format!("Basic  {good}"),
        format!("Basic {good} x"),
        format!("Basic {good}, Basic {good}"),
        format!("Basic {good}="),
        format!("Basic {}", STANDARD_NO_PAD.encode(&padded)),
        format!("Basic {pair}"),
        format!("Basic {}", STANDARD.encode(&robot.id)),
        format!("Basic {}", STANDARD.encode(format!(":{}", robot.secret))),
        format!("Basic {}", STANDARD.encode(format!("{pair}:"))),
        format!("Basic {}", STANDARD.encode(format!("{pair}%zz"))),
        format!("Basic {}", STANDARD.encode(format!("robot%00:{}", robot.secret))),
        format!("Basic {}", STANDARD.encode([b"robot:".as_slice(), &[0xff]].concat())),
    ] {
        assert_refused(&authorization(&running, &value).await, MALFORMED);
    }
    for value in [format!("{pair}\n"), format!(" {pair}"), format!("{pair} ")] {
        let answer = authorization(&running, &format!("Basic {}", STANDARD.encode(&value))).await;
        assert_refused(&answer, FAILED);
    }
}

#[tokio::test]
async fn other_schemes_and_two_headers_are_refused() {
    let (running, robot) = start().await;
    for value in ["Bearer at_x", "Digest username=\"robot\"", "Basically x"] {
        let answer = authorization(&running, value).await;
        assert_refused(&answer, "the Authorization header's scheme is not supported here");
    }
    let request = Request::form("/oauth/token", GRANT).basic(&robot.id, &robot.secret);
    let answer = running.send(request.basic(&robot.id, &robot.secret)).await;
    answer.assert_error(400, "invalid_request", "there is more than one Authorization header");
}

/// Identifier and secret are form-encoded inside of HTTP Basic (RFC 6749 section 2.3.1).
#[tokio::test]
async fn identifiers_are_decoded_in_the_header() {
    let running = Running::start().await;
    let client = running.register(app("my app: a+b%")).await;
    let encoded = Credentials { id: "my+app%3A%20a%2Bb%25".into(), ..client };
    assert_eq!(running.token(&encoded, GRANT).await.status, 200);
}

#[tokio::test]
async fn a_client_uses_the_method_it_is_registered_with() {
    let running = Running::start().await;
    let with = |method: &str| App { token_endpoint_auth_method: Some(method.into()), ..app("robot") };
    let post = |client: &Credentials| format!("{GRANT}&client_id=robot&client_secret={}", client.secret);
    let robot = running.register(with("client_secret_post")).await;
    assert_refused(&running.token(&robot, GRANT).await, FAILED);
    assert_eq!(running.bare_token(&post(&robot)).await.status, 200);
    let robot = running.register(with("client_secret_basic")).await;
    assert_eq!(running.token(&robot, GRANT).await.status, 200);
    assert_refused(&running.bare_token(&post(&robot)).await, FAILED);
    let robot = running.register(with("private_key_jwt")).await;
    assert_refused(&running.token(&robot, GRANT).await, FAILED);
    let robot = running.register(with("none")).await;
    assert_refused(&running.token(&robot, GRANT).await, FAILED);
    // Registered without authentication, but with a secret: the secret still has to be shown.
    assert_refused(&running.bare_token(&format!("{GRANT}&client_id=robot")).await, FAILED);
}

#[tokio::test]
async fn a_client_with_a_secret_cannot_leave_it_out() {
    let running = Running::start().await;
    let types = Some([SMS_CODE].into_iter().collect());
    running.register(App { grant_types: types, ..app("robot") }).await;
    let body = format!("grant_type={SMS_CODE}&phone=1&code=123456&client_id=robot");
    assert_refused(&running.bare_token(&body).await, FAILED);
    assert_eq!(running.auth.journal.lock().authorized, Vec::<String>::new());
}

#[tokio::test]
async fn a_public_client_cannot_present_a_secret() {
    let running = Running::start().await;
    let types = Some([SMS_CODE].into_iter().collect());
    running.auth.clients().ensure(App { grant_types: types, ..app("spa") }).await.unwrap();
    let body = format!("grant_type={SMS_CODE}&phone=1&code=123456");
    let client = Credentials { id: "spa".into(), secret: wrong_secret() };
    assert_refused(&running.token(&client, &body).await, FAILED);
    let empty = Credentials { secret: String::new(), ..client };
    assert_refused(&running.token(&empty, &body).await, FAILED);
    let answer = running.bare_token(&format!("{body}&client_id=spa&client_secret=x")).await;
    assert_refused(&answer, FAILED);
    // A parameter without a value counts as left out.
    let answer = running.bare_token(&format!("{body}&client_id=spa&client_secret=")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_secret_needs_a_client_to_go_with_it() {
    let (running, robot) = start().await;
    let answer = running.bare_token(&format!("{GRANT}&client_secret={}", robot.secret)).await;
    answer.assert_error(400, "invalid_request", "`client_id` is missing");
}

#[tokio::test]
async fn a_rotated_secret_ends_when_its_overlap_ends() {
    let (running, old) = start().await;
    let overlap = Duration::from_mins(1);
    let secret = running.auth.clients().rotate_secret(&"robot".into(), overlap).await.unwrap();
    let new = Credentials { secret: secret.expose().to_owned(), ..old.clone() };
    assert_eq!(running.token(&new, GRANT).await.status, 200);
    running.clock.step(59);
    assert_eq!(running.token(&old, GRANT).await.status, 200);
    running.clock.step(1);
    assert_refused(&running.token(&old, GRANT).await, FAILED);
    assert_eq!(running.token(&new, GRANT).await.status, 200);
}

#[tokio::test]
async fn a_rotation_without_overlap_ends_the_old_secret_at_once() {
    let (running, old) = start().await;
    let secret = running.auth.clients().rotate_secret(&"robot".into(), Duration::ZERO).await.unwrap();
    assert_refused(&running.token(&old, GRANT).await, FAILED);
    let new = Credentials { secret: secret.expose().to_owned(), ..old };
    assert_eq!(running.token(&new, GRANT).await.status, 200);
}

#[tokio::test]
async fn a_second_rotation_ends_the_first_secret() {
    let (running, first) = start().await;
    let hour = Duration::from_hours(1);
    let second = running.auth.clients().rotate_secret(&"robot".into(), hour).await.unwrap();
    let third = running.auth.clients().rotate_secret(&"robot".into(), hour).await.unwrap();
    assert_refused(&running.token(&first, GRANT).await, FAILED);
    for secret in [second, third] {
        let client = Credentials { secret: secret.expose().to_owned(), ..first.clone() };
        assert_eq!(running.token(&client, GRANT).await.status, 200);
    }
}

#[tokio::test]
async fn a_client_keeps_the_secret_it_had_elsewhere() {
    let running = Running::start().await;
    let old = imported(&running).await;
    let post = |secret: &str| format!("{GRANT}&client_id=old&client_secret={secret}");
    let answers = [running.token(&old, GRANT).await, running.bare_token(&post(&old.secret)).await];
    assert_eq!(answers.map(|answer| answer.status), [200, 200]);
    let stored = running.database.texts("SELECT client_secret FROM app").await.concat();
    assert!(stored.starts_with("$argon2id$v=19$") && !stored.contains("horse"), "{stored}");
    for secret in ["correct+horse+battery", "x", &wrong_secret(), &stored.replace('+', "%2B")] {
        assert_refused(&running.bare_token(&post(secret)).await, FAILED);
        let wrong = Credentials { secret: secret.into(), ..old.clone() };
        assert_refused(&running.token(&wrong, GRANT).await, FAILED);
    }
    assert_eq!(running.stored_tokens().await, 2);
}

#[tokio::test]
async fn an_imported_secret_is_rotated_to_a_generated_one() {
    let running = Running::start().await;
    let old = imported(&running).await;
    let secret = running.auth.clients().rotate_secret(&"old".into(), Duration::from_mins(1)).await.unwrap();
    assert_eq!(running.token(&old, GRANT).await.status, 200);
    running.clock.step(60);
    assert_refused(&running.token(&old, GRANT).await, FAILED);
    let new = Credentials { secret: secret.expose().to_owned(), ..old };
    assert_eq!(running.token(&new, GRANT).await.status, 200);
}
