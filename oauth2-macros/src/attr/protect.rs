//! `#[protect(Server, requirement, when = predicate, realm = "text")]`.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::{LitStr, Path};

use super::{entry, first_span, once, parse, split};
use crate::diag::Diagnostics;

/// The attribute as written.
pub(crate) struct ProtectAttr {
    pub(crate) server: Option<Path>,
    pub(crate) requirement: Option<Requirement>,
    pub(crate) when: Option<Path>,
    pub(crate) realm: Option<LitStr>,
    pub(crate) runtime: Option<TokenStream>,
}

/// Scopes joined by `&` and `|`.
pub(crate) enum Requirement {
    /// `any`: any live token.
    AnyToken,
    One(TokenStream),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl ProtectAttr {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diagnostics) -> Self {
        let mut attr = Self { server: None, requirement: None, when: None, realm: None, runtime: None };
        let mut parts = split(tokens).into_iter().peekable();
        let server = parts.next();
        attr.server = server.as_ref().and_then(|tokens| parse(tokens, "the server's type", diag));
        attr.requirement = match parts.next_if(|part| !is_keyed(part)) {
            Some(tokens) => requirement(tokens, diag),
            None => {
                let span = server.as_ref().map_or_else(Span::call_site, first_span);
                let help = "help: write a variant of the server's scopes after it, such as `#[protect(Auth, Access::Read)]`, or `#[protect(Auth, any)]` for any live token";
                diag.push(
                    span,
                    format_args!(
                        "a protected handler must say what it asks for\n\n{help}\nnote: RFC 6750 section 3.1"
                    ),
                );
                None
            }
        };
        let entries: Vec<_> = parts.filter_map(|tokens| entry(tokens, diag)).collect();
        for entry in once(entries, &["when", "realm", "crate"], "`#[protect(..)]`", diag) {
            match entry.key.to_string().as_str() {
                "when" => attr.when = entry.is("the path of a function", diag),
                "realm" => attr.realm = entry.is("the realm in quotes, such as `realm = \"photos\"`", diag),
                _ => attr.runtime = entry.is("the path of the runtime crate", diag),
            }
        }
        attr
    }
}

/// Whether it is `key = value` already.
fn is_keyed(part: &TokenStream) -> bool {
    let mut trees = part.clone().into_iter();
    matches!(trees.next(), Some(TokenTree::Ident(_)))
        && matches!(trees.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
}

fn requirement(tokens: TokenStream, diag: &mut Diagnostics) -> Option<Requirement> {
    if tokens.to_string() == "any" {
        return Some(Requirement::AnyToken);
    }
    // `&` binds tighter than `|`, as in Rust.
    let mut either = Vec::new();
    for part in separated(tokens, '|') {
        let both: Vec<_> =
            separated(part, '&').into_iter().map(|tokens| scope(tokens, diag)).collect::<Option<_>>()?;
        either.push(one_or(both, Requirement::All));
    }
    Some(one_or(either, Requirement::Any))
}

fn one_or(mut parts: Vec<Requirement>, many: fn(Vec<Requirement>) -> Requirement) -> Requirement {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            many(parts)
        }
    }
}

fn scope(tokens: TokenStream, diag: &mut Diagnostics) -> Option<Requirement> {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => {
            requirement(group.stream(), diag)
        }
        (None, _) => {
            diag.push(Span::call_site(), "expected a scope");
            None
        }
        _ => parse::<Path>(&tokens, "a scope, such as `Access::Read`", diag)
            .map(|path| Requirement::One(quote::quote!(#path))),
    }
}

fn separated(tokens: TokenStream, operator: char) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for tree in tokens {
        match &tree {
            TokenTree::Punct(punct) if punct.as_char() == operator => parts.push(TokenStream::new()),
            _ => parts.last_mut().into_iter().for_each(|part| part.extend([tree.clone()])),
        }
    }
    parts
}
