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

/// Both rules, each with its own reason.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Lax, Badge, Kept),
    client_auth(none),
    sign_in = password(nobody),
    allow(pkce, reason = "the scanners are older than RFC 7636"),
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

/// Without the reasons both are warnings, which are errors in this file: the UI tests `legacy` and `legacy_password` have them.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Script, Till),
    client_auth(none),
    sign_in = password(nobody),
    profile = "rfc6749",
    allow(implicit, reason = "the portal is from 2013"),
    allow(password, reason = "the tills have no browser"),
)]
struct Legacy {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[tokio::test]
async fn legacy_grants_are_used_for_a_reason() {
    let implicit = Relaxation { rule: "implicit", reason: "the portal is from 2013" };
    let password = Relaxation { rule: "password", reason: "the tills have no browser" };
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
    assert_eq!(Both::SPEC.relaxed, [pkce, rotation]);
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
