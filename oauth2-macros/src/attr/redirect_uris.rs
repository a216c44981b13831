//! `redirect_uris!["https://app.example/cb", ..]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::{parse, split};
use crate::diag::Diagnostics;

/// The list as written.
pub(crate) struct RedirectUrisList {
    pub(crate) uris: Vec<LitStr>,
}

impl RedirectUrisList {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diagnostics) -> Self {
        let items = split(tokens.clone());
        if items.is_empty() {
            not_a_literal(&tokens, diag);
        }
        Self { uris: items.iter().filter_map(|item| literal(item, diag)).collect() }
    }
}

fn literal(item: &TokenStream, diag: &mut Diagnostics) -> Option<LitStr> {
    // Of two texts side by side the second lacks a comma; of anything else that follows a text, such as `.into()`, or that is
    // there in place of one, all is the mistake.
    let texts = |item: TokenStream| item.into_iter().all(|tree| syn::parse2::<LitStr>(quote!(#tree)).is_ok());
    if texts(item.clone()) {
        return parse(item, "a redirect URI in quotes", diag);
    }
    not_a_literal(item, diag);
    None
}

fn not_a_literal(item: &TokenStream, diag: &mut Diagnostics) {
    let help = "help: write it out, such as `\"https://app.example/cb\"`";
    let note = "note: one that only the running program knows goes into `RedirectUris::from_iter([..])`, and is checked \
                where the client is stored";
    diag.push_at(item, format_args!("expected a redirect URI in quotes\n\n{help}\n{note}"));
}
