//! The protected API and what probes ask.

use oauth2_tests::http::Request;

use crate::site::Site;

const ROUTES: [&str; 5] =
    ["/api/me", "/api/photos", "/api/photos/both", "/api/photos/either", "/api/optional"];

#[tokio::test]
async fn each_route_asks_for_its_scopes() {
    let site = Site::start();
    for (scope, allowed) in [
        ("photos:read", [true, true, false, true, true]),
        ("photos:write", [true, false, false, true, true]),
        ("photos:read photos:write", [true, true, true, true, true]),
    ] {
        let token = site.robot_token(scope).await;
        for (route, allowed) in ROUTES.into_iter().zip(allowed) {
            let answer = site.send(Request::get(route).bearer(&token)).await;
            if allowed {
                let caller = format!(r#"{{"sub":null,"client_id":"robot","scope":"{scope}"}}"#);
                assert_eq!((answer.status, answer.body), (200, caller), "{route} {scope}");
                assert_eq!(answer.headers[0], ("content-type".to_owned(), "application/json".to_owned()));
            } else {
                assert_eq!(answer.status, 403, "{route} {scope}");
                let challenge = answer.header("www-authenticate").unwrap();
                assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
            }
        }
    }
}

#[tokio::test]
async fn a_persons_token_speaks_for_them() {
    let site = Site::start();
    let tokens = site.tokens("profile photos:read").await;
    for route in ["/api/me", "/api/optional"] {
        let answer = site.send(Request::get(route).bearer(&tokens.access)).await;
        assert_eq!(answer.body, r#"{"sub":"u-alice","client_id":"web","scope":"profile photos:read"}"#);
    }
}

#[tokio::test]
async fn without_a_token_only_the_optional_route_answers_and_a_bad_one_is_refused_everywhere() {
    let site = Site::start();
    for route in ROUTES {
        let answer = site.get(route).await;
        if route == "/api/optional" {
            assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"sub":null}"#));
        } else {
            assert_eq!(answer.status, 401, "{route}");
            let challenge = answer.header("www-authenticate").unwrap();
            assert!(challenge.starts_with("Bearer ") && !challenge.contains("error="), "{challenge}");
        }
        let answer = site.send(Request::get(route).bearer("at_nonsense")).await;
        assert_eq!(answer.status, 401, "{route}");
        assert!(answer.header("www-authenticate").unwrap().contains("error=\"invalid_token\""), "{route}");
    }
}

#[tokio::test]
async fn it_is_ready_while_its_database_answers() {
    let site = Site::start();
    for probe in ["/healthz", "/readyz"] {
        assert_eq!((site.get(probe).await.status, site.get(probe).await.body.as_str()), (200, "ok\n"));
    }
    site.database.execute("ALTER TABLE oauth2_client RENAME TO gone").await;
    let answer = site.get("/readyz").await;
    assert_eq!((answer.status, answer.body.as_str()), (503, "the database does not answer\n"));
    assert_eq!(site.get("/healthz").await.status, 200);
    site.database.execute("ALTER TABLE gone RENAME TO oauth2_client").await;
    assert_eq!(site.get("/readyz").await.status, 200);
}

/// A row that cannot be read is trouble of one client, and no reason to send the others away.
#[tokio::test]
async fn it_is_ready_though_a_row_is_damaged() {
    let site = Site::start();
    site.database.execute("UPDATE oauth2_client SET access_token_ttl = 'soon'").await;
    let refused = site.token(&site.robot, "grant_type=client_credentials").await;
    assert_eq!(refused.status, 503, "the row cannot be read: {refused:?}");
    let answer = site.get("/readyz").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
}
