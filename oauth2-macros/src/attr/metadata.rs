//! `metadata(service_documentation = "..", ui_locales_supported("en"), extra(name = value))` of `#[oauth2_server(..)]`.

use proc_macro2::TokenStream;
use syn::{Ident, LitStr};

use super::{Entry, Value, distinct, entries, parse};
use crate::diag::Diagnostics;

/// The members whose value is a URL.
const URLS: &[&str] = &["service_documentation", "op_policy_uri", "op_tos_uri"];

/// The entry as written.
#[derive(Default)]
pub(crate) struct Metadata {
    pub(crate) urls: Vec<(Ident, LitStr)>,
    pub(crate) ui_locales: Vec<LitStr>,
    /// Members of the user's own with their expressions.
    pub(crate) extra: Vec<(Ident, TokenStream)>,
    /// Keys that are none.
    pub(crate) unknown: Vec<Ident>,
}

impl Metadata {
    pub(crate) fn parse(entry: &Entry, diag: &mut Diagnostics) -> Self {
        let mut metadata = Self::default();
        let help = "help: write `metadata(service_documentation = \"https://..\")`";
        for entry in members(entry, help, diag) {
            let key = entry.key.to_string();
            if URLS.contains(&key.as_str()) {
                let url = entry.is("a URL in quotes, such as `\"https://id.example/docs\"`", diag);
                metadata.urls.extend(url.map(|url| (entry.key, url)));
            } else if key == "ui_locales_supported" {
                metadata.ui_locales = locales(&entry, diag);
            } else if key == "extra" {
                let own = members(&entry, "help: write `extra(name = value)`", diag);
                metadata.extra = own.into_iter().filter_map(|own| value(own, diag)).collect();
            } else {
                metadata.unknown.push(entry.key);
            }
        }
        metadata
    }
}

/// The entries of `key(..)`, each key once.
fn members(entry: &Entry, help: &str, diag: &mut Diagnostics) -> Vec<Entry> {
    let Value::List(tokens) = &entry.value else {
        diag.push(entry.key.span(), format_args!("expected `{}(..)`\n\n{help}", entry.key));
        return Vec::new();
    };
    let members = entries(tokens.clone(), diag);
    distinct(members, diag)
}

fn locales(entry: &Entry, diag: &mut Diagnostics) -> Vec<LitStr> {
    let tags = match &entry.value {
        Value::List(tokens) => super::split(tokens.clone()),
        Value::Flag => Vec::new(),
        Value::Is(tag) => {
            let key = &entry.key;
            let help = format!("help: write `{key}({})`, with one language or more", super::written(tag));
            diag.push(key.span(), format_args!("expected `{key}(..)`\n\n{help}"));
            return Vec::new();
        }
    };
    if tags.is_empty() {
        let help = "help: write `ui_locales_supported(\"en\", \"de\")`";
        diag.push(entry.key.span(), format_args!("`{}` names no language\n\n{help}", entry.key));
    }
    tags.iter().filter_map(|tag| parse(tag, "a language tag in quotes, such as `\"de-AT\"`", diag)).collect()
}

fn value(entry: Entry, diag: &mut Diagnostics) -> Option<(Ident, TokenStream)> {
    match entry.value {
        Value::Is(tokens) => Some((entry.key, tokens)),
        Value::Flag | Value::List(_) => {
            let key = entry.key;
            let help = format!("help: write `{key} = ..` with an expression");
            diag.push(key.span(), format_args!("`{key}` has no value\n\n{help}"));
            None
        }
    }
}
