//! `metadata(..)`, and what endpoints of the application's own add to the document.

use std::collections::BTreeSet;
use std::path::Path;

use axum::extract::Request as AxumRequest;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use oauth2_runtime::endpoint::{Endpoint, Mount, Mounted};
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::ServerMetadata;
use oauth2_tests::http::Request;
use oauth2_tests::running::{Database, listen};

const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

#[derive(Scope)]
enum Access {
    /// Read
    #[scope("read")]
    Read,
}

#[grant(client_credentials, scopes(Access::Read))]
struct Machine;

fn tiers() -> Vec<String> {
    vec!["free".into(), "paid".into()]
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Machine),
    client_auth(client_secret_basic),
    metadata(
        service_documentation = "https://id.example/docs?page=1#top",
        op_policy_uri = "https://id.example/policy",
        op_tos_uri = "https://id.example/terms",
        ui_locales_supported("en", "de-AT", "zh-Hant-TW", "x-klingon"),
        extra(
            acme_region = self.region.as_str(),
            acme_tiers = tiers(),
            acme_beta = true,
            acme_limits = ["1", "2"],
            acme_support = None::<u8>,
            r#type = serde_json::json!({ "a": 1 }),
        ),
    ),
)]
struct Documented {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    region: String,
}

#[tokio::test]
async fn the_document_has_what_is_added_and_nothing_else_changes() {
    let database = Database::default();
    let region = "eu".to_owned();
    let auth = Documented { db: database.store().await, region }.ready().await.unwrap();
    let answer = Request::get(WELL_KNOWN).send(listen(auth.router()).await).await;
    let expected = concat!(
        r#"{"issuer":"https://id.example","token_endpoint":"https://id.example/oauth/token","#,
        r#""scopes_supported":["read"],"response_types_supported":[],"#,
        r#""grant_types_supported":["client_credentials"],"#,
        r#""token_endpoint_auth_methods_supported":["client_secret_basic"],"#,
        r#""service_documentation":"https://id.example/docs?page=1#top","#,
        r#""ui_locales_supported":["en","de-AT","zh-Hant-TW","x-klingon"],"#,
        r#""op_policy_uri":"https://id.example/policy","op_tos_uri":"https://id.example/terms","#,
        r#""acme_beta":true,"acme_limits":["1","2"],"acme_region":"eu","acme_support":null,"#,
        r#""acme_tiers":["free","paid"],"type":{"a":1}}"#,
    );
    assert_eq!((answer.status, answer.body.as_str()), (200, expected));
}

/// An endpoint whose part in the document is `describe`.
macro_rules! endpoints {
    ($($name:ident $path:literal: $describe:expr;)*) => {
        $(
            enum $name {}

            impl<S: oauth2_runtime::grant::Dispatch> Endpoint<S> for $name {
                const PATH: &'static str = $path;
                const METHODS: MethodFilter = MethodFilter::GET;

                fn describe(_: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
                    let describe: fn(&mut ServerMetadata, String) = $describe;
                    describe(metadata, url);
                }

                async fn call(_: Mounted<S>, _: AxumRequest) -> Response {
                    "here".into_response()
                }
            }
        )*
    };
}

endpoints! {
    Keys "/keys": |metadata, url| { metadata.additional.insert("jwks_uri", url.into()); };
    OtherKeys "/other-keys": |metadata, url| { metadata.additional.insert("jwks_uri", url.into()); };
    Region "/region": |metadata, url| { metadata.additional.insert("acme_region", url.into()); };
    Derived "/token": |metadata, url| { metadata.additional.insert("token_endpoint", url.into()); };
    Keyed "/terms": |metadata, url| { metadata.additional.insert("op_tos_uri", url.into()); };
    Replaced "/token": |metadata, url| metadata.token_endpoint = Some(url);
    Renamed "/issuer": |metadata, url| metadata.issuer = url;
    Pushed "/grants": |metadata, _| metadata.grant_types_supported.push("password");
    Terms "/terms": |metadata, url| metadata.op_tos_uri = Some(url);
    Revocation "/end": |metadata, url| metadata.revocation_endpoint = Some(url);
}

/// The one line that `ready()` says about a server with these endpoints, or the members of its document.
macro_rules! ready {
    ($($endpoint:path),*; $($key:tt)*) => {{
        #[oauth2_server(
            issuer = "https://id.example/tenant",
            scopes = Access,
            grants(Machine),
            endpoints($($endpoint),*),
            client_auth(client_secret_basic),
            $($key)*
        )]
        struct Auth {
            #[oauth2(store)]
            db: SqlStore<Sqlite>,
        }
        let database = Database::default();
        match (Auth { db: database.store().await }).ready().await {
            Ok(auth) => {
                let target = format!("{WELL_KNOWN}/tenant");
                Ok(Request::get(&target).send(listen(auth.router()).await).await.json())
            }
            Err(error) => {
                // Nothing is created for a server that cannot start.
                assert_eq!(database.texts("SELECT name FROM sqlite_master").await, Vec::<String>::new());
                Err(error.to_string())
            }
        }
    }};
}

fn twice(name: &str, path: &str) -> Result<serde_json::Value, String> {
    Err(format!(
        "`{name}` is in the metadata document twice, the second time by the endpoint at `{path}`: leave it out of one"
    ))
}

fn derived(name: &str, path: &str) -> Result<serde_json::Value, String> {
    Err(format!(
        "the endpoint at `{path}` adds `{name}` to the metadata document, which is derived from the declaration: leave it \
         out, or set the field of `ServerMetadata` if the endpoint stands in for a built-in one"
    ))
}

#[tokio::test]
async fn a_member_that_is_there_twice_is_one_line() {
    assert_eq!(ready!(Keys, OtherKeys;), twice("jwks_uri", "/tenant/other-keys"));
    assert_eq!(ready!(Region; metadata(extra(acme_region = "eu")),), twice("acme_region", "/tenant/region"));
    let terms = ready!(Terms; metadata(op_tos_uri = "https://id.example/terms"),);
    assert_eq!(terms, twice("op_tos_uri", "/tenant/terms"));
    assert_eq!(ready!(Revocation, revocation;), twice("revocation_endpoint", "/tenant/oauth/revoke"));
}

#[tokio::test]
async fn a_derived_member_is_one_line() {
    assert_eq!(ready!(Derived;), derived("token_endpoint", "/tenant/token"));
    assert_eq!(ready!(Keyed;), derived("op_tos_uri", "/tenant/terms"));
    assert_eq!(ready!(Replaced;), twice("token_endpoint", "/tenant/token"));
    assert_eq!(ready!(Renamed;), twice("issuer", "/tenant/issuer"));
    assert_eq!(ready!(Pushed;), twice("grant_types_supported", "/tenant/grants"));
}

/// What an endpoint of one's own backs may have a registered name.
#[tokio::test]
async fn an_own_endpoint_says_what_it_is() {
    let document = ready!(Keys, Terms, Revocation; metadata(extra(acme_region = "eu")),).unwrap();
    for (name, value) in [
        ("jwks_uri", "https://id.example/tenant/keys"),
        ("op_tos_uri", "https://id.example/tenant/terms"),
        ("revocation_endpoint", "https://id.example/tenant/end"),
        ("acme_region", "eu"),
    ] {
        assert_eq!(document[name], value, "{document}");
    }
}

/// The texts in the list that the constant `name` is in a source file.
fn list(path: &str, name: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let source = std::fs::read_to_string(path).unwrap();
    let list = source.split_once(&format!("const {name}: ")).unwrap().1;
    let list = list.split_once("];").unwrap().0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What the compiler calls derived is what the document derives.
#[test]
fn the_lists_of_the_compiler_and_of_the_document_agree() {
    let members = "oauth2-macros/src/check/metadata_members.rs";
    let (derived, informational) = (list(members, "DERIVED"), list(members, "INFORMATIONAL"));
    let fields = list("oauth2-runtime/src/types/server_metadata.rs", "FIELDS");
    assert_eq!((derived.len(), informational.len()), (14, 4));
    assert_eq!(&derived | &informational, fields);
    assert_eq!(&derived & &informational, BTreeSet::new());
    let others = list(members, "REGISTERED");
    assert!(others.contains("jwks_uri") && others.is_disjoint(&fields), "{others:?}");
}
