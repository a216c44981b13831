//! A rule of the profile is left out by the profile that lacks it, or by an exception with its reason.

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
