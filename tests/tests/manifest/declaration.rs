//! What `Auth::MANIFEST` says of a declaration.

use oauth2_runtime::client_auth::{ClientAuthMethod, Unauthenticated};
use oauth2_runtime::endpoint::introspection::IntrospectionEndpoint;
use oauth2_runtime::endpoint::{Caller, Chain, Endpoint, Link, Mount, Mounted};
use oauth2_runtime::prelude::*;
use oauth2_runtime::spec::SignInBy;
use oauth2_runtime::testing::pin_manifest;
use oauth2_runtime::types::ServerMetadata;
use oauth2_tests::classic::Classic;
use oauth2_tests::portal::Portal;
use oauth2_tests::provider::{Access, Auth};
use serde_json::json;

/// Every grant, under the profile of old.
#[test]
fn classic() {
    pin_manifest(&Classic::MANIFEST, "tests/manifest/classic.manifest");
}

/// Models of its own, and nobody who signs in.
#[test]
fn provider() {
    pin_manifest(&Auth::MANIFEST, "tests/manifest/provider.manifest");
}

/// What is constant is there for the compiler.
const _: () = assert!(Portal::MANIFEST.subjects && Portal::MANIFEST.purge && !Portal::MANIFEST.own_tokens);
const _: () = {
    let mut rest = Portal::MANIFEST.grants;
    while let [grant, others @ ..] = rest {
        assert!(grant.requires_pkce && grant.access_token_ttl.as_secs() <= 3600);
        rest = others;
    }
};

#[test]
fn what_is_constant_is_data() {
    let manifest = Classic::MANIFEST;
    assert_eq!(manifest.profile, "rfc6749");
    assert_eq!(manifest.sign_in, SignInBy::Password);
    assert_eq!(manifest.scopes, ["read", "write", "admin"]);
    let grant_types: Vec<_> = manifest.grants.iter().map(|grant| grant.grant_type).collect();
    assert_eq!(
        grant_types,
        [
            "authorization_code",
            "implicit",
            "password",
            "refresh_token",
            "client_credentials",
            "urn:test:badge"
        ]
    );
    let reasons: Vec<_> = manifest.relaxations.iter().map(|relaxation| relaxation.reason).collect();
    assert_eq!(reasons, ["the portal's script is older than CORS", "the tills have no browser"]);
    assert_eq!(manifest.client_auth(), ["none", "client_secret_basic", "client_secret_post"]);
    assert_eq!(manifest.lifetimes.session.map(|ttl| ttl.as_secs()), Some(43_200));
    // The other server has no browser to sign anybody in with.
    assert_eq!(Auth::MANIFEST.lifetimes.session, None);
}

enum Motto {}

impl Endpoint<House> for Motto {
    const PATH: &'static str = "/motto";
    const CALLER: Caller = Caller::Anybody;

    fn describe(_: &Mount<House>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<House>, _: axum::extract::Request) -> axum::response::Response {
        axum::response::Response::default()
    }
}

/// It has a name and error codes of its own.
enum Pairing {}

impl Endpoint<House> for Pairing {
    const PATH: &'static str = "/pair";
    const NAME: &'static str = "pairing";
    const ERROR_CODES: &'static [ErrorCode] = &[ErrorCode::AccessDenied, ErrorCode::InvalidClient];

    fn describe(_: &Mount<House>, _: &mut ServerMetadata, _: String) {}

    async fn call(_: Mounted<House>, _: axum::extract::Request) -> axum::response::Response {
        axum::response::Response::default()
    }
}

enum First {}

impl<S: oauth2_runtime::grant::Dispatch> Link<S> for First {
    async fn answer(
        _: &oauth2_runtime::client_auth::ClientRequest<'_, S>,
    ) -> Result<Option<axum::response::Response>, OAuthError> {
        Ok(None)
    }
}

enum Certificate {}

impl<S: OAuth2Server> ClientAuthMethod<S> for Certificate {
    const NAME: &'static str = "tls_client_auth";

    fn presented(_: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        Ok(None)
    }

    async fn verify(_: &Ready<S>, _: &S::Client, _: &Unauthenticated<'_>) -> Result<bool, OAuthError> {
        Ok(false)
    }
}

#[grant(client_credentials)]
struct Machine;

/// A secret and an issuer that nobody may find in the manifest.
#[oauth2_server(
    issuer = "https://secret-issuer.example",
    scopes = Access,
    grants(Machine),
    endpoints(Motto, Pairing, Chain<First, IntrospectionEndpoint>(client_auth(none, Certificate))),
    client_auth(client_secret_basic),
)]
struct House {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[test]
fn endpoints_of_the_applications_own_are_there_by_their_types() {
    let routes = serde_json::to_value(House::MANIFEST.routes()).unwrap();
    let expected = json!([
        {
            "endpoint": "Motto",
            "answered_by": "Motto",
            "path": "/motto",
            "methods": ["POST"],
            "client_auth": [],
            "layer": false,
            "error_codes": [],
        },
        {
            "endpoint": "introspection",
            "answered_by": "Chain<First, IntrospectionEndpoint>",
            "path": "/oauth/introspect",
            "methods": ["POST"],
            // `none` proves nothing, and counts for nothing there.
            "client_auth": ["tls_client_auth"],
            "layer": false,
            "error_codes": ["invalid_request", "invalid_client", "server_error", "temporarily_unavailable"],
        },
        {
            "endpoint": "metadata",
            "answered_by": "MetadataEndpoint",
            "path": "/.well-known/oauth-authorization-server",
            "methods": ["GET"],
            "client_auth": [],
            "layer": false,
            "error_codes": [],
        },
        {
            "endpoint": "pairing",
            "answered_by": "Pairing",
            "path": "/pair",
            "methods": ["POST"],
            "client_auth": ["client_secret_basic"],
            "layer": false,
            "error_codes": ["access_denied", "invalid_client"],
        },
        {
            "endpoint": "token",
            "answered_by": "TokenEndpoint",
            "path": "/oauth/token",
            "methods": ["POST"],
            "client_auth": ["client_secret_basic"],
            "layer": false,
            "error_codes": [
                "invalid_request",
                "invalid_client",
                "invalid_grant",
                "unauthorized_client",
                "unsupported_grant_type",
                "invalid_scope",
                "server_error",
                "temporarily_unavailable",
            ],
        },
    ]);
    assert_eq!(routes, expected);
}

#[test]
fn the_declarations_manifest_has_no_issuer() {
    let manifest = House::MANIFEST;
    let json = serde_json::to_string(&manifest).unwrap();
    for text in [manifest.to_string(), json] {
        assert!(text.contains("/oauth/token"), "{text}");
        assert!(!text.contains("secret-issuer"), "{text}");
    }
}

/// The same facts, for programs. Durations are seconds.
#[test]
fn it_serializes_whole() {
    let json = serde_json::to_value(Portal::MANIFEST).unwrap();
    let members: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = vec![
        "profile",
        "relaxations",
        "client_auth",
        "sign_in",
        "subjects",
        "own_tokens",
        "schema",
        "purge",
        "lifetimes",
        "scopes",
        "grants",
        "routes",
        "protected_route_errors",
        "tables",
    ];
    expected.sort_unstable();
    assert_eq!(members, expected);
    assert_eq!(
        json["lifetimes"],
        json!({
            "session": 43_200,
            "code_retry_window": 10,
            "code_memory": 86_400,
            "refresh_token_retry_window": 10,
        })
    );
    assert_eq!(
        json["grants"][0],
        json!({
            "grant_type": "authorization_code",
            "access_token_ttl": 600,
            "confidential_only": false,
            "default_right": "redirect_uris",
            "issues_refresh_tokens": true,
            "redeems_refresh_tokens": false,
            "rotates_refresh_tokens": true,
            "refresh_token_ttl": null,
            "scopes": null,
            "default_scopes": null,
            "code_ttl": 60,
            "requires_pkce": true,
            "response_type": "code",
            "token_request": true,
            "legacy": null,
            "extensions": [],
        })
    );
    assert_eq!(json["protected_route_errors"][1], "invalid_token");
    let origin = json["tables"][2]["columns"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&json["tables"][2]["name"], origin),
        (
            &json!("portal_code"),
            &json!({
                "name": "origin", "role": null, "sql_type": "TEXT", "nullable": false, "unique": false, "indexed": false,
            })
        )
    );
}
