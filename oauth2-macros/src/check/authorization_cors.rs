//! M060: no CORS layer around the authorization endpoint and its pages. What else a layer turns out to be, the runtime
//! sees in the answers.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::attr::endpoint::Key;
use crate::diag::Diagnostics;
use crate::ir::server::Server;

const FOR_BROWSERS: &[&str] = &["authorization", "sign_in", "consent"];

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    for endpoint in &server.endpoints {
        let name = endpoint.path.get_ident().filter(|name| FOR_BROWSERS.iter().any(|other| *name == other));
        let layers = endpoint.keys.iter().filter_map(|key| match key {
            Key::Layer(_, layer) => cors_layer(layer.clone()),
            Key::ClientAuth(..) | Key::Other(..) => None,
        });
        for (name, layer) in name.into_iter().zip(layers) {
            let reason = format!(
                "`{name}` takes no CORS layer: browsers are sent there, and scripts of other sites may not read its answers"
            );
            let help = "help: remove it, and `authorization` from the list if nothing is left: the endpoint is there all the same";
            let note = "note: RFC 9700 section 2.6";
            diag.push(layer.span(), format_args!("{reason}\n\n{help}\n{note}"));
        }
    }
}

fn cors_layer(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|tree| match tree {
        TokenTree::Ident(name) => (name == "CorsLayer").then_some(name),
        TokenTree::Group(group) => cors_layer(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}
