//! A rule of the profile is left out by the profile that lacks it, or by an exception with its reason.
#![deny(deprecated)]

use oauth2_runtime::prelude::*;
use oauth2_runtime::spec::{Profile, Relaxation};

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(extension = "urn:test:badge", refresh_token, scopes(Access::Read))]
struct Badge;

impl<S: OAuth2Server> ExtensionGrant<S> for Badge {
    async fn authorize(self, _: &GrantContext<'_, S>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject("u-1"))
    }
}

/// With public clients this breaks the rule `refresh_token_rotation`.
#[grant(refresh_token, rotate = false)]
struct Kept;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Badge, Kept),
    endpoints(revocation),
    client_auth(none, client_secret_basic),
    allow(refresh_token_rotation, reason = "kiosks cannot store what is new"),
)]
struct Excepted {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Badge, Kept),
    endpoints(revocation),
    client_auth(none, client_secret_basic),
    profile = "rfc6749",
)]
struct Classic {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// Clients that may leave PKCE out break the rule `pkce`.
#[grant(authorization_code, pkce = false)]
struct Lax;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Lax),
    client_auth(client_secret_basic),
    sign_in = password(nobody),
    allow(pkce, reason = "the scanners are older than RFC 7636"),
)]
struct Scanners {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Lax),
    client_auth(client_secret_basic),
    sign_in = password(nobody),
    profile = "rfc6749",
)]
struct ClassicScanners {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// Several rules, each with its own reason.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Lax, Badge, Kept),
    endpoints(revocation),
    client_auth(none),
    sign_in = password(nobody),
    allow(pkce, reason = "the scanners are older than RFC 7636"),
    allow(pkce_of_public_clients, reason = "the scanners have no secret"),
    allow(refresh_token_rotation, reason = "kiosks cannot store what is new"),
)]
struct Both {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// Sends tokens to browsers.
#[grant(implicit)]
struct Script;

/// Takes passwords.
#[grant(password)]
struct Till;

/// Without the reasons both are warnings, which are errors in this file: the UI tests `implicit_grant_warning` and
/// `password_grant_warning` have them.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Script, Till),
    client_auth(none),
    sign_in = password(nobody),
    profile = "rfc6749",
    allow(implicit_grant, reason = "the portal is from 2013"),
    allow(password_grant, reason = "the tills have no browser"),
)]
struct Legacy {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// The same grants with all other rules of OAuth 2.1.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Script, Till),
    client_auth(none),
    sign_in = password(nobody),
    allow(implicit_grant, reason = "the portal is from 2013"),
    allow(password_grant, reason = "the tills have no browser"),
)]
struct Migrating {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// Confidential clients may leave PKCE out where only the best current practice is asked for.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Lax),
    client_auth(client_secret_basic),
    sign_in = password(nobody),
    profile = "rfc9700",
)]
struct Practice {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

/// What would otherwise be a warning, each with its reason: long lives, and no revocation.
#[grant(authorization_code, code_ttl = 20m, access_token_ttl = 2d, refresh_token)]
struct Slow;

#[grant(refresh_token, ttl = 800d, access_token_ttl = 2d)]
struct Slower;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Slow, Slower),
    client_auth(client_secret_basic),
    sign_in = password(nobody),
    allow(long_code_ttl, reason = "people type the code on a ship"),
    allow(long_access_token_ttl, reason = "the ship is offline for a day"),
    allow(long_refresh_token_ttl, reason = "the journey takes two years"),
    allow(no_revocation_endpoint, reason = "the ship cannot ask"),
)]
struct Ship {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[tokio::test]
async fn warnings_are_answered_by_reasons() {
    let rules: Vec<&str> = Ship::SPEC.relaxed.iter().map(|relaxation| relaxation.rule).collect();
    let expected =
        ["long_code_ttl", "long_access_token_ttl", "long_refresh_token_ttl", "no_revocation_endpoint"];
    assert_eq!(rules, expected);
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    assert_eq!(Ship { db }.ready().await.unwrap().issuer().as_str(), "https://id.example");
}

#[test]
fn a_profile_is_a_list_of_rules() {
    assert_eq!(
        Profile::OAuth21.rules(),
        ["implicit_grant", "password_grant", "pkce", "pkce_of_public_clients", "refresh_token_rotation"]
    );
    let practice = ["implicit_grant", "password_grant", "pkce_of_public_clients", "refresh_token_rotation"];
    assert_eq!(Profile::Rfc9700.rules(), practice);
    assert_eq!(Profile::Rfc6749.rules(), <[&str; 0]>::default());
    assert_eq!(Practice::SPEC.profile, Profile::Rfc9700);
    assert_eq!((Migrating::SPEC.profile, Migrating::SPEC.relaxed), (Profile::OAuth21, Legacy::SPEC.relaxed));
}

#[tokio::test]
async fn legacy_grants_are_used_for_a_reason() {
    let implicit = Relaxation { rule: "implicit_grant", reason: "the portal is from 2013" };
    let password = Relaxation { rule: "password_grant", reason: "the tills have no browser" };
    assert_eq!((Legacy::SPEC.profile, Legacy::SPEC.relaxed), (Profile::Rfc6749, &[implicit, password][..]));
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    assert_eq!(Legacy { db }.ready().await.unwrap().issuer().as_str(), "https://id.example");
}

async fn nobody<S>(_: &S, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

#[tokio::test]
async fn pkce_is_left_out_for_a_reason() {
    let reason = "the scanners are older than RFC 7636";
    let pkce = Relaxation { rule: "pkce", reason };
    assert_eq!((Scanners::SPEC.profile, Scanners::SPEC.relaxed), (Profile::OAuth21, &[pkce][..]));
    let rotation = Relaxation { rule: "refresh_token_rotation", reason: "kiosks cannot store what is new" };
    let public = Relaxation { rule: "pkce_of_public_clients", reason: "the scanners have no secret" };
    assert_eq!(Both::SPEC.relaxed, [pkce, public, rotation]);
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    assert_eq!(Scanners { db }.ready().await.unwrap().issuer().as_str(), "https://id.example");
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    assert_eq!(Both { db }.ready().await.unwrap().issuer().as_str(), "https://id.example");
}

#[tokio::test]
async fn the_old_profile_does_not_ask_for_pkce() {
    let spec = ClassicScanners::SPEC;
    assert_eq!((spec.profile, spec.relaxed), (Profile::Rfc6749, &[][..]));
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    assert_eq!(ClassicScanners { db }.ready().await.unwrap().issuer().as_str(), "https://id.example");
}

#[tokio::test]
async fn an_exception_is_declared_with_its_reason() {
    let spec = Excepted::SPEC;
    let reason = "kiosks cannot store what is new";
    assert_eq!(spec.profile, Profile::OAuth21);
    assert_eq!(spec.relaxed, [Relaxation { rule: "refresh_token_rotation", reason }]);
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    assert_eq!(Excepted { db }.ready().await.unwrap().issuer().as_str(), "https://id.example");
}

#[tokio::test]
async fn the_old_profile_lacks_the_rule() {
    let spec = Classic::SPEC;
    assert_eq!((spec.profile, spec.relaxed), (Profile::Rfc6749, &[][..]));
    let db = SqlStore::open("sqlite::memory:").await.unwrap();
    assert_eq!(Classic { db }.ready().await.unwrap().issuer().as_str(), "https://id.example");
}
