use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::server;
use crate::attr::endpoint::{Endpoint, Key};
use crate::ir::server::Server;

/// One entry of the table, `Mount::key(Mount::of::<Endpoint>(), value)`: a wrong key or value is an error at the key or value
/// itself.
pub(crate) fn entry(server: &Server, endpoint: &Endpoint) -> TokenStream {
    let mount = server::entry(server, "endpoint", "Mount", &endpoint.path);
    endpoint.keys.iter().fold(mount, |mount, key| match key {
        Key::ClientAuth(key, methods) => {
            let methods = methods.iter().map(|path| server::entry(server, "client_auth", "Method", path));
            quote_spanned!(key.span()=> __rt::Mount::<Self>::#key(#mount, &[#(#methods),*]))
        }
        Key::Layer(key, layer) => {
            let layered = quote_spanned!(layer.span()=> __rt::layered(__route, #layer));
            quote_spanned!(key.span()=> __rt::Mount::<Self>::#key(#mount, |__route| #layered))
        }
        Key::Other(key, value) => quote_spanned!(key.span()=> __rt::Mount::<Self>::#key(#mount, #value)),
    })
}
