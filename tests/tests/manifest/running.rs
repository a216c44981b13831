//! What the manifest says is what the running server does.

use std::collections::BTreeMap;

use oauth2_runtime::prelude::*;
use oauth2_tests::http::Request;
use oauth2_tests::portal::{Portal, RunningPortal};
use serde_json::{Value, json};

/// The issuer's path has a part in every address, and for the metadata it comes last.
const ISSUER: &str = "http://127.0.0.1/tenant";

#[tokio::test]
async fn a_running_server_knows_its_issuer_and_its_addresses() {
    let running = RunningPortal::start_as(ISSUER).await;
    let manifest = running.portal.manifest();
    assert_eq!(
        manifest.to_string(),
        format!(
            "issuer http://127.0.0.1/tenant\n  \
               authorization http://127.0.0.1/tenant/oauth/authorize\n  \
               consent http://127.0.0.1/tenant/consent\n  \
               introspection http://127.0.0.1/tenant/oauth/introspect\n  \
               metadata http://127.0.0.1/.well-known/oauth-authorization-server/tenant\n  \
               revocation http://127.0.0.1/tenant/oauth/revoke\n  \
               sign_in http://127.0.0.1/tenant/login\n  \
               token http://127.0.0.1/tenant/oauth/token\n\
             \n{}",
            Portal::MANIFEST
        )
    );
    let json = serde_json::to_value(&manifest).unwrap();
    assert_eq!(json["issuer"], ISSUER);
    assert_eq!(
        json["addresses"][6],
        json!({"endpoint": "token", "url": "http://127.0.0.1/tenant/oauth/token"})
    );
    // And everything the declaration says.
    let Value::Object(declared) = serde_json::to_value(Portal::MANIFEST).unwrap() else {
        panic!("no object")
    };
    assert!(declared.iter().all(|(name, value)| json[name] == *value), "{json}");
    assert_eq!(manifest.grants.len(), 3);
}

/// Every method of every endpoint, and no other.
#[tokio::test]
async fn the_endpoints_answer_the_methods_that_are_listed() {
    let running = RunningPortal::start_as(ISSUER).await;
    let manifest = running.portal.manifest();
    let methods: BTreeMap<_, _> =
        manifest.routes().into_iter().map(|route| (route.endpoint, route.methods)).collect();
    assert_eq!(methods.len(), manifest.addresses.len());
    for address in &manifest.addresses {
        let path = address.url.strip_prefix("http://127.0.0.1").unwrap();
        let mut answered = Vec::new();
        for method in ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"] {
            let answer = running.send(Request::new(method, path)).await;
            assert_ne!(answer.status, 404, "{method} {path}");
            if answer.status != 405 {
                answered.push(method);
            }
        }
        assert_eq!(answered, methods[&address.endpoint], "{}", address.endpoint);
    }
}

/// The metadata document and the manifest have one source.
#[tokio::test]
async fn the_metadata_document_says_the_same() {
    let running = RunningPortal::start_as(ISSUER).await;
    let manifest = running.portal.manifest();
    let answer = running.send(Request::get("/.well-known/oauth-authorization-server/tenant")).await;
    let document = answer.json();
    assert_eq!(document["scopes_supported"], json!(manifest.scopes));
    let grant_types: Vec<_> = manifest.grants.iter().map(|grant| grant.grant_type).collect();
    assert_eq!(document["grant_types_supported"], json!(grant_types));
    let routes = manifest.routes();
    for name in ["token", "revocation", "introspection"] {
        let route = routes.iter().find(|route| route.endpoint == name).unwrap();
        let address = manifest.addresses.iter().find(|address| address.endpoint == name).unwrap();
        assert_eq!(document[format!("{name}_endpoint")], address.url);
        let methods = &document[format!("{name}_endpoint_auth_methods_supported")];
        assert_eq!(*methods, json!(route.client_auth), "{name}");
    }
}

/// The tables as the database has them after `ready()`.
#[tokio::test]
async fn the_tables_are_those_of_the_database() {
    let running = RunningPortal::start().await;
    let tables = Portal::MANIFEST.tables();
    let names: Vec<_> = tables.iter().map(|table| table.name).collect();
    assert_eq!(names, ["oauth2_client", "oauth2_token", "portal_code", "oauth2_session", "oauth2_consent"]);
    for table in tables {
        let columns = table.columns.iter().map(|column| {
            let null = i32::from(!column.nullable);
            format!("{} {} {null}", column.name, column.sql_type)
        });
        let sql = format!(
            "SELECT name || ' ' || type || ' ' || \"notnull\" FROM pragma_table_info('{}') ORDER BY cid",
            table.name
        );
        assert_eq!(columns.collect::<Vec<_>>(), running.database.texts(&sql).await, "{}", table.name);
        let indexed = |unique: bool| {
            let columns =
                table.columns.iter().filter(move |column| column.indexed && column.unique == unique);
            columns.map(|column| column.name.to_owned()).collect::<Vec<_>>()
        };
        for unique in [true, false] {
            // Those over one column.
            let sql = format!(
                "SELECT (SELECT name FROM pragma_index_info(i.name)) FROM pragma_index_list('{}') AS i WHERE \"unique\" \
                 = {} AND (SELECT COUNT(*) FROM pragma_index_info(i.name)) = 1 ORDER BY 1",
                table.name,
                i32::from(unique)
            );
            let mut declared = indexed(unique);
            declared.sort();
            assert_eq!(declared, running.database.texts(&sql).await, "{} {unique}", table.name);
        }
    }
}
