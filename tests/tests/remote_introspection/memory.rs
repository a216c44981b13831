//! What is asked, what is remembered, for how long, and what happens when nobody can say.

use super::*;

#[tokio::test]
async fn a_live_token_passes_with_what_the_server_says_of_it() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    let expected = format!("web u-alice `read` {}", START + 600);
    let answer = ask(server, "/read", &token).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, expected.as_str()));
    let grant = site.running.token(&site.running.web, "grant_type=client_credentials&scope=write").await;
    let machine = grant.json()["access_token"].as_str().unwrap().to_owned();
    let answer = ask(server, "/write", &machine).await;
    assert_eq!((answer.status, answer.body), (200, format!("web - `write` {}", START + 3_600)));
    assert_eq!(site.calls.taken(), 2);
    // Without an issuer there is no better name for the realm.
    let answer = Request::get("/read").send(server).await;
    let header = "Bearer realm=\"protected resource\", scope=\"read\"";
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(header)));
    assert_eq!(site.calls.taken(), 0);
}

#[tokio::test]
async fn tokens_that_are_not_live_access_tokens_are_refused() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let tokens = site.tokens("read").await;
    // The endpoint says of it that it is active, and not what it is.
    assert_invalid(&ask(server, "/any", &tokens.refresh).await);
    let changed = tokens.access.replace("at_", "at_0");
    assert_invalid(&ask(server, "/any", &changed).await);
    site.revoke(&tokens.access).await;
    assert_invalid(&ask(server, "/any", &tokens.access).await);
    assert_eq!(site.calls.taken(), 3);
    // Another client learns nothing of the tokens of `web`.
    let stranger = validator(&site.endpoint, &site.running.other, &site.running.clock);
    assert_invalid(&ask(serve(stranger).await, "/any", &site.token("read").await).await);
    assert_eq!(site.calls.taken(), 1);
}

#[tokio::test]
async fn what_cannot_be_a_token_is_not_asked_about() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let longest = "x".repeat(4_096);
    for garbage in ["a b", "a,b", "a&token=b", "=", "a=b", &format!("{longest}x"), &"+".repeat(1_366)] {
        assert_invalid(&ask(server, "/any", garbage).await);
    }
    assert_eq!(site.calls.taken(), 0);
    for possible in ["a", "a=", "a.b~c-d_e+f/g==", &longest, &"+".repeat(1_365)] {
        assert_invalid(&ask(server, "/any", possible).await);
    }
    assert_eq!(site.calls.taken(), 5);
}

/// S75: a revoked token is refused within the stated time, and at once where nothing is remembered.
#[tokio::test]
async fn a_revocation_is_seen_within_the_bound() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let forgetful = serve(site.validator().remember(Duration::ZERO, 10)).await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    assert_good(&ask(forgetful, "/read", &token).await);
    assert_good(&ask(forgetful, "/read", &token).await);
    assert_eq!(site.calls.taken(), 3);
    site.revoke(&token).await;
    assert_invalid(&ask(forgetful, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    site.running.clock.step(STALENESS - 1);
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 0);
    site.running.clock.step(1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

/// An answer is never used longer than the token lives, however long answers may be used.
#[tokio::test]
async fn a_remembered_token_ends_at_its_expiry() {
    let site = Site::open().await;
    let server = serve(site.validator().remember(Duration::from_hours(24), 10)).await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    site.running.clock.step(599);
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    site.running.clock.step(1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_nothing() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    site.running.database.execute("UPDATE oauth2_token SET revoked_at = 1").await;
    site.running.clock.step(-1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 2);
}

/// The clock on the wall is not the only bound: 29 s pass, it is set back by them, and a second passes.
#[tokio::test]
async fn a_clock_that_is_set_back_within_the_bound_prolongs_nothing() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    site.running.database.execute("UPDATE oauth2_token SET revoked_at = 1").await;
    time_passes(STALENESS.unsigned_abs() - 1).await;
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    time_passes(1).await;
    site.running.clock.step(1);
    assert_invalid(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

/// A token that ends earlier than answers do is not prolonged either.
#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_no_token() {
    let site = Site::open().await;
    let server = serve(site.validator().remember(Duration::from_hours(24), 10)).await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
    time_passes(600).await;
    // The authorization server goes by the clock that was set back too; what counts is that it is asked.
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 1);
}

/// Moves the clock that nobody can set.
async fn time_passes(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// S75: what is remembered is what the token is, never whether it was enough.
#[tokio::test]
async fn scope_is_decided_for_each_request() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    for (scope, first, second) in [("read", "/read", "/write"), ("write", "/read", "/write")] {
        let token = site.token(scope).await;
        for path in [first, second, first] {
            let answer = ask(server, path, &token).await;
            if path == format!("/{scope}") {
                assert_good(&answer);
            } else {
                answer.assert_error(403, "insufficient_scope", NOT_ENOUGH);
            }
        }
        assert_good(&ask(server, "/any", &token).await);
        assert_eq!(site.calls.taken(), 1);
    }
}

/// S75: what one validator has remembered is of no use to another that expects something else.
#[tokio::test]
async fn another_issuer_and_another_audience_are_asked_for_anew() {
    let site = Site::open().await;
    let token = site.token("read").await;
    let right = serve(site.validator().issuer("http://127.0.0.1")).await;
    assert_good(&ask(right, "/read", &token).await);
    let header = "Bearer realm=\"http://127.0.0.1\"";
    assert_eq!(Request::get("/any").send(right).await.header("www-authenticate"), Some(header));
    for wrong in [
        site.validator().issuer("http://127.0.0.1/"),
        site.validator().issuer("https://id.example"),
        site.validator().audience("https://photos.example"),
    ] {
        assert_invalid(&ask(serve(wrong).await, "/read", &token).await);
    }
    assert_eq!(site.calls.taken(), 4);
}

/// S75: tokens that begin alike, or differ in one letter, have nothing to do with each other.
#[tokio::test]
async fn the_whole_token_is_the_key() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    assert_good(&ask(server, "/read", &token).await);
    let (start, end) = token.split_at(token.len() - 1);
    let other = if end == "A" { "B" } else { "A" };
    for altered in [start.to_owned(), format!("{token}A"), format!("{start}{other}"), token.to_uppercase()] {
        assert_invalid(&ask(server, "/read", &altered).await);
    }
    assert_eq!(site.calls.taken(), 5);
}

#[tokio::test]
async fn the_number_of_remembered_answers_is_bounded() {
    let site = Site::open().await;
    let server = serve(site.validator().remember(Duration::from_secs(30), 2)).await;
    let tokens = [site.token("read").await, site.token("read").await, site.token("read").await];
    let asked = async |index: usize| {
        assert_good(&ask(server, "/read", &tokens[index]).await);
        site.calls.taken()
    };
    assert_eq!([asked(0).await, asked(1).await, asked(0).await, asked(1).await], [1, 1, 0, 0]);
    // The third takes the place of the first, and bad tokens take nobody's.
    assert_eq!(asked(2).await, 1);
    for bad in ["a", "b", "c"] {
        assert_invalid(&ask(server, "/read", bad).await);
    }
    assert_eq!(site.calls.taken(), 3);
    assert_eq!([asked(2).await, asked(1).await, asked(0).await, asked(1).await], [0, 0, 1, 1]);
    let nothing = serve(site.validator().remember(Duration::from_secs(30), 0)).await;
    for _ in 0..2 {
        assert_good(&ask(nothing, "/read", &tokens[0]).await);
        assert_eq!(site.calls.taken(), 1);
    }
}

/// That a token is not good is not remembered: it may be about to become so.
#[tokio::test]
async fn refusals_are_not_remembered() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    let set = async |revoked_at: &str| {
        let sql = format!("UPDATE oauth2_token SET revoked_at = {revoked_at}");
        assert_eq!(site.running.database.execute(&sql).await, 1);
    };
    set("1").await;
    assert_invalid(&ask(server, "/read", &token).await);
    set("NULL").await;
    assert_good(&ask(server, "/read", &token).await);
    assert_eq!(site.calls.taken(), 2);
}

/// Polled in turn, all of them are waiting before the first has its answer.
#[tokio::test]
async fn concurrent_requests_share_one_question() {
    let site = Site::open().await;
    let protector = ResourceProtector::new(site.validator());
    for (token, good) in [(site.token("read").await, true), ("unknown".to_owned(), false)] {
        let parts = request(&token);
        let acquired = join_all((0..20).map(|_| protector.acquire_token(&parts, Access::Read))).await;
        assert!(acquired.iter().all(|outcome| outcome.is_ok() == good), "{acquired:?}");
        assert_eq!(site.calls.taken(), 1);
    }
    // With nothing to be remembered each request has an answer of its own.
    let forgetful = ResourceProtector::new(site.validator().remember(Duration::ZERO, 0));
    let parts = request(&site.token("read").await);
    let acquired = join_all((0..20).map(|_| forgetful.acquire_token(&parts, Access::Read))).await;
    assert!(acquired.iter().all(Result::is_ok), "{acquired:?}");
    assert_eq!(site.calls.taken(), 20);
}

/// A question does not end with the request that happened to ask it.
#[tokio::test]
async fn a_request_that_is_given_up_takes_nobody_along() {
    let site = Site::open().await;
    let protector = ResourceProtector::new(site.validator());
    let parts = request(&site.token("read").await);
    let held = Arc::clone(&site.calls.open).acquire_many_owned(ALL).await;
    let mut first = Box::pin(protector.acquire_token(&parts, Access::Read));
    let mut second = Box::pin(protector.acquire_token(&parts, Access::Read));
    assert!((&mut first).now_or_never().is_none());
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    drop(held);
    assert!(second.await.is_ok());
    assert_eq!(site.calls.taken(), 1);
    // One that all have given up is struck off, and asked again.
    let parts = request(&site.token("read").await);
    let mut alone = Box::pin(protector.acquire_token(&parts, Access::Read));
    assert!((&mut alone).now_or_never().is_none());
    drop(alone);
    assert!(protector.acquire_token(&parts, Access::Read).await.is_ok());
}

/// Nobody can say, so nobody is told that their token is not valid; and what is too old is not used either.
#[tokio::test]
async fn an_endpoint_that_is_down_is_503() {
    let site = Site::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { stopped.await.unwrap_or_default() };
    let running = tokio::spawn(serve_until(site.running.portal.router(), listener, shutdown));
    let endpoint = format!("http://{address}/oauth/introspect");
    let server = serve(validator(&endpoint, &site.api, &site.running.clock)).await;
    let (known, unknown) = (site.token("read").await, site.token("read").await);
    assert_good(&ask(server, "/read", &known).await);
    drop(stop);
    running.await.unwrap().unwrap();
    assert_unavailable(&ask(server, "/read", &unknown).await);
    assert_unavailable(&ask(server, "/read", "x").await);
    site.running.clock.step(STALENESS - 1);
    assert_good(&ask(server, "/read", &known).await);
    ask(server, "/write", &known).await.assert_error(403, "insufficient_scope", NOT_ENOUGH);
    site.running.clock.step(1);
    assert_unavailable(&ask(server, "/read", &known).await);
    // It is back.
    let listener = TcpListener::bind(address).await.unwrap();
    tokio::spawn(serve_until(site.running.portal.router(), listener, std::future::pending()));
    assert_good(&ask(server, "/read", &known).await);
}

#[tokio::test]
async fn an_endpoint_whose_database_is_down_is_503() {
    let site = Site::open().await;
    let server = site.resource_server().await;
    let token = site.token("read").await;
    site.running.database.execute("ALTER TABLE oauth2_token RENAME TO gone").await;
    assert_unavailable(&ask(server, "/read", &token).await);
    site.running.database.execute("ALTER TABLE gone RENAME TO oauth2_token").await;
    assert_good(&ask(server, "/read", &token).await);
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_is_503() {
    let site = Site::open().await;
    let server = serve(site.validator().timeout(Duration::from_millis(100))).await;
    let token = site.token("read").await;
    let held = Arc::clone(&site.calls.open).acquire_many_owned(ALL).await;
    assert_unavailable(&ask(server, "/read", &token).await);
    drop(held);
    assert_eq!(site.calls.taken(), 1);
}

/// The mistake is the operator's, and no client's token is to blame.
#[tokio::test]
async fn wrong_credentials_of_the_resource_server_are_503() {
    let site = Site::open().await;
    let token = site.token("read").await;
    for (id, secret) in [("api", "wrong"), ("nobody", site.api.secret.as_str()), ("native", "")] {
        let wrong = Credentials { id: id.into(), secret: secret.into() };
        let server = serve(validator(&site.endpoint, &wrong, &site.running.clock)).await;
        assert_unavailable(&ask(server, "/read", &token).await);
        assert_eq!(site.calls.taken(), 1);
    }
}

/// RFC 6749 section 2.3.1: both parts are encoded before they are joined.
#[tokio::test]
async fn credentials_with_any_characters_arrive() {
    let site = Site::open().await;
    let (id, secret) = ("api:1 %+", "s p:a%c+e \u{e9}");
    let api = Client { introspect: true, ..portal::client(id, &[]) };
    let hash = SecretHash::imported(secret).await.unwrap();
    site.running.portal.clients().ensure(Client { client_secret: Some(hash), ..api }).await.unwrap();
    let credentials = Credentials { id: id.into(), secret: secret.into() };
    let server = serve(validator(&site.endpoint, &credentials, &site.running.clock)).await;
    assert_good(&ask(server, "/read", &site.token("read").await).await);
}
