//! An entry of `endpoints(..)`: `path`, or `path(key = value, ..)`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Ident, LitStr, Path};

use super::{Entry, Value, entries, parse, twice};
use crate::diag::Diagnostics;

/// The entry as written.
pub(crate) struct Endpoint {
    pub(crate) path: Path,
    pub(crate) keys: Vec<Key>,
}

/// What is said of an endpoint.
pub(crate) enum Key {
    /// `client_auth(method, ..)`.
    ClientAuth(Ident, Vec<Path>),
    /// `layer = expression`.
    Layer(Ident, TokenStream),
    /// A key of the runtime's `Mount`, which this crate does not know.
    Other(Ident, TokenStream),
}

/// The entries of `endpoints(..)`.
pub(crate) fn endpoints(entry: &Entry, diag: &mut Diagnostics) -> Vec<Endpoint> {
    entry.types(diag).into_iter().filter_map(|item| endpoint(item, diag)).collect()
}

fn endpoint(tokens: TokenStream, diag: &mut Diagnostics) -> Option<Endpoint> {
    let mut trees: Vec<_> = tokens.into_iter().collect();
    let keys = match trees.last() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            let tokens = group.stream();
            trees.pop();
            entries(tokens, diag)
        }
        _ => Vec::new(),
    };
    let path = parse(&trees.into_iter().collect(), "an endpoint", diag)?;
    let mut seen: Vec<Ident> = Vec::new();
    let mut kept = Vec::new();
    for entry in keys {
        if let Some(first) = seen.iter().find(|first| **first == entry.key) {
            diag.conflict(twice(first, &entry.key));
            continue;
        }
        seen.push(entry.key.clone());
        kept.extend(key(entry, diag));
    }
    Some(Endpoint { path, keys: kept })
}

fn key(entry: Entry, diag: &mut Diagnostics) -> Option<Key> {
    if entry.key == "client_auth" {
        let methods = entry.client_auth(diag);
        if matches!(&entry.value, Value::List(tokens) if tokens.is_empty()) {
            let help = "help: name the methods, or remove `client_auth()` for those of the server";
            diag.push(
                entry.key.span(),
                format_args!("an endpoint without any client authentication method\n\n{help}"),
            );
        }
        return Some(Key::ClientAuth(entry.key, methods));
    }
    if entry.key == "path" {
        let path: LitStr = entry.is("the path in quotes, such as `path = \"/revoke\"`", diag)?;
        let text = path.value();
        let one_slash = text.starts_with('/') && !text.starts_with("//");
        let odd = |character: char| {
            "{}*:?#\\".contains(character) || character.is_whitespace() || character.is_control()
        };
        if !one_slash || text.contains(odd) {
            let help = "help: begin it with one `/`, and leave out parameters and queries";
            let note = "note: it is below the issuer's path (RFC 8414 section 2)";
            diag.push(path.span(), format_args!("`{text}` is not a plain path\n\n{help}\n{note}"));
            return None;
        }
        return Some(Key::Other(entry.key, quote::quote!(#path)));
    }
    match entry.value {
        Value::Is(value) if entry.key == "layer" => Some(Key::Layer(entry.key, value)),
        Value::Is(value) => Some(Key::Other(entry.key, value)),
        Value::Flag | Value::List(_) => {
            diag.push(entry.key.span(), format_args!("expected `{} = ..`", entry.key));
            None
        }
    }
}
