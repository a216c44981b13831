//! `tokens(..)`: each key is `default` or a grant as `grants(..)` has it, and is there once.

use quote::ToTokens;

use crate::attr::similar;
use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    // Without grants the error is about them.
    if server.grants.is_empty() {
        return;
    }
    let grants: Vec<String> = server.grants.iter().map(written).collect();
    let known: Vec<&str> = std::iter::once("default").chain(grants.iter().map(String::as_str)).collect();
    for (index, tokens) in server.tokens.iter().enumerate() {
        let name = written(&tokens.of);
        if !known.contains(&name.as_str()) {
            let help = match similar(&name, &known) {
                Some(near) => format!("help: there is `{near}`"),
                None => format!("help: the keys are `{}`", known.join("`, `")),
            };
            diag.push_at(
                &tokens.of,
                format_args!(
                    "`{name}` is no grant of this server\n\n{help}\nnote: a key is written as in `grants(..)`"
                ),
            );
        } else if server.tokens.iter().take(index).any(|other| written(&other.of) == name) {
            diag.push_at(
                &tokens.of,
                format_args!("`{name}` has two token generators\n\nhelp: remove one of the two"),
            );
        }
    }
}

/// A path as one writes it, without the spaces of its tokens.
fn written(path: &syn::Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
