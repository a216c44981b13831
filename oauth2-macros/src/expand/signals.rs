use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::ir::server::Server;
use crate::paths::{Runtime, local};

/// One arm for each signal that has handlers; several handlers run in the order they are declared.
pub(crate) fn expand(server: &Server) -> TokenStream {
    let event = local("event", proc_macro2::Span::call_site());
    let mut by_signal: Vec<(&Ident, Vec<&Path>)> = Vec::new();
    for (signal, handler) in &server.signals {
        match by_signal.iter_mut().find(|(name, _)| *name == signal) {
            Some((_, handlers)) => handlers.push(handler),
            None => by_signal.push((signal, vec![handler])),
        }
    }
    let arms = by_signal.iter().map(|(signal, handlers)| {
        let calls: Vec<_> = handlers
            .iter()
            .map(|handler| {
                let at = proc_macro2::Span::call_site().located_at(handler.span());
                let event = local("event", handler.span());
                quote_spanned!(at=> __rt::emit(#handler, self, #event))
            })
            .collect();
        let run = match calls.as_slice() {
            [only] => only.clone(),
            _ => quote!(__rt::in_order([#(#calls),*])),
        };
        let rt = Runtime::alias_at(signal.span());
        quote_spanned!(signal.span()=> #rt::Event::#signal(#event) => #run,)
    });
    quote! {
        fn signal<'a>(&'a self, #event: __rt::Event<'a>) -> __rt::BoxFuture<'a, ()> {
            match #event {
                #(#arms)*
                _ => __rt::silent(),
            }
        }
    }
}
