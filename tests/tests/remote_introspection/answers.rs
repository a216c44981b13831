//! How the answers of an endpoint are read.

use super::*;

/// An endpoint that answers what it is told.
async fn told(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> SocketAddr {
    let handler = move || {
        let answer = answer.clone();
        async move { answer.into_response() }
    };
    listen(Router::new().route("/introspect", post(handler))).await
}

/// What a resource server answers at `/any` when the endpoint says `document`.
async fn said(configure: impl FnOnce(Remote) -> Remote, document: &str) -> Response {
    said_at("/any", configure, document).await
}

async fn said_at(path: &str, configure: impl FnOnce(Remote) -> Remote, document: &str) -> Response {
    let endpoint = told(([("content-type", "application/json")], document.to_owned())).await;
    let api = Credentials { id: "api".into(), secret: "secret".into() };
    let remote = validator(&format!("http://{endpoint}/introspect"), &api, &SteppingClock::default());
    ask(serve(configure(remote)).await, path, "token").await
}

fn document(members: &str) -> String {
    format!("{{\"active\":true,\"token_type\":\"Bearer\",\"exp\":{}{members}}}", START + 60)
}

#[tokio::test]
async fn answers_about_active_tokens_are_read_strictly() {
    let same = |remote| remote;
    let exp = START + 60;
    for (members, whose) in [
        ("", format!("- - `` {exp}")),
        (",\"scope\":null,\"sub\":null,\"aud\":null,\"cnf\":null,\"nbf\":null", format!("- - `` {exp}")),
        (",\"scope\":\"read unheard:of  write\",\"client_id\":\"c\"", format!("c - `read write` {exp}")),
        (",\"sub\":\"alice\",\"client_id\":\"c\",\"unheard_of\":[{}]", format!("c alice `` {exp}")),
        // A client that acts for itself is nobody's.
        (",\"sub\":\"c\",\"client_id\":\"c\"", format!("c - `` {exp}")),
        (&format!(",\"nbf\":{START}"), format!("- - `` {exp}")),
    ] {
        let answer = said(same, &document(members)).await;
        assert_eq!((answer.status, answer.body), (200, whose), "{members}");
    }
    let bearer = "{\"active\":true,\"token_type\":\"bEARER\",\"exp\":1800000001}";
    assert_good(&said(same, bearer).await);
    for refused in [
        "{\"active\":false}",
        "{\"active\":false,\"token_type\":\"Bearer\",\"exp\":1800000060}",
        "{\"active\":true}",
        "{\"active\":true,\"token_type\":\"Bearer\"}",
        "{\"active\":true,\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"DPoP\",\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"refresh_token\",\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000000}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":-1}",
        &document(",\"nbf\":1800000001"),
        // S78: without its key it is nothing.
        &document(",\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}"),
    ] {
        assert_invalid(&said(same, refused).await);
    }
}

/// S66: a token of which no scope is said has none.
#[tokio::test]
async fn a_missing_scope_is_no_scope() {
    for members in ["", ",\"scope\":null", ",\"scope\":\"\"", ",\"scope\":\"READ read:all\""] {
        let answer = said_at("/read", |remote| remote, &document(members)).await;
        answer.assert_error(403, "insufficient_scope", NOT_ENOUGH);
    }
    assert_good(&said_at("/read", |remote| remote, &document(",\"scope\":\"read\"")).await);
}

#[tokio::test]
async fn issuer_audience_and_token_type_are_as_expected() {
    let issuer = |remote: Remote| remote.issuer("https://id.example");
    assert_good(&said(issuer, &document("")).await);
    assert_good(&said(issuer, &document(",\"iss\":\"https://id.example\"")).await);
    assert_invalid(&said(issuer, &document(",\"iss\":\"https://id.example/\"")).await);
    let audience = |remote: Remote| remote.audience("photos");
    assert_good(&said(audience, &document(",\"aud\":\"photos\"")).await);
    assert_good(&said(audience, &document(",\"aud\":[\"albums\",\"photos\"]")).await);
    for wrong in ["", ",\"aud\":\"photos2\"", ",\"aud\":[]", ",\"aud\":[\"Photos\"]"] {
        assert_invalid(&said(audience, &document(wrong)).await);
    }
    assert_good(&said(Remote::without_token_type, "{\"active\":true,\"exp\":1800000060}").await);
    let other = "{\"active\":true,\"token_type\":\"DPoP\",\"exp\":1800000060}";
    assert_invalid(&said(Remote::without_token_type, other).await);
}

/// What is no answer of RFC 7662 says nothing about the token, in neither direction.
#[tokio::test]
async fn answers_that_are_none_are_503() {
    let same = |remote| remote;
    for broken in [
        "",
        "null",
        "true",
        "[]",
        "{}",
        "{\"active\":\"true\"}",
        "{\"active\":1}",
        "{\"active\":null}",
        "{\"Active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060}",
        "{\"active\":false,\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060} x",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":\"1800000060\"}",
        "{\"active\":true,\"token_type\":\"Bearer\",\"exp\":1800000060.5}",
        &document(",\"scope\":[\"read\"]"),
        &document(",\"sub\":7"),
        &document(",\"aud\":{}"),
    ] {
        let answer = said(same, broken).await;
        assert_eq!(answer.status, 503, "{broken}");
        assert_unavailable(&answer);
    }
}

async fn answered(endpoint: SocketAddr) -> Response {
    let api = Credentials { id: "api".into(), secret: "secret".into() };
    let remote = validator(&format!("http://{endpoint}/introspect"), &api, &SteppingClock::default());
    ask(serve(remote).await, "/any", "token").await
}

#[tokio::test]
async fn other_kinds_of_answers_are_503() {
    let json = [("content-type", "application/json")];
    let good = document("");
    assert_good(
        &answered(told(([("content-type", "Application/JSON; charset=utf-8")], good.clone())).await).await,
    );
    for media_type in ["text/html", "application/jwt", "application/json-seq", ""] {
        assert_unavailable(&answered(told(([("content-type", media_type)], good.clone())).await).await);
    }
    for status in [201, 204, 206, 300, 400, 401, 403, 404, 429, 500] {
        let status = http::StatusCode::from_u16(status).unwrap();
        assert_unavailable(&answered(told((status, json, good.clone())).await).await);
    }
    let filled = |bytes: usize| format!("{}{}", good, " ".repeat(bytes - good.len()));
    assert_good(&answered(told((json, filled(MAX_ANSWER_BYTES))).await).await);
    assert_unavailable(&answered(told((json, filled(MAX_ANSWER_BYTES + 1))).await).await);
    let header = [("content-type", "application/json".to_owned()), ("x", "x".repeat(2 * MAX_ANSWER_BYTES))];
    assert_unavailable(&answered(told((header, good)).await).await);
}

/// A redirect would carry the token, and on the same host the credentials, to wherever it points.
#[tokio::test]
async fn redirects_are_not_followed() {
    let calls = Calls::new();
    let good = ([("content-type", "application/json")], document(""));
    let target = Router::new().route("/elsewhere", post(move || std::future::ready(good)));
    let elsewhere = listen(calls.counted(target)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = [("location", format!("http://{elsewhere}/elsewhere"))];
        let endpoint = told((http::StatusCode::from_u16(status).unwrap(), location)).await;
        assert_unavailable(&answered(endpoint).await);
    }
    assert_eq!(calls.taken(), 0);
}

#[tokio::test]
async fn endpoints_that_would_show_tokens_to_others_are_refused() {
    let new = |endpoint: &str| Remote::new(endpoint, "api", Secret::new("hunter2".into()));
    for good in [
        "https://id.example/oauth/introspect",
        "https://id.example/introspect?tenant=1",
        "http://127.0.0.1:8080/introspect",
        "http://[::1]/introspect",
        "http://localhost/introspect",
    ] {
        let shown = format!("{:?}", new(good).unwrap());
        assert!(shown.starts_with("RemoteIntrospection {") && !shown.contains("hunter2"), "{shown}");
    }
    let user = "it has a user name or a password; the credentials are parameters of their own";
    let loopback = "`http` is for loopback hosts only; use `https`";
    for (bad, shown, reason) in [
        ("", "", "it is not an absolute URL"),
        ("/oauth/introspect?hunter2", "", "it is not an absolute URL"),
        ("http://u:hunter2@id.example:x/i", "", "it is not an absolute URL"),
        ("http://id.example/x?key=hunter2", " `http://id.example/x`", loopback),
        ("http://127.0.0.1.evil.test/x", " `http://127.0.0.1.evil.test/x`", loopback),
        ("ftp://id.example/x", " `ftp://id.example/x`", "it is not an `https` URL"),
        // Without the slashes it is an opaque URL of the scheme `u`.
        ("u:hunter2@id.example/i", "", "it is not an `https` URL"),
        ("https://u:hunter2@id.example/x", " `https://id.example/x`", user),
        ("https://hunter2@id.example/x", " `https://id.example/x`", user),
        ("https://:hunter2@id.example/x", " `https://id.example/x`", user),
        ("https://id.example/x#hunter2", " `https://id.example/x`", "it has a fragment"),
    ] {
        let error = new(bad).unwrap_err();
        assert_eq!(error.to_string(), format!("the introspection endpoint{shown} is not usable: {reason}"));
        assert!(!format!("{error:?}").contains("hunter2"), "{bad}");
    }
}

/// `https` is not `http` to a port where nobody speaks TLS.
#[tokio::test]
async fn an_https_endpoint_is_spoken_to_over_tls_only() {
    let site = Site::open().await;
    let endpoint = site.endpoint.replace("http://", "https://");
    let server = serve(validator(&endpoint, &site.api, &site.running.clock)).await;
    assert_unavailable(&ask(server, "/read", &site.token("read").await).await);
    assert_eq!(site.calls.taken(), 0);
}

/// A server's own tokens first, and those of another server second.
#[tokio::test]
async fn remote_tokens_can_stand_behind_ones_own() {
    let site = Site::open().await;
    let own = Running::start().await;
    let robot = own.register(app("robot")).await;
    let grant = format!("grant_type={SMS_CODE}&phone=1&code=itself&scope=read");
    let own_token = own.token(&robot, &grant).await.json()["access_token"].as_str().unwrap().to_owned();
    let remote = validator(&site.endpoint, &site.api, &own.clock);
    let both = ResourceProtector::new(StoredTokens::of(&own.auth).or(remote));
    let acquired = both.acquire_token(&request(&own_token), Access::Read).await.unwrap();
    assert!(matches!(acquired, Either::First(_)));
    assert_eq!(site.calls.taken(), 0);
    let theirs = site.token("read").await;
    let acquired = both.acquire_token(&request(&theirs), Access::Read).await.unwrap();
    assert!(matches!(acquired, Either::Second(_)));
    assert_eq!(acquired.subject().map(Subject::as_str), Some("u-alice"));
    assert_eq!(site.calls.taken(), 1);
}
