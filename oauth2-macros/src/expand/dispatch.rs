use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::ir::server::Server;

/// The one match from `grant_type` to grant.
pub(crate) fn expand(server: &Server) -> TokenStream {
    let (name, rt) = (&server.name, server.runtime.private());
    let constant = |grant: &syn::Path| {
        let rt = server.runtime.private_at(grant.span());
        quote_spanned!(grant.span()=> <#grant as #rt::Grant>::GRANT_TYPE)
    };
    let names = server.grants.iter().map(constant);
    let arms = server.grants.iter().map(|grant| {
        let (pattern, rt) = (constant(grant), server.runtime.private_at(grant.span()));
        quote_spanned!(grant.span()=> #pattern => #rt::run::<Self, #grant>(cx),)
    });
    quote! {
        #[automatically_derived]
        // Two grants of one type are the rule `distinct_grant_types`, which has better words.
        #[allow(unreachable_patterns)]
        impl #rt::Dispatch for #name {
            const GRANT_TYPES: &'static [&'static str] = &[#(#names),*];
            fn dispatch<'a>(grant_type: &'a str, cx: &'a #rt::GrantContext<'a, Self>) -> #rt::TokenFuture<'a> {
                match grant_type {
                    #(#arms)*
                    _ => #rt::unsupported(),
                }
            }
        }
    }
}
