use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, Token, Type, Visibility};

use super::is_half_typed;
use crate::attr::split_types;

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

/// Why a handler cannot be expanded.
pub(crate) enum Unreadable {
    /// Its token is half-typed, which the compiler has said.
    HalfTyped,
    Wrong(syn::Error),
}

impl Handler {
    /// The handler without the arguments that are half-typed.
    pub(crate) fn read(item: TokenStream) -> Result<Self, Unreadable> {
        if arguments(item.clone()).first().is_some_and(is_half_typed_argument) {
            return Err(Unreadable::HalfTyped);
        }
        let mut handler: Self = syn::parse2(item).map_err(Unreadable::Wrong)?;
        let others = split_types(handler.arguments.clone());
        if others.iter().any(is_half_typed_argument) {
            let whole = others.iter().filter(|argument| !is_half_typed_argument(argument));
            handler.arguments = quote!(#(, #whole)*);
        }
        Ok(handler)
    }
}

fn arguments(item: TokenStream) -> Vec<TokenStream> {
    let mut after_fn =
        item.into_iter().skip_while(|tree| !matches!(tree, TokenTree::Ident(word) if word == "fn")).skip(2);
    match after_fn.next() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            split_types(group.stream())
        }
        _ => Vec::new(),
    }
}

fn is_half_typed_argument(argument: &TokenStream) -> bool {
    let trees: Vec<_> = argument.clone().into_iter().collect();
    if trees.iter().any(|tree| matches!(tree, TokenTree::Ident(word) if word == "self")) {
        return false;
    }
    let colon = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ':');
    let of_a_path = |at: usize| {
        trees.get(at + 1).is_some_and(colon)
            || at.checked_sub(1).and_then(|at| trees.get(at)).is_some_and(colon)
    };
    let separator = (0..trees.len()).find(|at| trees.get(*at).is_some_and(colon) && !of_a_path(*at));
    separator.and_then(|at| trees.get(at + 1..)).is_none_or(|ty| {
        let unknown = syn::parse2::<Type>(ty.iter().cloned().collect()).is_err();
        unknown && is_half_typed(ty)
    })
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
