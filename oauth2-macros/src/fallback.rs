//! What is emitted besides the errors, so that one mistake stays one error: the item, and impls that satisfy whoever
//! uses it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::diag::Reported;
use crate::expand::hidden;
use crate::ir::model::{Kind, Model};
use crate::paths::Runtime;

/// A type that is the first error itself: whatever depends on it is silent.
fn unknown(reported: &Reported) -> (TokenStream, TokenStream) {
    let (first, others) = (&reported.first, &reported.others);
    let macro_call = as_type(first);
    (quote!(#others type __Unknown = #macro_call;), quote!(__Unknown))
}

/// `compile_error! { .. }` as an item, without the semicolons that would end it where a type is expected.
fn as_type(error: &TokenStream) -> TokenStream {
    error
        .clone()
        .into_iter()
        .filter(|tree| !matches!(tree, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ';'))
        .collect()
}

pub(crate) fn scope(name: &Ident, runtime: &Runtime, reported: &Reported) -> TokenStream {
    let rt = runtime.private();
    let (alias, _) = unknown(reported);
    hidden(&quote! {
        #alias
        impl #rt::Scope for #name {
            const NAMES: &'static [&'static str] = &[];
            const TEXTS: &'static [&'static str] = &[];
            fn index(&self) -> usize { loop {} }
        }
        impl #name {
            #[doc(hidden)]
            pub const fn __scope(&self) -> &'static str { "" }
        }
    })
}

pub(crate) fn grant(name: &Ident, runtime: &Runtime, reported: &Reported) -> TokenStream {
    let rt = runtime.private();
    let grant_type = name.to_string();
    let (alias, unknown) = unknown(reported);
    hidden(&quote! {
        #alias
        impl #rt::Grant for #name {
            type Kind = #unknown;
            type Spec = #unknown;
            type Declared = #unknown;
            const SPEC: Self::Spec = loop {};
            const PROPERTIES: #rt::GrantProperties = #rt::GrantProperties::new(#grant_type);
            const SCOPES: &'static [&'static str] = &[];
            fn parse(_: &#rt::Form) -> ::core::result::Result<Self, #rt::OAuthError> { loop {} }
        }
    })
}

pub(crate) fn model(model: &Model, reported: &Reported) -> TokenStream {
    let (name, rt) = (&model.name, model.runtime.private());
    let (alias, unknown) = unknown(reported);
    let (model_impl, statements) = match model.kind {
        Kind::Client => (
            quote! {
                impl #rt::OAuth2Client for #name {
                    type Scopes = #unknown;
                    fn fields(&self) -> #rt::ClientFields<'_, Self::Scopes> { loop {} }
                    fn set_client_secret(&mut self, _: #rt::SecretHash) {}
                }
            },
            quote!(#rt::ClientStatements),
        ),
        Kind::Token => (
            quote! {
                impl #rt::OAuth2Token for #name {
                    type Scopes = #unknown;
                    const HAS_REFRESH_TOKEN: bool = true;
                    const HAS_GRANT_ID: bool = true;
                    fn issued(_: #rt::NewToken<Self::Scopes>) -> Self { loop {} }
                    fn fields(&self) -> #rt::TokenFields<'_, Self::Scopes> { loop {} }
                }
            },
            quote!(#rt::TokenStatements),
        ),
    };
    hidden(&quote! {
        #alias
        #model_impl
        impl<__DB: #rt::Dialect> #rt::SqlModel<__DB> for #name {
            const TABLE: &'static str = "";
            type Statements = #statements;
            fn statements() -> &'static #statements { loop {} }
            fn decode(_: &__DB::Row) -> ::core::result::Result<Self, #rt::SqlError> { loop {} }
            fn columns<__V: #rt::Visit<__DB, Self>>(_: &mut __V) -> ::core::result::Result<(), #rt::SqlError> { loop {} }
        }
    })
}

/// The errors, and the name of the type that stands for what the server's declaration lacks.
pub(crate) fn server(reported: &Reported) -> (TokenStream, TokenStream) {
    unknown(reported)
}
