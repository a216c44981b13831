//! A model without a field that no server can do without is one error, which says what to write.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{Use, client, code, token};
use crate::ir::model::Kind;

/// The model without the field of this role.
fn without(model: &Use, role: &str) -> TokenStream {
    let mut item: syn::ItemStruct = syn::parse2(model.item.clone()).unwrap();
    let syn::Fields::Named(fields) = &mut item.fields else { panic!("a model has named fields") };
    let before = fields.named.len();
    fields.named = std::mem::take(&mut fields.named)
        .into_iter()
        .filter(|field| field.ident.as_ref().is_none_or(|name| name != role))
        .collect();
    assert_eq!(fields.named.len(), before - 1, "{role}");
    item.into_token_stream()
}

#[test]
fn a_required_role_is_missed_by_its_name() {
    let mut required = Vec::new();
    for (kind, model) in [(Kind::Client, client()), (Kind::Token, token()), (Kind::Code, code())] {
        for role in kind.roles().iter().filter(|role| role.required) {
            let expansion = (model.expand)(TokenStream::new(), without(&model, role.name)).to_string();
            assert_eq!(expansion.matches("compile_error").count(), 1, "{}: {expansion}", role.name);
            let first = format!("has no `{}` field", role.name);
            assert!(expansion.contains(&first), "{first}: {expansion}");
            assert!(role.field.starts_with(&format!("{}: ", role.name)), "{}", role.field);
            assert!(expansion.contains(&format!("help: add `{}`", role.field)), "{expansion}");
            assert!(expansion.contains(&format!("note: {}", role.note)) && role.note.contains("RFC"));
            required.push((kind.noun(), role.name));
        }
    }
    assert_eq!(required.iter().filter(|(noun, _)| *noun == "code").count(), 9);
    assert_eq!(required.len(), 3 + 7 + 9, "{required:?}");
}

/// What a field that has to be added must look like is what the model of these tests has.
#[test]
fn the_field_to_add_is_right() {
    for (kind, model) in [(Kind::Token, token()), (Kind::Code, code())] {
        for role in kind.roles().iter().filter(|role| role.required && role.name != "scope") {
            let field: TokenStream = role.field.parse().unwrap();
            let written = model.item.to_token_stream().to_string();
            assert!(written.contains(&field.to_string()), "{field}");
        }
    }
    assert!(code().item.to_string().contains(&quote!(scope: ScopeSet).to_string()));
}
