//! How many lines the macros write for the quickstart: what a reader of `cargo expand` has to get through.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, ItemFn, Meta};

use super::snapshots::{lines, pretty};
use crate::driver;
use crate::ir::role::Kind;

/// What the macros on one item generate, without the item.
fn generated(item: &Item) -> usize {
    let attributes = match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(ItemFn { attrs, .. }) => attrs,
        _ => return 0,
    };
    attributes.iter().map(|attribute| of(attribute, item)).sum()
}

fn of(attribute: &Attribute, item: &Item) -> usize {
    let Meta::List(list) = &attribute.meta else { return 0 };
    let name = list.path.to_token_stream().to_string();
    let given = || without(item, attribute);
    let beside = |expand: fn(TokenStream, TokenStream) -> TokenStream| {
        let expansion = expand(list.tokens.clone(), given());
        lines(&pretty(&expansion)) - lines(&pretty(&without_marks(item, attribute)))
    };
    match name.as_str() {
        "derive" => {
            let names = list.tokens.to_string();
            names.split(", ").map(|name| derived(name, item)).sum()
        }
        "grant" => beside(driver::grant),
        "oauth2_server" => beside(driver::server),
        "protect" => beside(driver::protect),
        _ => 0,
    }
}

fn derived(name: &str, item: &Item) -> usize {
    let tokens = match name {
        "Scope" => driver::scope(item.to_token_stream()),
        "OAuth2Client" => driver::model(Kind::Client, item.to_token_stream()),
        "OAuth2Token" => driver::model(Kind::Token, item.to_token_stream()),
        "OAuth2Code" => driver::model(Kind::Code, item.to_token_stream()),
        _ => return 0,
    };
    lines(&pretty(&tokens))
}

fn without(item: &Item, attribute: &Attribute) -> TokenStream {
    let mut item = item.clone();
    let attributes = match &mut item {
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Fn(item) => &mut item.attrs,
        _ => unreachable!("only these have attributes of ours"),
    };
    attributes.retain(|other| other != attribute);
    item.to_token_stream()
}

/// The item as the server's expansion gives it back.
fn without_marks(item: &Item, attribute: &Attribute) -> TokenStream {
    crate::item::without_field_attributes(without(item, attribute))
}

#[test]
fn the_quickstart_expands_to_less_than_450_lines() {
    let source = include_str!("../../../examples/quickstart/src/main.rs");
    let file = syn::parse_file(source).unwrap();
    let counts: Vec<usize> = file.items.iter().map(generated).filter(|count| *count > 0).collect();
    let total: usize = counts.iter().sum();
    println!("{counts:?} = {total}");
    assert_eq!(counts.len(), 9, "a scope, two models, four grants, the server and a handler: {counts:?}");
    assert!(total < 450, "{counts:?} = {total}");
}
