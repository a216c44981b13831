//! What is emitted besides the errors, so that one mistake stays one error: the item, and impls that satisfy whoever
//! uses it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::diag::Reported;
use crate::expand::hidden;
use crate::ir::model::{Kind, Model};
use crate::paths::Runtime;

/// The errors, and a type that does not exist.
///
/// In a module with a `compile_error!` the compiler keeps quiet about names it cannot find, and about everything that
/// depends on them: the missing type stands for whatever the declaration lacks without a second error.
fn unknown(reported: Reported) -> (TokenStream, TokenStream) {
    let Reported(errors) = reported;
    (errors, quote!(__TheDeclarationHasErrors))
}

pub(crate) fn scope(name: &Ident, runtime: &Runtime, reported: Reported) -> TokenStream {
    let rt = runtime.private();
    let (errors, _) = unknown(reported);
    let stand_in = hidden(&quote! {
        impl #rt::Scope for #name {
            const NAMES: &'static [&'static str] = &[];
            const TEXTS: &'static [&'static str] = &[];
            fn index(&self) -> usize { loop {} }
        }
        impl #name {
            #[doc(hidden)]
            pub const fn __scope(&self) -> &'static str { "" }
        }
    });
    quote!(#errors #stand_in)
}

pub(crate) fn grant(name: &Ident, runtime: &Runtime, reported: Reported) -> TokenStream {
    let rt = runtime.private();
    let grant_type = name.to_string();
    let (errors, unknown) = unknown(reported);
    let stand_in = hidden(&quote! {
        impl #rt::Grant for #name {
            type Kind = #unknown;
            type Spec = #unknown;
            type Declared = #unknown;
            const SPEC: Self::Spec = loop {};
            const PROPERTIES: #rt::GrantProperties = #rt::GrantProperties::new(#grant_type);
            const SCOPES: &'static [&'static str] = &[];
            fn parse(_: &#rt::Form) -> ::core::result::Result<Self, #rt::OAuthError> { loop {} }
        }
    });
    quote!(#errors #stand_in)
}

pub(crate) fn model(model: &Model, reported: Reported) -> TokenStream {
    let (name, rt) = (&model.name, model.runtime.private());
    let (errors, unknown) = unknown(reported);
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
    let stand_in = hidden(&quote! {
        #model_impl
        impl<__DB: #rt::Dialect> #rt::SqlModel<__DB> for #name {
            const TABLE: &'static str = "";
            type Statements = #statements;
            fn statements() -> &'static #statements { loop {} }
            fn decode(_: &__DB::Row) -> ::core::result::Result<Self, #rt::SqlError> { loop {} }
            fn columns<__V: #rt::Visit<__DB, Self>>(_: &mut __V) -> ::core::result::Result<(), #rt::SqlError> { loop {} }
        }
    });
    quote!(#errors #stand_in)
}

/// The errors, and the type that stands for what the server's declaration lacks.
pub(crate) fn server(reported: Reported) -> (TokenStream, TokenStream) {
    unknown(reported)
}
