//! The user's item: its head is parsed as far as needed, its body stays as it was written, and it always comes back.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, Token, Type, Visibility};

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

/// A handler: an async function whose first argument is its token.
pub(crate) struct Handler {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    /// `async`, and whatever else stands before `fn`.
    pub(crate) modifiers: TokenStream,
    pub(crate) name: Ident,
    /// The token's pattern and type.
    pub(crate) token: (TokenStream, Type),
    /// The comma after it and the other arguments.
    pub(crate) arguments: TokenStream,
    /// The return type and the body.
    pub(crate) rest: TokenStream,
}

impl Parse for Handler {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let mut modifiers = TokenStream::new();
        let start = input.span();
        let misplaced = || {
            let note = "note: its token is what the handler is told about the caller";
            syn::Error::new(start, format!("`#[protect]` goes on a free async function\n\n{note}"))
        };
        while input.peek(Token![async]) || input.peek(Token![unsafe]) || input.peek(Token![extern]) {
            modifiers.extend([input.parse::<TokenTree>()?]);
        }
        if !modifiers.to_string().contains("async") || input.parse::<Token![fn]>().is_err() {
            return Err(misplaced());
        }
        let name: Ident = input.parse()?;
        if input.peek(Token![<]) {
            return Err(input.error("a protected handler has no type parameters\n\nnote: its protection is checked for concrete types"));
        }
        let arguments;
        let parentheses = syn::parenthesized!(arguments in input);
        if arguments.is_empty() {
            let help = "help: write `token: Bearer<..>` as the first argument";
            return Err(syn::Error::new(
                parentheses.span.join(),
                format!("a protected handler takes its token\n\n{help}"),
            ));
        }
        if arguments.peek(Token![self]) || (arguments.peek(Token![&]) && arguments.peek2(Token![self])) {
            return Err(misplaced());
        }
        let mut pattern = TokenStream::new();
        while !arguments.peek(Token![:]) || arguments.peek(Token![::]) {
            if arguments.peek(Token![::]) {
                let separator: Token![::] = arguments.parse()?;
                separator.to_tokens(&mut pattern);
            } else {
                pattern.extend([arguments.parse::<TokenTree>()?]);
            }
        }
        arguments.parse::<Token![:]>()?;
        let token = (pattern, arguments.parse()?);
        Ok(Self {
            attributes,
            visibility,
            modifiers,
            name,
            token,
            arguments: arguments.parse()?,
            rest: input.parse()?,
        })
    }
}
