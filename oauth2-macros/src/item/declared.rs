use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::token::{Brace, Paren};
use syn::{
    Attribute, Data, DataEnum, DataStruct, DeriveInput, Field, Fields, FieldsNamed, FieldsUnnamed, Generics,
    Ident, Token, Type, Variant, Visibility,
};

use super::is_half_typed;

/// A struct or an enum.
pub(crate) struct Declared {
    /// Without the fields and variants that are half-typed.
    pub(crate) item: DeriveInput,
    /// Whether nothing is missing in it.
    pub(crate) whole: bool,
}

impl Declared {
    /// # Errors
    ///
    /// When its head is wrong, or its body is and the compiler may not have said so.
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        match syn::parse2(tokens.clone()) {
            Ok(item) => Ok(Self { item, whole: true }),
            Err(error) => match half_typed.parse2(tokens) {
                Ok(Some(item)) => Ok(Self { item, whole: false }),
                _ => Err(error),
            },
        }
    }
}

/// The item without what is half-typed; `None` where that is not certain.
fn half_typed(input: ParseStream<'_>) -> syn::Result<Option<DeriveInput>> {
    let attrs = Attribute::parse_outer(input)?;
    let vis: Visibility = input.parse()?;
    let enum_token: Option<Token![enum]> = input.parse()?;
    let struct_token: Option<Token![struct]> = if enum_token.is_none() { Some(input.parse()?) } else { None };
    let ident: Ident = input.parse()?;
    let mut generics: Generics = input.parse()?;
    generics.where_clause = input.parse()?;
    let body: Group = input.parse()?;
    if body.delimiter() != Delimiter::Brace || !input.is_empty() {
        return Ok(None);
    }
    let brace_token = Brace(body.span());
    let data = match (enum_token, struct_token) {
        (Some(enum_token), _) => {
            let Some(variants) = variants.parse2(body.stream())? else { return Ok(None) };
            Data::Enum(DataEnum { enum_token, brace_token, variants })
        }
        (None, Some(struct_token)) => {
            let Some(named) = fields.parse2(body.stream())? else { return Ok(None) };
            let fields = Fields::Named(FieldsNamed { brace_token, named });
            Data::Struct(DataStruct { struct_token, fields, semi_token: None })
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(DeriveInput { attrs, vis, ident, generics, data }))
}

fn fields(input: ParseStream<'_>) -> syn::Result<Option<Punctuated<Field, Token![,]>>> {
    let mut whole = Punctuated::new();
    while !input.is_empty() {
        let ahead = input.fork();
        match Field::parse_named(&ahead) {
            // A missing comma is an error of the compiler's; anything else after a field may be new to this crate only.
            Ok(_) if ahead.peek(Token![=]) => return Ok(None),
            Ok(field) => {
                input.advance_to(&ahead);
                whole.push(field);
                input.parse::<Option<Token![,]>>()?;
            }
            Err(_) => {
                let part = up_to_comma(input)?;
                if !is_half_typed_field(&part) {
                    return Ok(None);
                }
                whole.extend(next_line(&part));
            }
        }
    }
    Ok(Some(whole))
}

/// Also the comma is taken.
fn up_to_comma(input: ParseStream<'_>) -> syn::Result<Vec<TokenTree>> {
    let mut part = Vec::new();
    while !input.is_empty() {
        match input.parse()? {
            TokenTree::Punct(punct) if punct.as_char() == ',' => break,
            tree => part.push(tree),
        }
    }
    Ok(part)
}

/// A whole field after a half-typed one without a comma: the line before it is being typed.
fn next_line(part: &[TokenTree]) -> Option<Field> {
    let rest = |start| part.iter().skip(start).cloned().collect();
    (1..part.len()).find_map(|start| Field::parse_named.parse2(rest(start)).ok())
}

fn is_half_typed_field(part: &[TokenTree]) -> bool {
    let Some(part) = after_attributes(part) else { return true };
    let Ok(Start { name, ty }) = syn::parse2(part.iter().cloned().collect()) else { return true };
    // A field of a complete type can only have a wrong name.
    let ty: Vec<_> = ty.into_iter().collect();
    is_half_typed(&ty) || !name && syn::parse2::<Type>(ty.into_iter().collect()).is_ok()
}

/// `None` where an attribute is half-typed.
fn after_attributes(part: &[TokenTree]) -> Option<&[TokenTree]> {
    match part {
        [TokenTree::Punct(hash), rest @ ..] if hash.as_char() == '#' => match rest {
            [TokenTree::Group(group), rest @ ..] if !group.stream().is_empty() => after_attributes(rest),
            _ => None,
        },
        _ => Some(part),
    }
}

/// What a field starts with: everything before its type.
struct Start {
    /// Whether the word there can be a name.
    name: bool,
    ty: TokenStream,
}

impl Parse for Start {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Visibility>()?;
        let word = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        Ok(Self { name: syn::parse2::<Ident>(quote!(#word)).is_ok(), ty: input.parse()? })
    }
}

/// Names and attributes are all that anybody asks of a variant.
fn variants(input: ParseStream<'_>) -> syn::Result<Option<Punctuated<Variant, Token![,]>>> {
    let mut whole = Punctuated::new();
    let parsed = |part: &[TokenTree]| variant.parse2(part.iter().cloned().collect());
    while !input.is_empty() {
        let part = up_to_comma(input)?;
        match parsed(&part) {
            Ok(variant) => whole.push(variant),
            // An attribute that is new to this crate only.
            Err(_) if after_attributes(&part).is_some_and(|rest| parsed(rest).is_ok()) => return Ok(None),
            Err(_) => {}
        }
    }
    Ok(Some(whole))
}

fn variant(input: ParseStream<'_>) -> syn::Result<Variant> {
    let attrs = Attribute::parse_outer(input)?;
    let ident = input.parse()?;
    let fields = if input.peek(Paren) || input.peek(Brace) {
        let group: Group = input.parse()?;
        Fields::Unnamed(FieldsUnnamed { paren_token: Paren(group.span()), unnamed: Punctuated::new() })
    } else {
        Fields::Unit
    };
    if input.parse::<Option<Token![=]>>()?.is_some() {
        input.parse::<TokenStream>()?;
    }
    Ok(Variant { attrs, ident, fields, discriminant: None })
}
