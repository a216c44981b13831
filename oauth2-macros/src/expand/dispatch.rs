use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::ir::server::Server;

/// The one match from `grant_type` to grant. Two grants of one type are the rule `distinct_grant_types`, whose words are
/// better than those of an unreachable pattern.
pub(crate) fn expand(server: &Server) -> TokenStream {
    let name = &server.name;
    let properties =
        server.grants.iter().map(|grant| quote_spanned!(grant.span()=> <#grant as __rt::Grant>::PROPERTIES));
    let arms = server.grants.iter().map(
        |grant| quote_spanned!(grant.span()=> <#grant as __rt::Grant>::GRANT_TYPE => __rt::run::<_, #grant>,),
    );
    quote! {
        impl __rt::Dispatch for #name {
            const GRANTS: &'static [__rt::GrantProperties] = &[#(#properties),*];
            fn dispatch<'a>(grant_type: &str, cx: &'a __rt::Context<'a, Self>) -> __rt::Answer<'a> {
                let run: fn(&'a __rt::Context<'a, Self>) -> __rt::Answer<'a> = match grant_type {
                    #(#arms)*
                    _ => |_| __rt::unsupported(),
                };
                run(cx)
            }
        }
    }
}
