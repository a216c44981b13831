use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::extensions;
use crate::ir::server::Server;

/// The one match from `grant_type` to grant. Two grants of one type are the rule `distinct_grant_types`, whose words are
/// better than those of an unreachable pattern.
pub(crate) fn expand(server: &Server) -> TokenStream {
    let (name, extensions) = (&server.name, extensions::list(&server.extensions));
    let properties =
        server.grants.iter().map(|grant| quote_spanned!(grant.span()=> <#grant as __rt::Grant>::PROPERTIES));
    let arms = server.grants.iter().map(
        |grant| quote_spanned!(grant.span()=> <#grant as __rt::Grant>::GRANT_TYPE => __rt::Handler::<Self>::of::<#grant>(),),
    );
    quote! {
        impl __rt::Dispatch for #name {
            const GRANTS: &'static [__rt::GrantProperties] = &[#(#properties),*];
            type Extensions = #extensions;
            fn handler(grant_type: &str) -> __rt::Found<Self> {
                match grant_type {
                    #(#arms)*
                    _ => __rt::None,
                }
            }
        }
    }
}
