use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::group;
use crate::ir::server::Server;
use crate::paths::local;

/// One statement for each member of `metadata(..)`; nothing at all without it.
pub(crate) fn expand(server: &Server) -> Option<TokenStream> {
    let metadata = &server.metadata;
    let document = local("metadata", Span::call_site());
    let urls = metadata.urls.iter().map(|(key, url)| {
        let key = syn::Ident::new(&key.to_string(), Span::call_site());
        quote!(#document.#key = __rt::Some(__rt::text(#url));)
    });
    let tags = &metadata.ui_locales;
    let locales = (!tags.is_empty()).then(|| quote!(#document.ui_locales_supported = [#(#tags),*].to_vec();));
    let extra = metadata.extra.iter().map(|(key, value)| {
        let (name, value) = (key.unraw().to_string(), group(value));
        quote!(#document.add(#name, #value);)
    });
    let statements: Vec<TokenStream> = urls.chain(locales).chain(extra).collect();
    (!statements.is_empty()).then(|| {
        quote! {
            fn describe(&self, #document: &mut __rt::ServerMetadata) {
                #(#statements)*
            }
        }
    })
}
