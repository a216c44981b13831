//! Half-typed attributes: the item comes back, there is an error, and nothing panics.

use proc_macro2::TokenStream;

use super::{
    Use, code_grant, extension, grant, protect, protect_with_everything, server, server_of_everything,
    server_with_metadata,
};

/// Every beginning of the attribute's tokens, also inside its brackets.
fn beginnings(tokens: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let mut cuts = Vec::new();
    for end in 0..trees.len() {
        let before: TokenStream = trees[..end].iter().cloned().collect();
        cuts.push(before.clone());
        if let proc_macro2::TokenTree::Group(group) = &trees[end] {
            for inner in beginnings(&group.stream()) {
                let shorter = proc_macro2::Group::new(group.delimiter(), inner);
                cuts.push(before.clone().into_iter().chain([shorter.into()]).collect());
            }
        }
    }
    cuts
}

fn survives(case: &Use, marker: &str) -> usize {
    let cuts = beginnings(&case.arguments);
    for cut in &cuts {
        let expansion = (case.expand)(cut.clone(), case.item.clone()).to_string();
        assert!(expansion.contains(marker), "`{cut}` lost the item: {expansion}");
    }
    cuts.len()
}

#[test]
fn a_cut_attribute_keeps_the_item() {
    let mut cuts = survives(&server(), "struct Auth");
    cuts += survives(&server_of_everything(), "struct Auth");
    cuts += survives(&server_with_metadata(), "struct Auth");
    cuts += survives(&grant(), "struct Robots");
    cuts += survives(&code_grant(), "struct WebSignIn");
    cuts += survives(&extension(), "struct SmsCode");
    cuts += survives(&protect(), "async fn photos");
    cuts += survives(&protect_with_everything(), "async fn photos");
    assert!(cuts > 100, "{cuts}");
}

/// The cuts above reach every entry that a declaration can have.
#[test]
fn every_entry_is_cut() {
    let written = |case: Use| case.arguments.to_string();
    let servers = written(server()) + &written(server_of_everything());
    for entry in ["sign_in = password", "models (code =", "purge = off", "subjects =", "allow (", "schema ="]
    {
        assert!(servers.contains(entry), "{entry}");
    }
    let cuts = beginnings(&server_of_everything().arguments);
    let half = |end: &str| cuts.iter().any(|cut| cut.to_string().ends_with(end));
    for end in ["sign_in", "sign_in =", "sign_in = partner :: directory ()", "purge =", "models (code =)"] {
        assert!(half(end), "{end}");
    }
}

/// The handler's body is never parsed, so a half-typed one comes back as it is.
#[test]
fn a_half_typed_body_comes_back() {
    let mut case = protect();
    case.item = "async fn photos(token: Bearer<Auth>) -> Json<Photo> { token. }".parse().unwrap();
    assert!(case.expansion().to_string().contains("token . }"));
}

/// An item that cannot be parsed at all is given back with one error.
#[test]
fn an_item_that_is_none_comes_back() {
    for mut case in [server(), grant(), protect()] {
        case.item = "impl".parse().unwrap();
        let expansion = case.expansion().to_string();
        assert!(expansion.starts_with("impl"), "{expansion}");
        assert_eq!(expansion.matches("compile_error").count(), 1, "{expansion}");
    }
}
