//! M150: `tokens(..)`. Each key is `default` or a grant as `grants(..)` has it, and is there once.

use quote::ToTokens;
use syn::spanned::Spanned;

use crate::attr::similar;
use crate::diag::{Conflict, Diagnostics};
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
        } else if let Some(first) = server.tokens.iter().take(index).find(|other| written(&other.of) == name)
        {
            diag.conflict(Conflict {
                first: first.of.span(),
                second: tokens.of.span(),
                message: format!("`{name}` has two token generators"),
                label: "this is the second one".to_owned(),
                notes: vec!["a token has one value".to_owned(), "remove one of the two".to_owned()],
            });
        }
    }
}

/// A path as one writes it, without the spaces of its tokens.
fn written(path: &syn::Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
