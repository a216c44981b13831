//! From the validated form to tokens. Generated code holds trait impls, constants, one match and the rule calls; every
//! body longer than a call is a generic function of the runtime.

pub(crate) mod dispatch;
pub(crate) mod grant;
pub(crate) mod model;
pub(crate) mod protect;
pub(crate) mod rules;
pub(crate) mod scope;
pub(crate) mod server;
pub(crate) mod signals;

use proc_macro2::TokenStream;
use quote::quote;

/// One anonymous constant around what is generated, so that no name of it meets a name of the user's. Tokens that
/// carry the user's spans are linted as the user's code, and must not be.
pub(crate) fn hidden(content: &TokenStream) -> TokenStream {
    quote! {
        #[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
        const _: () = { #content };
    }
}
