//! `#[oauth2(..)]` on a model's struct and on its fields.

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, LitStr, Meta};

use super::{Entry, Value, entries, once};
use crate::diag::Diagnostics;

/// `#[oauth2(table = "..", crate = ..)]` on the struct.
#[derive(Default)]
pub(crate) struct StructAttr {
    pub(crate) table: Option<LitStr>,
    pub(crate) runtime: Option<TokenStream>,
}

/// `#[oauth2(role)]` and `#[oauth2(default = expr)]` on a field.
#[derive(Default)]
pub(crate) struct FieldAttr {
    pub(crate) role: Option<Ident>,
    pub(crate) default: Option<TokenStream>,
}

/// The entries of all `#[oauth2(..)]` among `attributes`.
pub(crate) fn oauth2(attributes: &[Attribute], diag: &mut Diagnostics) -> Vec<Entry> {
    let mut all = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("oauth2")) {
        match &attribute.meta {
            Meta::List(list) => all.extend(entries(list.tokens.clone(), diag)),
            other => diag.push_at(other, "expected `#[oauth2(..)]`"),
        }
    }
    all
}

impl StructAttr {
    pub(crate) fn parse(attributes: &[Attribute], diag: &mut Diagnostics) -> Self {
        let mut attr = Self::default();
        for entry in once(oauth2(attributes, diag), &["table", "crate"], "`#[oauth2(..)]` on a model", diag) {
            if entry.key == "table" {
                attr.table = entry.is("the table's name in quotes", diag);
            } else {
                attr.runtime = entry.is("the path of the runtime crate", diag);
            }
        }
        attr
    }
}

impl FieldAttr {
    pub(crate) fn parse(attributes: &[Attribute], roles: &[&str], diag: &mut Diagnostics) -> Self {
        let mut attr = Self::default();
        let known: Vec<&str> = roles.iter().copied().chain(["default"]).collect();
        for entry in once(oauth2(attributes, diag), &known, "`#[oauth2(..)]` on a field", diag) {
            match (entry.key == "default", &entry.value) {
                (true, Value::Is(tokens)) => attr.default = Some(tokens.clone()),
                (true, _) => diag.push(
                    entry.key.span(),
                    "`default` has no value\n\nhelp: write `default = ..` with an expression",
                ),
                (false, _) if attr.role.is_some() => {
                    diag.push(entry.key.span(), "a field plays one role\n\nhelp: remove one of the two");
                }
                (false, _) => {
                    entry.flag(diag);
                    attr.role = Some(entry.key);
                }
            }
        }
        attr
    }
}
