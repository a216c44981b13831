//! Grammars of the attributes. An attribute is split at its commas before anything is parsed, so that a half-typed
//! entry costs that entry and nothing else, and its error stands at its first token.

pub(crate) mod endpoint;
pub(crate) mod grant;
pub(crate) mod metadata;
pub(crate) mod model;
pub(crate) mod protect;
pub(crate) mod redirect_uris;
pub(crate) mod scope;
pub(crate) mod server;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Ident;
use syn::parse::{Parse, ParseStream};

use crate::diag::{Conflict, Diagnostics};

/// One entry of an attribute: `key`, `key = value` or `key(list)`.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

#[derive(Clone)]
pub(crate) enum Value {
    Flag,
    Is(TokenStream),
    List(TokenStream),
}

/// Splits at the commas outside of brackets; a trailing comma adds nothing.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    cut(tokens, false)
}

/// As [`split`], for types: the commas between the parameters of one do not end it.
pub(crate) fn split_types(tokens: TokenStream) -> Vec<TokenStream> {
    cut(tokens, true)
}

fn cut(tokens: TokenStream, types: bool) -> Vec<TokenStream> {
    let mut depth = 0_usize;
    let mut parts = vec![Vec::new()];
    for tree in tokens {
        let mark = if let TokenTree::Punct(punct) = &tree { punct.as_char() } else { ' ' };
        match mark {
            '<' if types => depth += 1,
            '>' if types => depth = depth.saturating_sub(1),
            _ => {}
        }
        if mark == ',' && depth == 0 {
            parts.push(Vec::new());
        } else {
            parts.last_mut().into_iter().for_each(|part| part.push(tree.clone()));
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.into_iter().collect()).collect()
}

/// The entries of an attribute; those that are none are reported.
pub(crate) fn entries(tokens: TokenStream, diag: &mut Diagnostics) -> Vec<Entry> {
    split(tokens).into_iter().filter_map(|tokens| entry(tokens, diag)).collect()
}

pub(crate) fn entry(tokens: TokenStream, diag: &mut Diagnostics) -> Option<Entry> {
    let mut trees = tokens.clone().into_iter();
    let Some(TokenTree::Ident(key)) = trees.next() else {
        diag.push(first_span(&tokens), "expected a key");
        return None;
    };
    let value = match trees.next() {
        None => Value::Flag,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            let value: TokenStream = trees.by_ref().collect();
            if value.is_empty() {
                diag.push(key.span(), format_args!("`{key}` has no value\n\nhelp: write `{key} = ..`"));
                return None;
            }
            Value::Is(value)
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            Value::List(group.stream())
        }
        Some(other) => {
            diag.push(other.span(), format_args!("expected `=`, `(` or `,` after `{key}`"));
            return None;
        }
    };
    if let Some(rest) = trees.next() {
        diag.push(rest.span(), format_args!("expected `,` after `{key}(..)`"));
    }
    Some(Entry { key, value })
}

/// Parses all of `tokens`, with an error at their first token. `what` is a noun, with an example after `, such as `.
pub(crate) fn parse<T: Parse>(tokens: &TokenStream, what: &str, diag: &mut Diagnostics) -> Option<T> {
    let Ok(Prefix { value, rest }) = syn::parse2(tokens.clone()) else {
        diag.push(first_span(tokens), expected(what));
        return None;
    };
    if rest.is_empty() {
        return Some(value);
    }
    diag.push(first_span(&rest), "expected `,`\n\nhelp: write a comma before this");
    None
}

/// A path and what follows it, if anything does.
pub(crate) fn path_and_rest(tokens: &TokenStream) -> Option<(syn::Path, TokenStream)> {
    let Prefix { value, rest } = syn::parse2(tokens.clone()).ok()?;
    (!rest.is_empty()).then_some((value, rest))
}

/// A value, and whatever follows it.
struct Prefix<T> {
    value: T,
    rest: TokenStream,
}

impl<T: Parse> Parse for Prefix<T> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { value: input.parse()?, rest: input.parse()? })
    }
}

/// Tokens as one writes them, without the spaces around the separators of a path.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(" :: ", "::")
}

fn expected(what: &str) -> String {
    match what.split_once(", such as ") {
        Some((noun, example)) => format!("expected {noun}\n\nhelp: write it as {example}"),
        None => format!("expected {what}"),
    }
}

pub(crate) fn first_span(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().next().map_or_else(Span::call_site, |tree| tree.span())
}

impl Entry {
    /// The value of `key = value`.
    pub(crate) fn is<T: Parse>(&self, what: &str, diag: &mut Diagnostics) -> Option<T> {
        match &self.value {
            Value::Is(tokens) => parse(tokens, what, diag),
            _ => {
                let key = &self.key;
                let help = match what.split_once(", such as ") {
                    Some((_, example)) => format!("write it as {example}"),
                    None => format!("write `{key} = ..` with {what}"),
                };
                diag.push(key.span(), format_args!("expected `{key} = ..`\n\nhelp: {help}"));
                None
            }
        }
    }

    /// The items of `key(item, ..)`.
    pub(crate) fn list(&self, diag: &mut Diagnostics) -> Vec<TokenStream> {
        match &self.value {
            Value::List(tokens) => split(tokens.clone()),
            Value::Is(tokens) => {
                let (key, written) = (&self.key, written(tokens));
                diag.push(key.span(), format_args!("expected `{key}(..)`\n\nhelp: write `{key}({written})`"));
                Vec::new()
            }
            Value::Flag => {
                let key = &self.key;
                diag.push(key.span(), format_args!("`{key}` lists nothing\n\nhelp: write `{key}(..)`"));
                Vec::new()
            }
        }
    }

    /// The paths of `key(path, ..)`.
    pub(crate) fn paths(&self, diag: &mut Diagnostics) -> Vec<syn::Path> {
        self.paths_of("a path", diag)
    }

    /// As [`Entry::paths`], of what `what` says.
    pub(crate) fn paths_of(&self, what: &str, diag: &mut Diagnostics) -> Vec<syn::Path> {
        self.types(diag).iter().filter_map(|item| parse(item, what, diag)).collect()
    }

    /// The methods of `client_auth(method, ..)`.
    pub(crate) fn client_auth(&self, diag: &mut Diagnostics) -> Vec<syn::Path> {
        self.paths_of("a client authentication method, such as `client_secret_basic`", diag)
    }

    /// The types of `extensions(Type, ..)`.
    pub(crate) fn extensions(&self, diag: &mut Diagnostics) -> Vec<syn::Path> {
        self.paths_of("the type of an extension, such as `extensions(MyExtension)`", diag)
    }

    /// The items of `key(Type, ..)`.
    pub(crate) fn types(&self, diag: &mut Diagnostics) -> Vec<TokenStream> {
        match &self.value {
            Value::List(tokens) => split_types(tokens.clone()),
            _ => self.list(diag),
        }
    }

    /// Nothing but `key`.
    pub(crate) fn flag(&self, diag: &mut Diagnostics) {
        if !matches!(self.value, Value::Flag) {
            diag.push(self.key.span(), format_args!("`{}` takes no value", self.key));
        }
    }
}

/// Keeps the first entry of each key and reports the others; reports keys that are not among `known`.
pub(crate) fn once(entries: Vec<Entry>, known: &[&str], owner: &str, diag: &mut Diagnostics) -> Vec<Entry> {
    let (known_ones, others): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| known.iter().any(|name| entry.key == name));
    for entry in others {
        diag.push(entry.key.span(), unknown(&entry.key.to_string(), known, owner));
    }
    distinct(known_ones, diag)
}

/// Keeps the first entry of each key and reports the others.
pub(crate) fn distinct(entries: Vec<Entry>, diag: &mut Diagnostics) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::new();
    for entry in entries {
        match kept.iter().find(|other| other.key == entry.key) {
            Some(first) => diag.conflict(twice(&first.key, &entry.key)),
            None => kept.push(entry),
        }
    }
    kept
}

/// A key that is there a second time.
pub(crate) fn twice(first: &Ident, second: &Ident) -> Conflict {
    Conflict {
        first: first.span(),
        second: second.span(),
        message: format!("`{second}` is there twice"),
        label: "this is the second one".to_owned(),
        notes: vec!["remove one of the two".to_owned()],
    }
}

fn unknown(key: &str, known: &[&str], owner: &str) -> String {
    match similar(key, known) {
        Some(name) => {
            format!("unknown key `{key}` in {owner}\n\nhelp: a key with a similar name exists: `{name}`")
        }
        None => {
            let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("unknown key `{key}` in {owner}\n\nhelp: the keys are {}", names.join(", "))
        }
    }
}

/// The candidate that differs from `name` in the fewest letters, if that is few enough to be a slip.
pub(crate) fn similar<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let limit = (name.len() / 3).max(1);
    let slip = |candidate| if is_swapped(name, candidate) { 1 } else { distance(name, candidate) };
    let nearest = candidates.iter().map(|candidate| (slip(candidate), *candidate)).min()?;
    (nearest.0 <= limit).then_some(nearest.1)
}

/// Whether two neighbouring letters changed places, which is one slip of two fingers.
fn is_swapped(a: &str, b: &str) -> bool {
    let different: Vec<_> = a.chars().zip(b.chars()).enumerate().filter(|(_, (a, b))| a != b).collect();
    let [(first, (a1, b1)), (second, (a2, b2))] = different.as_slice() else { return false };
    a.chars().count() == b.chars().count() && first + 1 == *second && a1 == b2 && a2 == b1
}

/// How many letters must be inserted, removed or changed to make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut above_left = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            *cell = (above_left + usize::from(from != *to)).min(above + 1).min(left + 1);
            left = *cell;
            above_left = above;
        }
        row.iter_mut().take(1).for_each(|first| *first = i + 1);
    }
    row.last().copied().unwrap_or(0)
}
