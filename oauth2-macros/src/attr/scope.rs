//! `#[scope("name")]` on a variant, and the variant's doc comment.

use syn::{Attribute, LitStr, Meta};

use crate::diag::Diagnostics;

/// The names in `#[scope("..")]`.
pub(crate) fn names(attributes: &[Attribute], diag: &mut Diagnostics) -> Vec<LitStr> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("scope"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                super::parse(&list.tokens, "the scope's name, such as `\"photos:read\"`", diag)
            }
            other => {
                diag.push_at(other, "expected `#[scope(\"name\")]`\n\nnote: RFC 6749 section 3.3");
                None
            }
        })
        .collect()
}

/// The text of a doc comment, its lines joined.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
            let Meta::NameValue(pair) = &attribute.meta else { return None };
            let tokens = quote::ToTokens::to_token_stream(&pair.value);
            syn::parse2::<LitStr>(tokens).ok().map(|text| text.value().trim().to_owned())
        });
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}
