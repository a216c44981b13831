//! `tokens(..)`: generators of the application's own, what they are told, and that no weak value is ever a token.

use std::time::Duration;

use oauth2_tests::clock::START;
use oauth2_tests::http::Request;
use oauth2_tests::own_tokens::{RunningMint, Script};
use oauth2_tests::portal::encoded;
use oauth2_tests::running::Tokens;
use serde_json::json;

const MACHINE: &str = "grant_type=client_credentials&scope=read";
const REVOKE: &str = "/oauth/revoke";
/// Right, wrong and unknown, and none.
const HINTS: [&str; 4] =
    ["", "&token_type_hint=access_token", "&token_type_hint=refresh_token", "&token_type_hint=pat"];

fn script(value: &str) -> Script {
    Script { access_token: Some(Ok(value.to_owned())), ..Script::default() }
}

#[tokio::test]
async fn the_default_generator_makes_the_tokens_of_every_grant_without_one() {
    let running = RunningMint::start().await;
    let answer = running.token("grant_type=urn:test:badge&number=7&scope=read").await;
    let tokens = Tokens::of(&answer);
    assert!(tokens.access.starts_with("acme.at_"), "{answer:?}");
    assert!(tokens.refresh.starts_with("acme~rt_") && tokens.refresh.ends_with("=="), "{answer:?}");
    assert_eq!(answer.json()["expires_in"], 1_200);
    let seen = format!("robot 7 urn:test:badge `read` 1200s at {START}");
    assert_eq!(running.mint.desk.seen(), [seen, "token_issued robot".to_owned()]);

    running.clock.step(1);
    let renewed = format!("grant_type=refresh_token&refresh_token={}", encoded(&tokens.refresh));
    let renewed = Tokens::of(&running.token(&renewed).await);
    assert!(renewed.access.starts_with("acme.at_") && renewed.refresh.starts_with("acme~rt_"));
    let seen = format!("robot 7 refresh_token `read` 300s at {}", START + 1);
    assert_eq!(running.mint.desk.seen(), [seen, "token_issued robot".to_owned()]);
}

#[tokio::test]
async fn a_grant_with_a_generator_of_its_own_does_not_ask_the_default() {
    let running = RunningMint::start().await;
    running.mint.desk.script(script("machine-0123456789abcdef"));
    let answer = running.token(MACHINE).await;
    let expected = json!({
        "access_token": "machine-0123456789abcdef", "token_type": "Bearer", "expires_in": 600, "scope": "read",
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
    assert_eq!(running.mint.desk.seen(), ["600s", "token_issued robot"]);
    assert_eq!(running.whoami("machine-0123456789abcdef").await.body, "robot -");
    let plain = Tokens::of(&running.token("grant_type=urn:test:plain&number=7").await);
    assert_eq!((plain.access.len(), plain.refresh.len()), (50, 50));
    assert!(plain.access.starts_with("at_") && plain.refresh.starts_with("rt_"));
    assert_eq!(running.whoami(&plain.access).await.body, "robot 7");
}

/// Law 7: whatever the form, what is stored is a digest.
#[tokio::test]
async fn no_value_is_stored_in_clear() {
    let running = RunningMint::start().await;
    let tokens = running.tokens().await;
    running.mint.desk.script(script("machine-0123456789abcdef"));
    assert_eq!(running.token(MACHINE).await.status, 200);
    for entry in std::fs::read_dir(running.database.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for value in [tokens.access.as_str(), &tokens.refresh, "machine-0123456789abcdef", "acme."] {
            assert!(!bytes.windows(value.len()).any(|part| part == value.as_bytes()), "{value}");
        }
    }
    let digests = "SELECT COUNT(*) FROM oauth2_token WHERE LENGTH(access_token) = 32";
    assert_eq!(running.database.number(digests).await, 2);
}

#[tokio::test]
async fn a_protected_resource_accepts_the_whole_value_and_nothing_else() {
    let running = RunningMint::start().await;
    let tokens = running.tokens().await;
    assert_eq!(running.whoami(&tokens.access).await.body, "robot 7");
    let inner = tokens.access.trim_start_matches("acme.");
    let longer = format!("{}x", tokens.access);
    for wrong in [inner, tokens.access.get(..54).unwrap(), &longer, &tokens.refresh, "x", &"x".repeat(4_097)]
    {
        assert_eq!(running.whoami(wrong).await.status, 401, "{wrong}");
    }
    running.clock.step(1_200);
    assert_eq!(running.whoami(&tokens.access).await.status, 401);
}

/// RFC 7662 section 2.1: the hint says where to look first, and never where not to.
#[tokio::test]
async fn introspection_finds_both_kinds_whatever_the_hint() {
    let running = RunningMint::start().await;
    let tokens = running.tokens().await;
    for hint in HINTS {
        let access = json!({
            "active": true, "scope": "read", "client_id": "robot", "sub": "7", "token_type": "Bearer",
            "exp": START + 1_200, "iat": START, "iss": "https://id.example",
        });
        assert_eq!(running.introspect(&tokens.access, hint).await, access, "{hint}");
        let refresh = json!({
            "active": true, "scope": "read", "client_id": "robot", "sub": "7", "exp": START + 3_600,
            "iat": START, "iss": "https://id.example",
        });
        assert_eq!(running.introspect(&tokens.refresh, hint).await, refresh, "{hint}");
        let stranger = running.introspect("acme.0123456789abcdefghij", hint).await;
        assert_eq!(stranger, json!({ "active": false }), "{hint}");
    }
}

/// RFC 7009 section 2.1.
#[tokio::test]
async fn revocation_finds_both_kinds_whatever_the_hint() {
    let running = RunningMint::start().await;
    for hint in HINTS {
        let tokens = running.tokens().await;
        let _ = running.mint.desk.seen();
        let body = |token: &str| format!("token={}{hint}", encoded(token));
        // Another client's is untouched.
        for token in [&tokens.access, &tokens.refresh] {
            assert_eq!(running.post(&running.other, REVOKE, &body(token)).await.status, 200);
        }
        assert_eq!(running.mint.desk.seen(), Vec::<String>::new());
        let answer = running.post(&running.robot, REVOKE, &body(&tokens.access)).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        assert_eq!(running.mint.desk.seen(), ["token_revoked robot 1"], "{hint}");
        assert_eq!(running.whoami(&tokens.access).await.status, 401);
        assert_eq!(running.introspect(&tokens.refresh, "").await["active"], true, "{hint}");
        running.post(&running.robot, REVOKE, &body(&tokens.refresh)).await;
        assert_eq!(running.mint.desk.seen(), ["token_revoked robot 1"], "{hint}");
        assert_eq!(running.introspect(&tokens.refresh, "").await["active"], false, "{hint}");
    }
}

/// The answer, the row and introspection agree on a lifetime that the generator has chosen.
#[tokio::test]
async fn a_generator_changes_the_lifetime() {
    let running = RunningMint::start().await;
    for (lifetime, seconds) in [
        (Duration::from_millis(90_900), 90),
        (Duration::from_secs(1), 1),
        (Duration::from_hours(8_760), 31_536_000),
    ] {
        running.mint.desk.script(Script { lifetime: Some(lifetime), ..Script::default() });
        let answer = running.token(MACHINE).await;
        assert_eq!(answer.json()["expires_in"], seconds);
        let row = "SELECT MAX(expires_at - issued_at) FROM oauth2_token";
        assert_eq!(running.database.number(row).await, seconds);
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(running.introspect(&token, "").await["exp"], START + seconds);
        // The value is made with the lifetime it gets.
        assert_eq!(running.mint.desk.seen(), [format!("{seconds}s"), "token_issued robot".to_owned()]);
        running.database.execute("DELETE FROM oauth2_token").await;
    }
    for lifetime in [Duration::ZERO, Duration::from_millis(999), Duration::from_secs(31_536_001)] {
        running.mint.desk.script(Script { lifetime: Some(lifetime), ..Script::default() });
        running.token(MACHINE).await.assert_error(500, "server_error", "the server failed");
    }
    assert_eq!(running.stored_tokens().await, 0);
}

#[tokio::test]
async fn a_weak_value_is_refused_and_nothing_is_stored() {
    let running = RunningMint::start().await;
    let plain = Tokens::of(&running.token("grant_type=urn:test:plain&number=7").await);
    let _ = running.mint.desk.seen();
    let values = [
        String::new(),
        "x".repeat(21),
        "x".repeat(4_097),
        "+".repeat(1_366),
        "acme 0123456789abcdefghij".to_owned(),
        "acme=0123456789abcdefghij".to_owned(),
        "acm\u{e9}.0123456789abcdefghij".to_owned(),
        "acme,0123456789abcdefghij\r\nx: y".to_owned(),
        plain.refresh.clone(),
        running.robot.secret.clone(),
    ];
    for value in values {
        running.mint.desk.script(script(&value));
        running.token(MACHINE).await.assert_error(500, "server_error", "the server failed");
        // It was asked, and nobody was told of a token.
        assert_eq!(running.mint.desk.seen(), ["600s"], "{value}");
        assert_eq!(running.stored_tokens().await, 1, "{value}");
    }
    for value in ["x".repeat(22), "x".repeat(4_096)] {
        running.mint.desk.script(script(&value));
        assert_eq!(running.token(MACHINE).await.status, 200);
        assert_eq!(running.whoami(&value).await.body, "robot -");
        assert_eq!(running.introspect(&value, "").await["active"], true);
    }
}

/// Whatever can be issued can be revoked: a form has more bytes than the token in it.
#[tokio::test]
async fn the_longest_values_fit_the_form_that_revokes_them() {
    let running = RunningMint::start().await;
    for value in ["x".repeat(4_096), "+".repeat(1_365), format!(".{}~/=", "+".repeat(1_362))] {
        running.mint.desk.script(script(&value));
        assert_eq!(running.token(MACHINE).await.status, 200);
        assert_eq!(running.whoami(&value).await.status, 200);
        let form = format!("token={}", encoded(&value));
        assert_eq!(running.post(&running.robot, "/oauth/revoke", &form).await.status, 200);
        assert_eq!(running.whoami(&value).await.status, 401);
    }
}

/// A value that was there before is never given to somebody else.
#[tokio::test]
async fn a_repeated_value_is_refused_and_nothing_is_stored() {
    let running = RunningMint::start().await;
    running.mint.desk.script(script("machine-0123456789abcdef"));
    assert_eq!(running.token(MACHINE).await.status, 200);
    let again = running.post(&running.other, "/oauth/token", MACHINE).await;
    let told = "the server cannot answer now, try again soon";
    again.assert_error(503, "temporarily_unavailable", told);
    assert_eq!(again.header("retry-after"), Some("2"));
    running.token(MACHINE).await.assert_error(503, "temporarily_unavailable", told);
    assert_eq!(running.stored_tokens().await, 1);
    assert_eq!(running.whoami("machine-0123456789abcdef").await.body, "robot -");
}

#[tokio::test]
async fn a_generator_that_fails_stores_nothing() {
    let running = RunningMint::start().await;
    let failure = Some(Err("the signer is away".to_owned()));
    running.mint.desk.script(Script { access_token: failure, ..Script::default() });
    let answer = running.token(MACHINE).await;
    answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert_eq!((running.stored_tokens().await, running.mint.desk.seen()), (0, vec!["600s".to_owned()]));
}

/// Replay of a used refresh token is recognised whatever its form.
#[tokio::test]
async fn a_used_refresh_token_that_comes_back_ends_its_authorization() {
    let running = RunningMint::start().await;
    let tokens = running.tokens().await;
    let refresh = format!("grant_type=refresh_token&refresh_token={}", encoded(&tokens.refresh));
    let renewed = Tokens::of(&running.token(&refresh).await);
    assert_eq!(running.whoami(&renewed.access).await.status, 200);
    running.clock.step(11);
    let answer = running.token(&refresh).await;
    answer.assert_error(400, "invalid_grant", "the refresh token is not valid");
    assert_eq!(running.whoami(&renewed.access).await.status, 401);
    for wrong in ["x", "acme~0123456789abcdefghij", &renewed.access] {
        let wrong = running.token(&format!("grant_type=refresh_token&refresh_token={wrong}")).await;
        wrong.assert_error(400, "invalid_grant", "the refresh token is not valid");
    }
}

/// A narrowed access token has a row of its own, the kept scopes another: both values are found.
#[tokio::test]
async fn a_narrowed_renewal_keeps_both_values_usable() {
    let running = RunningMint::start().await;
    let first = Tokens::of(&running.token("grant_type=urn:test:badge&number=7&scope=read+write").await);
    let body = format!("grant_type=refresh_token&scope=read&refresh_token={}", encoded(&first.refresh));
    let narrowed = Tokens::of(&running.token(&body).await);
    assert_eq!(running.introspect(&narrowed.access, "").await["scope"], "read");
    assert_eq!(running.introspect(&narrowed.refresh, "").await["scope"], "read write");
    let request = Request::get("/whoami").bearer(&narrowed.access);
    assert_eq!(running.send(request).await.body, "robot 7");
}
