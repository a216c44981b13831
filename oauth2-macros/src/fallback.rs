//! What is emitted besides the errors, so that one mistake stays one error: the item, and impls that satisfy whoever
//! uses it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::diag::Reported;
use crate::expand::hidden;
use crate::ir::model::Model;
use crate::ir::role::Kind;
use crate::paths::Runtime;

/// A type that does not exist.
///
/// In a module with a `compile_error!` the compiler keeps quiet about names it cannot find, and about everything that
/// depends on them: the missing type stands for whatever the declaration lacks without a second error.
pub(crate) fn missing_type() -> TokenStream {
    quote!(__TheDeclarationHasErrors)
}

pub(crate) fn scope(name: &Ident, runtime: &Runtime, reported: Reported) -> TokenStream {
    let Reported(errors) = reported;
    let stand_in = hidden(
        runtime,
        &quote! {
            // Each variant has the one name that is there, so that grants with `scopes(..)` fit.
            impl __rt::Scope for #name {
                const NAMES: &'static [&'static str] = &[""];
                const TEXTS: &'static [&'static str] = &[];
                const ALL: &'static [Self] = &[];
                fn index(&self) -> usize { loop {} }
            }
            impl #name {
                #[doc(hidden)]
                pub const fn __scope(&self) -> &'static str { "" }
            }
        },
    );
    quote!(#errors #stand_in)
}

pub(crate) fn grant(name: &Ident, runtime: &Runtime, reported: Reported) -> TokenStream {
    let grant_type = name.to_string();
    let (Reported(errors), unknown) = (reported, missing_type());
    let stand_in = hidden(
        runtime,
        &quote! {
            impl __rt::Grant for #name {
                type Kind = #unknown;
                type Spec = #unknown;
                type Declared = #unknown;
                type Extensions = #unknown;
                const SPEC: Self::Spec = loop {};
                const PROPERTIES: __rt::GrantProperties = __rt::GrantProperties::new(#grant_type);
                fn parse(_: &__rt::Form) -> __rt::OAuthResult<Self> { loop {} }
            }
        },
    );
    quote!(#errors #stand_in)
}

pub(crate) fn model(model: &Model, reported: Reported) -> TokenStream {
    let Reported(errors) = reported;
    let scopes = scopes(model).unwrap_or_else(missing_type);
    let stand_in = stand_in(model, Some(&scopes));
    quote!(#errors #stand_in)
}

/// A model that lacks a role because a field is half-typed, which is the only error. Without the field of its scopes nothing can
/// be said of a model that would not be a second one.
pub(crate) fn half_typed_model(model: &Model) -> TokenStream {
    stand_in(model, scopes(model).as_ref())
}

fn scopes(model: &Model) -> Option<TokenStream> {
    let ty = &model.role("scope")?.ty;
    Some(quote!(<#ty as __rt::ScopeColumn>::Scopes))
}

fn stand_in(model: &Model, scopes: Option<&TokenStream>) -> TokenStream {
    let name = &model.name;
    let model_impl = scopes.map(|scopes| match model.kind {
        Kind::Client => quote! {
            impl __rt::OAuth2Client for #name {
                type Scopes = #scopes;
                fn fields(&self) -> __rt::ClientFields<'_, Self::Scopes> { loop {} }
            }
        },
        Kind::Token => quote! {
            impl __rt::OAuth2Token for #name {
                type Scopes = #scopes;
                const HAS_REFRESH_TOKEN: bool = true;
                const HAS_GRANT_ID: bool = true;
                fn issued(_: __rt::NewToken<Self::Scopes>) -> Self { loop {} }
                fn fields(&self) -> __rt::TokenFields<'_, Self::Scopes> { loop {} }
            }
        },
        Kind::Code => quote! {
            impl __rt::OAuth2Code for #name {
                type Scopes = #scopes;
                fn issued(_: __rt::NewCode<Self::Scopes>) -> Self { loop {} }
                fn fields(&self) -> __rt::CodeFields<'_, Self::Scopes> { loop {} }
            }
        },
    });
    // A row that cannot be: the compiler keeps quiet about its fields when it has found the struct half-typed itself.
    let row = if model.whole { quote!(loop {}) } else { quote!(__rt::Ok(Self { __half_typed: () })) };
    hidden(
        &model.runtime,
        &quote! {
            #model_impl
            impl<__DB: __rt::Dialect> __rt::SqlModel<__DB> for #name {
                const TABLE: &'static str = "";
                fn decode(_: &__DB::Row) -> __rt::SqlResult<Self> { #row }
                fn columns<__V: __rt::Visit<__DB, Self>>(_: &mut __V) -> __rt::SqlResult { loop {} }
            }
        },
    )
}
