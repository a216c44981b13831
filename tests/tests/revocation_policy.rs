//! What the revocation endpoint finds and ends: the shipped cascades, and a policy of the application's own (RFC 7009).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use oauth2_runtime::client_auth::ClientRequest;
use oauth2_runtime::endpoint::revocation::RevocationEndpoint;
use oauth2_runtime::endpoint::{PresentedToken, RevocationPolicy};
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::random::SystemRandom;
use oauth2_runtime::server::Environment;
use oauth2_tests::clock::SteppingClock;
use oauth2_tests::http::{Request, Response};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Database, Tokens, listen};

/// Three servers that differ in one entry of `endpoints(..)`.
macro_rules! server {
    ($module:ident: $($endpoint:tt)*) => {
        mod $module {
            use super::*;

            #[grant(extension = "urn:test:badge", refresh_token)]
            pub(super) struct Badge {
                number: String,
            }

            impl ExtensionGrant<Auth> for Badge {
                async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
                    Ok(Authorized::subject(self.number))
                }
            }

            #[grant(refresh_token)]
            pub(super) struct Renewal;

            #[oauth2_server(
                issuer = "https://id.example",
                scopes = Access,
                grants(Badge, Renewal),
                endpoints($($endpoint)*),
                client_auth(none, client_secret_basic),
                signals(token_revoked = token_revoked),
            )]
            pub(super) struct Auth {
                #[oauth2(store)]
                pub(super) db: SqlStore<Sqlite>,
                pub(super) seen: Seen,
            }

            async fn token_revoked(auth: &Auth, event: &TokenRevoked) {
                let family = event.grant_id.is_some();
                auth.seen.record(format!("token_revoked {} {} {family}", event.client_id, event.tokens));
            }

            #[protect(Auth, any)]
            async fn whoami(token: Bearer<Auth>) -> String {
                token.client_id.to_string()
            }

            pub(super) async fn start() -> Site {
                let (database, seen) = (Database::default(), Seen::default());
                let auth = Auth { db: database.store().await, seen: seen.clone() };
                let clock = SteppingClock::default();
                let auth = auth.ready_in(Environment::new(clock.clone(), SystemRandom)).await.unwrap();
                let secret = ClientSecret::generate().unwrap();
                for id in ["gate", "other"] {
                    let client = Client { client_secret: Some(secret.hash()), ..Client::new(id, ScopeSet::all()) };
                    auth.clients().ensure(client).await.unwrap();
                }
                let rights = ["urn:test:badge", "refresh_token"].into_iter().collect();
                let public = Client { grant_types: Some(rights), ..Client::new("public", ScopeSet::all()) };
                auth.clients().ensure(public).await.unwrap();
                let app = Router::new().route("/whoami", get(whoami)).merge(auth.router());
                Site { address: listen(app.with_state(auth)).await, clock, database, seen, secret }
            }
        }
    };
}

server!(whole: revocation(cascade = Cascade::Grant));
server!(alone: revocation(path = "/revoke", cascade = Cascade::Token));
server!(own: RevocationEndpoint<Own>);

/// What a server's own functions were told.
#[derive(Debug, Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn record(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Finds tokens behind a label, and does by the scope what it is asked to test.
struct Own;

impl RevocationPolicy<own::Auth> for Own {
    async fn query_token(
        cx: &ClientRequest<'_, own::Auth>,
        token: &str,
        hint: Option<&str>,
    ) -> Result<Option<PresentedToken<own::Auth>>, OAuthError> {
        cx.server().seen.record(format!("query_token {} {}", cx.client().client_id, hint.unwrap_or("-")));
        PresentedToken::find(cx.server(), token.strip_prefix("legacy:").unwrap_or(token), hint).await
    }

    async fn revoke_token(
        cx: &ClientRequest<'_, own::Auth>,
        token: &PresentedToken<own::Auth>,
    ) -> Result<u64, OAuthError> {
        let kind = if token.is_refresh_token() { "refresh" } else { "access" };
        cx.server().seen.record(format!("revoke_token {kind} {}", token.row().scope));
        match token.row().scope.to_string().as_str() {
            "write" => Ok(0),
            "admin" => Err(OAuthError::unavailable("the audit log is full")),
            _ => token.end_grant(cx.server()).await,
        }
    }
}

struct Site {
    address: SocketAddr,
    clock: SteppingClock,
    database: Database,
    seen: Seen,
    secret: ClientSecret,
}

impl Site {
    async fn post(&self, client: &str, path: &str, body: &str) -> Response {
        let request = match client {
            "public" => Request::form(path, format!("{body}&client_id=public")),
            _ => Request::form(path, body).basic(client, self.secret.expose()),
        };
        request.send(self.address).await
    }

    async fn tokens(&self, client: &str, scope: &str) -> Tokens {
        let body = format!("grant_type=urn:test:badge&number=7&scope={scope}");
        Tokens::of(&self.post(client, "/oauth/token", &body).await)
    }

    async fn refresh(&self, client: &str, token: &str, scope: &str) -> Response {
        let body = format!("grant_type=refresh_token&refresh_token={token}&scope={scope}");
        self.post(client, "/oauth/token", &body).await
    }

    /// 200 and nothing else, whatever has happened (RFC 7009 section 2.2).
    async fn revoke_at(&self, path: &str, client: &str, body: &str) {
        let answer = self.post(client, path, &format!("token={body}")).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{answer:?}");
    }

    async fn revoke(&self, client: &str, body: &str) {
        self.revoke_at("/oauth/revoke", client, body).await;
    }

    async fn is_live(&self, access_token: &str) -> bool {
        let answer = Request::get("/whoami").bearer(access_token).send(self.address).await;
        assert!([200, 401].contains(&answer.status), "{answer:?}");
        answer.status == 200
    }

    /// How many refresh tokens could still be used.
    async fn live_refresh_tokens(&self) -> i64 {
        let live = "SELECT COUNT(*) FROM oauth2_token WHERE refresh_token IS NOT NULL AND revoked_at IS NULL";
        self.database.number(live).await
    }
}

/// A refresh token and access tokens of the same authorization: the last one, and a narrowed one of before.
async fn family(site: &Site, client: &str) -> (Tokens, String) {
    let first = site.tokens(client, "read+write").await;
    let narrowed = Tokens::of(&site.refresh(client, &first.refresh, "read").await);
    let last = Tokens::of(&site.refresh(client, &narrowed.refresh, "").await);
    assert!(site.is_live(&narrowed.access).await && site.is_live(&last.access).await);
    let _ = site.seen.take();
    (last, narrowed.access)
}

#[tokio::test]
async fn revoke_token_ends_the_whole_authorization_of_a_refresh_token() {
    let site = whole::start().await;
    for client in ["gate", "public"] {
        let (last, narrowed) = family(&site, client).await;
        site.revoke(client, &last.refresh).await;
        assert!(!site.is_live(&last.access).await && !site.is_live(&narrowed).await, "{client}");
        assert_eq!(site.seen.take(), [format!("token_revoked {client} 2 true")]);
        assert_eq!(site.live_refresh_tokens().await, 0);
    }
}

#[tokio::test]
async fn revoke_token_ends_an_access_token_alone_with_either_cascade() {
    for (site, path) in [(whole::start().await, "/oauth/revoke"), (alone::start().await, "/revoke")] {
        for client in ["gate", "public"] {
            let (last, narrowed) = family(&site, client).await;
            site.revoke_at(path, client, &last.access).await;
            assert!(!site.is_live(&last.access).await && site.is_live(&narrowed).await, "{client}");
            assert_eq!(site.seen.take(), [format!("token_revoked {client} 1 true")]);
            assert_eq!(site.refresh(client, &last.refresh, "").await.status, 200);
        }
    }
}

#[tokio::test]
async fn revoke_token_with_the_cascade_token_spares_access_tokens_issued_on_their_own() {
    let site = alone::start().await;
    for client in ["gate", "public"] {
        let (last, narrowed) = family(&site, client).await;
        site.revoke_at("/revoke", client, &last.refresh).await;
        assert!(!site.is_live(&last.access).await && site.is_live(&narrowed).await, "{client}");
        assert_eq!(site.seen.take(), [format!("token_revoked {client} 1 true")]);
        assert_eq!(site.live_refresh_tokens().await, 0);
        let refused = site.refresh(client, &last.refresh, "").await;
        refused.assert_error(400, "invalid_grant", "the refresh token is not valid");
    }
}

/// Its successor must not go on.
#[tokio::test]
async fn revoke_token_of_a_used_refresh_token_ends_its_successors_with_either_cascade() {
    for (site, path) in [(whole::start().await, "/oauth/revoke"), (alone::start().await, "/revoke")] {
        let first = site.tokens("gate", "read").await;
        let second = Tokens::of(&site.refresh("gate", &first.refresh, "").await);
        site.revoke_at(path, "gate", &first.refresh).await;
        assert!(!site.is_live(&second.access).await);
        assert_eq!(site.refresh("gate", &second.refresh, "").await.status, 400);
        assert_eq!(site.live_refresh_tokens().await, 0);
    }
}

/// Also one that the refresh grant would not take any more.
#[tokio::test]
async fn revoke_token_ends_an_expired_refresh_token_with_the_cascade_token() {
    let site = alone::start().await;
    let tokens = site.tokens("gate", "read").await;
    site.clock.step(30 * 86_400);
    site.revoke_at("/revoke", "gate", &tokens.refresh).await;
    assert_eq!(site.live_refresh_tokens().await, 0);
}

#[tokio::test]
async fn revoke_token_while_the_token_is_used_leaves_no_live_refresh_token() {
    for (site, path) in [(whole::start().await, "/oauth/revoke"), (alone::start().await, "/revoke")] {
        for _ in 0..20 {
            let tokens = site.tokens("gate", "read").await;
            let ((), used) = tokio::join!(
                site.revoke_at(path, "gate", &tokens.refresh),
                site.refresh("gate", &tokens.refresh, "")
            );
            assert!([200, 400].contains(&used.status), "{used:?}");
            assert_eq!(site.live_refresh_tokens().await, 0);
        }
    }
}

#[tokio::test]
async fn revoke_token_of_another_client_ends_nothing_with_any_policy() {
    for (site, path) in [
        (whole::start().await, "/oauth/revoke"),
        (alone::start().await, "/revoke"),
        (own::start().await, "/oauth/revoke"),
    ] {
        let tokens = site.tokens("gate", "read").await;
        for client in ["other", "public"] {
            for token in [&tokens.access, &tokens.refresh] {
                site.revoke_at(path, client, token).await;
            }
        }
        assert!(!site.seen.take().iter().any(|line| line.contains("revoke")));
        assert!(site.is_live(&tokens.access).await);
        assert_eq!(site.live_refresh_tokens().await, 1);
    }
}

#[tokio::test]
async fn query_token_of_ones_own_is_told_client_and_hint() {
    let site = own::start().await;
    let tokens = site.tokens("gate", "read").await;
    site.revoke("gate", &format!("legacy:{}&token_type_hint=refresh_token", tokens.access)).await;
    let expected =
        ["query_token gate refresh_token", "revoke_token access read", "token_revoked gate 1 true"];
    assert_eq!(site.seen.take(), expected);
    assert!(!site.is_live(&tokens.access).await);
    assert_eq!(site.live_refresh_tokens().await, 0);
    site.revoke("public", "nothing").await;
    assert_eq!(site.seen.take(), ["query_token public -"]);
}

#[tokio::test]
async fn revoke_token_of_ones_own_may_end_nothing_or_fail() {
    let site = own::start().await;
    let kept = site.tokens("gate", "write").await;
    site.revoke("gate", &kept.refresh).await;
    assert_eq!(site.seen.take(), ["query_token gate -", "revoke_token refresh write"]);
    assert!(site.is_live(&kept.access).await);
    let failing = site.tokens("gate", "admin").await;
    let answer = site.post("gate", "/oauth/revoke", &format!("token={}", failing.access)).await;
    answer.assert_error(503, "temporarily_unavailable", "the server cannot answer now, try again soon");
    assert_eq!(site.seen.take(), ["query_token gate -", "revoke_token access admin"]);
    assert!(site.is_live(&failing.access).await);
}
