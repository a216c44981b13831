use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, Ident, LitStr};

use crate::attr::model::StructAttr;
use crate::attr::scope::{documentation, names};
use crate::diag::Diagnostics;
use crate::paths::Runtime;

/// A scope enum.
pub(crate) struct Scopes {
    pub(crate) name: Ident,
    pub(crate) variants: Vec<Variant>,
    /// Whether no variant is half-typed, and absent.
    pub(crate) whole: bool,
    pub(crate) runtime: Runtime,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) name: LitStr,
    pub(crate) text: String,
}

/// Scopes a set can hold.
const MOST: usize = 128;

impl Scopes {
    pub(crate) fn lower(item: &DeriveInput, whole: bool, diag: &mut Diagnostics) -> Option<Self> {
        let attr = StructAttr::parse(&item.attrs, diag);
        if let Some(table) = &attr.table {
            diag.push(table.span(), "a scope enum has no table");
        }
        let Data::Enum(data) = &item.data else {
            diag.push(item.ident.span(), "scopes are the variants of an enum\n\nnote: RFC 6749 section 3.3");
            return None;
        };
        if !item.generics.params.is_empty() {
            diag.push_at(&item.generics, "a scope enum has no type parameters\n\nnote: the rules of a server are checked for concrete types");
        }
        let variants: Vec<_> =
            data.variants.iter().filter_map(|variant| lower_variant(variant, diag)).collect();
        if let Some(variant) = variants.get(MOST) {
            diag.push(variant.ident.span(), format_args!("a server has at most {MOST} scopes"));
        }
        if data.variants.is_empty() && whole {
            diag.push(item.ident.span(), "a server needs at least one scope\n\nnote: RFC 6749 section 3.3");
        }
        Some(Self { name: item.ident.clone(), variants, whole, runtime: Runtime::new(attr.runtime) })
    }
}

fn lower_variant(variant: &syn::Variant, diag: &mut Diagnostics) -> Option<Variant> {
    if !matches!(variant.fields, Fields::Unit) {
        diag.push_at(
            &variant.fields,
            "a scope has no fields\n\nnote: a scope is a name and nothing more (RFC 6749 section 3.3)",
        );
    }
    let mut found = names(&variant.attrs, diag).into_iter();
    let Some(name) = found.next() else {
        if !variant.attrs.iter().any(|attribute| attribute.path().is_ident("scope")) {
            let help = "help: write `#[scope(\"..\")]` above it";
            diag.push(
                variant.ident.span(),
                format_args!("the scope `{}` has no name\n\n{help}", variant.ident),
            );
        }
        return None;
    };
    if let Some(second) = found.next() {
        diag.push(second.span(), "a scope has one name\n\nhelp: remove one of the two");
    }
    Some(Variant { ident: variant.ident.clone(), name, text: documentation(&variant.attrs) })
}

impl quote::ToTokens for Variant {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.ident.to_tokens(tokens);
    }
}
