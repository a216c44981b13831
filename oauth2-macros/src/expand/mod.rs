//! From the validated form to tokens. Generated code holds trait impls, constants, one match and the rule calls; every
//! body longer than a call is a generic function of the runtime.

pub(crate) mod dispatch;
mod endpoints;
mod extensions;
pub(crate) mod grant;
pub(crate) mod metadata;
pub(crate) mod model;
pub(crate) mod protect;
pub(crate) mod redirect_uris;
pub(crate) mod rules;
pub(crate) mod scope;
pub(crate) mod server;
pub(crate) mod signals;
pub(crate) mod tokens;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use crate::paths::Runtime;

/// One anonymous constant around what is generated, so that no name of it meets a name of the user's; `__rt` is the
/// runtime in it. Tokens that carry the user's spans are linted as the user's code, and must not be.
pub(crate) fn hidden(runtime: &Runtime, content: &TokenStream) -> TokenStream {
    let private = runtime.private();
    quote! {
        #[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
        const _: () = {
            use #private::{self as __rt, Unknown as _};
            #content
        };
    }
}

/// `{ expr }`, the braces at the expression: where it ends too early, the error is there.
fn group(expr: &TokenStream) -> TokenStream {
    let mut group = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, expr.clone());
    group.set_span(expr.span());
    group.into_token_stream()
}
