//! Generated code names nothing that the user could shadow or rename.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::{
    Use, client, code, code_grant, extension, grant, protect, scope, server, server_of_everything,
    server_with_metadata, token,
};

fn identifiers(tokens: TokenStream, found: &mut Vec<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => found.push(ident.to_string()),
            TokenTree::Group(group) => identifiers(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// With `crate = ..` the usual name of the runtime does not appear.
#[test]
fn a_renamed_runtime_is_used_everywhere() {
    let renamed = |mut case: Use| {
        if case.arguments.is_empty() {
            let item = case.item;
            case.item = quote!(#[oauth2(crate = ::renamed)] #item);
        } else {
            let arguments = case.arguments;
            case.arguments = quote!(#arguments, crate = ::renamed);
        }
        let mut found = Vec::new();
        identifiers(case.expansion(), &mut found);
        assert!(found.iter().any(|name| name == "renamed"));
        assert!(!found.iter().any(|name| name == "oauth2_runtime"), "{}", case.expansion());
    };
    let without_comma = |mut case: Use| {
        case.arguments = case.arguments.to_string().trim_end_matches([',', ' ']).parse().unwrap();
        case
    };
    let server = without_comma(server());
    let metadata = without_comma(server_with_metadata());
    for case in [grant(), extension(), protect(), server, metadata, without_comma(code_grant())] {
        renamed(case);
    }
    for mut case in [scope(), client(), token(), code()] {
        let item = case.item.to_string().replace("# [oauth2 (table = \"app\")]", "");
        let item = item.replace("# [oauth2 (table = \"app_token\")]", "");
        case.item = item.replace("# [oauth2 (table = \"app_code\")]", "").parse().unwrap();
        renamed(case);
    }
}

/// A path in generated code that starts with a name of the standard library starts with `::core`, so that a module
/// `core`, `std` or `sqlx` of the user's is never meant.
#[test]
fn paths_are_rooted() {
    let models = [scope(), client(), token(), code()];
    let others = [
        grant(),
        code_grant(),
        extension(),
        protect(),
        server(),
        server_of_everything(),
        server_with_metadata(),
    ];
    for case in models.into_iter().chain(others) {
        let text = case.expansion().to_string();
        for name in ["core", "std", "sqlx", "axum", "oauth2_runtime"] {
            let (all, rooted) = (format!("{name} ::"), format!(":: {name} ::"));
            assert_eq!(text.matches(&all).count(), text.matches(&rooted).count(), "`{name}` in {text}");
        }
        assert!(!text.contains(":: *"), "a glob import would shadow the user's names: {text}");
    }
}
