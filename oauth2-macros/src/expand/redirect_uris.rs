use proc_macro2::TokenStream;
use quote::quote;

use crate::attr::redirect_uris::RedirectUrisList;

/// The texts as an array: what it becomes is for the `macro_rules` of the runtime to say, which knows the way to it.
pub(crate) fn expand(list: &RedirectUrisList) -> TokenStream {
    let uris = &list.uris;
    quote!([#(#uris),*])
}
