//! The user's item: its head is parsed as far as needed, its body stays as it was written, and it always comes back.
//!
//! The compiler has parsed the item before a macro sees it, and has said what is wrong with its syntax. What it has
//! recovered from is still here, half-typed; a macro then neither repeats the error nor gives up the item.

mod declared;
mod handler;

pub(crate) use declared::Declared;
pub(crate) use handler::{Handler, Unreadable};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::attr::split_types;
use crate::paths::Runtime;

/// A struct's tokens without the `#[oauth2(..)]` on its fields, which no compiler pass after ours knows.
pub(crate) fn without_field_attributes(item: TokenStream) -> TokenStream {
    item.into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let mut stripped = Group::new(Delimiter::Brace, strip(group.stream()));
                stripped.set_span(group.span());
                TokenTree::Group(stripped)
            }
            other => other,
        })
        .collect()
}

fn strip(body: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    for tree in body {
        let hash =
            kept.last().is_some_and(|last| matches!(last, TokenTree::Punct(punct) if punct.as_char() == '#'));
        if hash && matches!(&tree, TokenTree::Group(group) if is_ours(group)) {
            kept.pop();
        } else {
            kept.push(tree);
        }
    }
    kept.into_iter().collect()
}

fn is_ours(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(name)) if name == "oauth2")
}

/// A half-typed struct exactly as it was written, with a derive that does nothing but know `#[oauth2(..)]` on its fields.
///
/// Its braces must stay the compiler's own: it parses the struct again, and an error at another brace is another error.
pub(crate) fn with_field_attributes(item: &TokenStream, runtime: &Runtime) -> TokenStream {
    let private = runtime.private();
    quote!(#[derive(#private::HalfTyped)] #item)
}

/// Whether these tokens cannot become a type any more, or not without more tokens. The compiler has said so, then; where it has
/// not, the error of whoever parses them is the only one.
fn is_half_typed(ty: &[TokenTree]) -> bool {
    let mut depth = 0_i32;
    let mut before = ' ';
    for tree in ty {
        let mark = match tree {
            TokenTree::Punct(punct) => punct.as_char(),
            TokenTree::Group(group) if holds_half_typed(group) => return true,
            _ => ' ',
        };
        match (before, mark) {
            ('<' | ',', ',') => return true,
            ('-', '>') => {}
            (_, '<') => depth += 1,
            (_, '>') => depth -= 1,
            _ => {}
        }
        before = mark;
    }
    let ends = match ty.last() {
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), '>' | '!'),
        Some(TokenTree::Ident(name)) => syn::parse2::<syn::Type>(quote!(#name)).is_ok(),
        last => last.is_some(),
    };
    depth != 0 || !ends
}

/// `[u8;]`, `(u8, Vec<)`.
fn holds_half_typed(group: &Group) -> bool {
    let inside = group.stream();
    match group.delimiter() {
        Delimiter::Bracket => {
            let last = inside.into_iter().last();
            last.is_none_or(|last| matches!(last, TokenTree::Punct(_)))
        }
        Delimiter::Parenthesis => {
            split_types(inside).into_iter().any(|part| is_half_typed(&part.into_iter().collect::<Vec<_>>()))
        }
        Delimiter::Brace | Delimiter::None => false,
    }
}
