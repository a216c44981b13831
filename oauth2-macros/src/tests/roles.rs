//! A model without a field that no server can do without is one error, which says what to write; every mistake with every field
//! has its UI test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{Use, client, code, token};
use crate::ir::column::Holds;
use crate::ir::role::{Kind, Role};

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

/// The fields of the models in `ui/rule` that derive this kind, one list a case.
fn models_of_the_ui_tests(kind: Kind) -> Vec<Vec<(String, String)>> {
    let derive = match kind {
        Kind::Client => "OAuth2Client",
        Kind::Token => "OAuth2Token",
        Kind::Code => "OAuth2Code",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui/rule");
    let mut models = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let Ok(file) = syn::parse_file(&fs::read_to_string(&path).unwrap()) else { continue };
        for item in file.items {
            let syn::Item::Struct(item) = item else { continue };
            let derives =
                |attribute: &syn::Attribute| attribute.to_token_stream().to_string().contains(derive);
            if item.attrs.iter().any(derives) {
                let fields = item.fields.iter().filter_map(|field| {
                    Some((field.ident.as_ref()?.to_string(), field.ty.to_token_stream().to_string()))
                });
                models.push(fields.collect());
            }
        }
    }
    models
}

/// What is wrong with the field of a role.
fn mistake(role: &Role, right: Option<&String>, written: &str) -> Option<&'static str> {
    let plain = ["String", "Option < String >", "[u8 ; 32]"];
    if role.hashed && plain.contains(&written) {
        return Some("in clear");
    }
    let Some(right) = right else { return Some("another type") };
    match (right.strip_prefix("Option < "), written.strip_prefix("Option < ")) {
        _ if right == written => None,
        (Some(inner), None) if inner.strip_suffix(" >") == Some(written) => Some("always there"),
        (None, Some(inner)) if inner.strip_suffix(" >") == Some(right) => Some("not always there"),
        _ => Some("another type"),
    }
}

#[test]
fn every_mistake_with_a_column_has_its_ui_test() {
    let mut missing = Vec::new();
    for (kind, model) in [(Kind::Client, client()), (Kind::Token, token()), (Kind::Code, code())] {
        let item: syn::ItemStruct = syn::parse2(model.item).unwrap();
        let right: Vec<(String, String)> = item
            .fields
            .iter()
            .map(|field| (field.ident.as_ref().unwrap().to_string(), field.ty.to_token_stream().to_string()))
            .collect();
        let mut shown = BTreeSet::new();
        for fields in models_of_the_ui_tests(kind) {
            for role in kind.roles() {
                let of = |fields: &[(String, String)]| {
                    fields.iter().find(|(name, _)| name == role.name).map(|(_, ty)| ty.clone())
                };
                match of(&fields) {
                    None if role.required => shown.extend([(role.name, "missing")]),
                    None => {}
                    Some(ty) => {
                        shown.extend(mistake(role, of(&right).as_ref(), &ty).map(|what| (role.name, what)));
                    }
                }
            }
        }
        for role in kind.roles() {
            let never_null = role.holds == Holds::Always || role.name == "scope";
            let wanted = [
                (true, "another type"),
                (role.required, "missing"),
                (never_null, "not always there"),
                (role.holds == Holds::Sometimes, "always there"),
                (role.hashed, "in clear"),
            ];
            let missed =
                wanted.into_iter().filter(|(wanted, what)| *wanted && !shown.contains(&(role.name, *what)));
            missing.extend(missed.map(|(_, what)| format!("{} `{}`: {what}", kind.noun(), role.name)));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
