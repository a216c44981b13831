use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::extensions;
use crate::ir::grant::Grant;
use crate::paths::Named;

pub(crate) fn expand(grant: &Grant) -> TokenStream {
    let name = &grant.name;
    let (Named::Ours(kind) | Named::Theirs(kind)) = grant.runtime.named("grant", &grant.kind.path);
    let declared = grant
        .kind
        .path
        .segments
        .last()
        .map_or_else(|| Ident::new("grant", Span::call_site()), |segment| segment.ident.clone());
    // Every token of it at the kind, so that the compiler shows exactly that.
    let property = quote_spanned!(declared.span()=> pub struct #declared;);
    let import = quote_spanned!(declared.span()=> use #kind as __kind;);
    let (spec, extensions) = (spec(grant), extensions::list(&grant.extensions));
    let scopes = (!grant.scopes.is_empty()).then(|| {
        let names = grant.scopes.iter().map(|scope| quote_spanned!(scope.span()=> #scope.__scope()));
        quote!(.scopes(&[#(#names),*]))
    });
    let parameters = grant.parameters.iter().map(|parameter| {
        let (field, ty, name) = (&parameter.field, &parameter.ty, &parameter.name);
        let column = quote_spanned!(ty.span()=> <#ty as __rt::Param>::from_form);
        quote!(#field: #column(form, #name)?)
    });
    let form = if grant.parameters.is_empty() { quote!(_) } else { quote!(form) };
    super::hidden(
        &grant.runtime,
        &quote! {
            #import
            #property
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl __rt::Grant for #name {
                type Kind = __kind::Kind;
                type Spec = __kind::Spec;
                type Declared = #declared;
                type Extensions = #extensions;
                const SPEC: __kind::Spec = #spec;
                const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC)#scopes;
                fn parse(#form: &__rt::Form) -> __rt::OAuthResult<Self> {
                    ::core::result::Result::Ok(Self { #(#parameters),* })
                }
            }
        },
    )
}

/// `__kind::Spec::key(__kind::grant(), value)`: a wrong key, value or limit is an error at the key or value itself.
fn spec(grant: &Grant) -> TokenStream {
    let argument = &grant.kind.argument;
    grant.keys.iter().fold(
        quote!(__kind::grant(#argument)),
        |spec, (key, value)| quote_spanned!(key.span()=> __kind::Spec::#key(#spec, #value)),
    )
}
