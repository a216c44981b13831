//! `#[grant(kind, key = value, flag, scopes(..), default_scopes(..))]`.

use proc_macro2::{Span, TokenStream};
use syn::{Ident, Path};

use super::{Entry, Value, entry, parse, split, twice};
use crate::diag::Diagnostics;

/// The attribute as written.
pub(crate) struct GrantAttr {
    /// There is not even a kind.
    pub(crate) empty: bool,
    pub(crate) kind: Option<Kind>,
    /// Its last token.
    pub(crate) end: Span,
    /// Keys of the kind's `Spec`, which this crate does not know.
    pub(crate) keys: Vec<Entry>,
    pub(crate) scopes: Option<ScopeList>,
    pub(crate) default_scopes: Option<ScopeList>,
    pub(crate) extensions: Vec<Path>,
    pub(crate) runtime: Option<TokenStream>,
}

/// `scopes(..)` or `default_scopes(..)`.
pub(crate) struct ScopeList {
    pub(crate) key: Ident,
    pub(crate) scopes: Vec<Path>,
}

/// Which kind of grant, and what its `grant()` is called with.
pub(crate) struct Kind {
    pub(crate) path: Path,
    pub(crate) argument: TokenStream,
}

impl GrantAttr {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diagnostics) -> Self {
        let end = tokens.clone().into_iter().last().map_or_else(Span::call_site, |last| last.span());
        let mut entries = split(tokens).into_iter();
        let first = entries.next();
        let empty = first.is_none();
        let kind = first.and_then(|first| kind(first, diag));
        let mut attr = Self {
            empty,
            kind,
            end,
            keys: Vec::new(),
            scopes: None,
            default_scopes: None,
            extensions: Vec::new(),
            runtime: None,
        };
        let mut seen: Vec<Ident> = Vec::new();
        for tokens in entries {
            let Some(entry) = entry(tokens, diag) else { continue };
            if let Some(first) = seen.iter().find(|first| **first == entry.key) {
                diag.conflict(twice(first, &entry.key));
                continue;
            }
            seen.push(entry.key.clone());
            if entry.key == "scopes" {
                let help = "help: name what it can grant, or remove `scopes()` for every scope";
                attr.scopes = scopes(entry, &format!("a grant without any scope\n\n{help}"), diag);
            } else if entry.key == "default_scopes" {
                let help =
                    "help: name what an omitted `scope` means, or remove the key for all the client may have";
                attr.default_scopes = scopes(entry, &format!("no default scope is named\n\n{help}"), diag);
            } else if entry.key == "extensions" {
                attr.extensions = entry.extensions(diag);
            } else if entry.key == "crate" {
                attr.runtime = entry.is::<TokenStream>("the path of the runtime crate", diag);
            } else {
                attr.keys.push(entry);
            }
        }
        attr
    }
}

/// `empty` is what to say of a list of nothing.
fn scopes(entry: Entry, empty: &str, diag: &mut Diagnostics) -> Option<ScopeList> {
    let key = entry.key;
    let Value::List(tokens) = entry.value else {
        let help = format!("help: write `{key}(Access::Read)`");
        diag.push(key.span(), format_args!("expected `{key}(..)`\n\n{help}"));
        return None;
    };
    let scopes = split(tokens);
    if scopes.is_empty() {
        diag.push(key.span(), format_args!("{empty}\nnote: RFC 6749 section 3.3"));
        return None;
    }
    let scopes = scopes.iter().filter_map(|item| parse(item, "a scope, such as `Access::Read`", diag));
    Some(ScopeList { scopes: scopes.collect(), key })
}

fn kind(tokens: TokenStream, diag: &mut Diagnostics) -> Option<Kind> {
    let mut probe = Diagnostics::new();
    let keyed = entry(tokens.clone(), &mut probe);
    let is_entry = probe.finish().is_none();
    match keyed.filter(|_| is_entry) {
        Some(Entry { key, value: Value::Is(argument) }) => Some(Kind { path: key.into(), argument }),
        Some(Entry { key, value: Value::List(_) }) => {
            diag.push(key.span(), "expected a kind of grant before its keys");
            None
        }
        _ => parse(&tokens, "a kind of grant", diag).map(|path| Kind { path, argument: TokenStream::new() }),
    }
}
