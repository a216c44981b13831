//! Clients that contradict themselves or the server.

use oauth2_tests::running::Database;
use serde_json::{Value, json};

use crate::process::{Process, refused};
use crate::site::write_seed;

const FLAGS: [&str; 6] = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];

/// A client of which everything fits, but for what is changed; `null` removes a key.
fn client(changed: Value) -> Value {
    let mut client = json!({
        "client_id": "web", "client_secret": "secret", "redirect_uris": ["https://client.example/cb"],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "scope": "profile", "token_endpoint_auth_method": "client_secret_basic",
    });
    let entries = client.as_object_mut().unwrap();
    for (key, value) in changed.as_object().unwrap() {
        if value.is_null() {
            entries.remove(key);
        } else {
            entries.insert(key.clone(), value.clone());
        }
    }
    client
}

fn refuse(clients: &[Value]) -> String {
    let database = Database::default();
    write_seed(&database, &json!({ "clients": clients }));
    refused(database.folder(), &FLAGS, &[("RUST_LOG", "error")])
}

fn assert_refused(changed: Value, reason: &str) {
    assert_eq!(refuse(&[client(changed)]), format!("the seed's client `web` is refused: {reason}"));
}

#[test]
fn what_contradicts_itself() {
    for (changed, reason) in [
        (json!({ "redirect_uris": null }), "it is to receive codes, but it has no `redirect_uris`"),
        (json!({ "redirect_uris": [] }), "it is to receive codes, but it has no `redirect_uris`"),
        (
            json!({ "redirect_uris": null, "grant_types": null }),
            "it is to receive codes, but it has no `redirect_uris`",
        ),
        (
            json!({ "grant_types": ["client_credentials"] }),
            "it has the response type `code` without the grant type `authorization_code`",
        ),
        (
            json!({ "response_types": [] }),
            "it has the grant type `authorization_code` without the response type `code`",
        ),
        (
            json!({ "token_endpoint_auth_method": "none" }),
            "it has a `client_secret`, but its `token_endpoint_auth_method` is `none`",
        ),
        (
            json!({ "client_secret": null }),
            "its `token_endpoint_auth_method` is `client_secret_basic`, but it has no `client_secret`",
        ),
        (json!({ "client_secret": "" }), "`client_secret` must have 1 to 1024 bytes"),
        (json!({ "client_secret": "x".repeat(1025) }), "`client_secret` must have 1 to 1024 bytes"),
        (
            json!({ "client_secret": null, "token_endpoint_auth_method": null, "response_types": null,
                    "grant_types": ["client_credentials"] }),
            "`client_credentials` is for clients with a `client_secret` (RFC 6749 section 4.4)",
        ),
        (
            json!({ "client_secret": null, "token_endpoint_auth_method": "none", "introspect": true }),
            "`introspect` is for clients with a `client_secret` (RFC 7662 section 2.1)",
        ),
    ] {
        assert_refused(changed, reason);
    }
}

#[test]
fn what_contradicts_the_server() {
    for (changed, reason) in [
        (
            json!({ "grant_types": ["authorization_code", "implicit"] }),
            "this server has no grant type `implicit`",
        ),
        (
            json!({ "grant_types": ["password"], "response_types": [] }),
            "this server has no grant type `password`",
        ),
        (json!({ "response_types": ["code", "token"] }), "this server has no response type `token`"),
        (
            json!({ "token_endpoint_auth_method": "private_key_jwt" }),
            "this server has no client authentication method `private_key_jwt`",
        ),
        (json!({ "scope": "profile photos:delete" }), "this server has no scope `photos:delete`"),
    ] {
        assert_refused(changed, reason);
    }
}

#[test]
fn what_needs_a_feature_that_is_not_built_yet() {
    for (key, value, feature) in [
        ("jwks", json!({ "keys": [] }), "keys of clients"),
        ("jwks_uri", json!("https://client.example/jwks"), "keys of clients"),
        ("post_logout_redirect_uris", json!(["https://client.example/"]), "logout"),
        ("dpop_bound_access_tokens", json!(true), "DPoP"),
        ("subject_type", json!("pairwise"), "ID Tokens"),
        ("require_pushed_authorization_requests", json!(true), "pushed authorization requests"),
        ("request_uris", json!([]), "request objects"),
        ("tls_client_auth_subject_dn", json!("CN=client"), "client certificates"),
        ("logo_uri", json!("https://client.example/logo.png"), "more about clients on the pages"),
    ] {
        let reason = format!("`{key}` needs a feature that is not built yet: {feature}");
        assert_refused(json!({ key: value }), &reason);
    }
}

#[test]
fn what_is_no_client_metadata() {
    assert_refused(
        json!({ "secret": "x" }),
        "unknown field `secret`, expected one of `client_id`, `client_secret`, `client_name`, `redirect_uris`, \
         `grant_types`, `response_types`, `scope`, `token_endpoint_auth_method`, `introspect`",
    );
    assert_refused(json!({ "scope": ["profile"] }), "invalid type: sequence, expected a string");
    assert_refused(json!({ "introspect": "yes" }), "invalid type: string \"yes\", expected a boolean");
    assert_eq!(
        refuse(&[client(json!({})), client(json!({ "client_id": null }))]),
        "the seed's client number 2 is refused: missing field `client_id`"
    );
    assert_eq!(refuse(&[client(json!({})), client(json!({}))]), "the seed has the client `web` twice");
}

/// What only the framework can tell is told before anything is stored.
#[tokio::test]
async fn a_refused_client_keeps_the_others_out_too() {
    let database = Database::default();
    let user = json!({ "sub": "u-alice", "username": "alice", "password": "wonderland" });
    let wrong = client(json!({ "client_id": "other", "redirect_uris": ["http://client.example/cb"] }));
    write_seed(&database, &json!({ "users": [user], "clients": [client(json!({})), wrong] }));
    assert_eq!(
        refused(database.folder(), &FLAGS, &[]),
        "the client `other` cannot have the redirect URI `http://client.example/cb`: `http` is for loopback hosts only; \
         use `https`"
    );
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_client").await, 0);
    assert_eq!(database.number("SELECT COUNT(*) FROM provider_user").await, 0);
    let unprintable = client(json!({ "client_id": "w\nb" }));
    assert_eq!(
        refuse(&[unprintable]),
        "`w\\nb` is not a client identifier: it is one or more printable ASCII characters (RFC 6749 appendix A.1)"
    );
}

#[tokio::test]
async fn what_is_left_out_is_for_the_secret_and_the_redirect_uris_to_say() {
    let database = Database::default();
    let absent = json!({ "grant_types": null, "response_types": null, "token_endpoint_auth_method": null });
    let mut public = client(absent.clone());
    public["client_id"] = json!("public");
    public.as_object_mut().unwrap().remove("client_secret");
    // Saying that a feature is not wanted asks for nothing.
    public["dpop_bound_access_tokens"] = json!(false);
    public["jwks"] = json!(null);
    let only_introspects = json!({ "client_id": "resource", "client_secret": "secret", "introspect": true });
    write_seed(&database, &json!({ "clients": [client(absent), public, only_introspects] }));
    let mut process = Process::start(database.folder(), &FLAGS, &[]);
    process.address();
    let rows = "SELECT client_id || ' ' || (client_secret IS NOT NULL) || ' ' || introspect || ' ' || scope || ' ' || \
                COALESCE(grant_types, response_types, token_endpoint_auth_method, '-') \
                FROM oauth2_client ORDER BY client_id";
    assert_eq!(database.texts(rows).await, ["public 0 0 profile -", "resource 1 1  -", "web 1 0 profile -"]);
}
