//! M175: nothing is listed twice where the second time means nothing. Only the first is kept.

use proc_macro2::Span;
use quote::ToTokens;
use syn::Path;
use syn::spanned::Spanned;

use crate::attr::endpoint::{Endpoint, Key};
use crate::diag::{Conflict, Diagnostics};
use crate::ir::grant::Grant;
use crate::ir::server::Server;

pub(crate) fn server(server: &mut Server, diag: &mut Diagnostics) {
    let method = "each method is tried once, in this order (RFC 6749 section 2.3)";
    once(&mut server.client_auth, written, "client_auth", method, diag);
    let grant = "the token endpoint selects a grant by its `grant_type` (RFC 6749 section 4.5)";
    once(&mut server.grants, written, "grants", grant, diag);
    let endpoint = "each endpoint has an address of its own (RFC 8414 section 2)";
    once(&mut server.endpoints, mounted, "endpoints", endpoint, diag);
    for key in server.endpoints.iter_mut().flat_map(|endpoint| &mut endpoint.keys) {
        if let Key::ClientAuth(_, methods) = key {
            once(methods, written, "client_auth", method, diag);
        }
    }
    once(&mut server.extensions, written, "extensions", EXTENSION, diag);
    let exception = "a rule is relaxed once, for one reason";
    once(&mut server.allow, |allow| (allow.rule.to_string(), allow.rule.span()), "allow", exception, diag);
}

pub(crate) fn grant(grant: &mut Grant, diag: &mut Diagnostics) {
    once(&mut grant.extensions, written, "extensions", EXTENSION, diag);
}

const EXTENSION: &str = "each extension has its steps once, in this order";

/// An endpoint of one's own may be at several paths; those of the runtime are what they are once.
fn mounted(endpoint: &Endpoint) -> (String, Span) {
    let (mut name, at) = written(&endpoint.path);
    let path = endpoint.keys.iter().find_map(|key| match key {
        Key::Other(key, path) if key == "path" => Some(path),
        _ => None,
    });
    if let Some(path) = path.filter(|_| !name.starts_with(|first: char| first.is_ascii_lowercase())) {
        name.push_str(&path.to_string());
    }
    (name, at)
}

/// What an entry is called, and where its last name stands.
fn written(path: &Path) -> (String, Span) {
    let text = path.to_token_stream().to_string().replace(' ', "");
    (text, path.segments.last().map_or_else(|| path.span(), |last| last.ident.span()))
}

fn once<T>(
    entries: &mut Vec<T>,
    written: impl Fn(&T) -> (String, Span),
    list: &str,
    reason: &str,
    diag: &mut Diagnostics,
) {
    let mut seen: Vec<(String, Span)> = Vec::new();
    entries.retain(|entry| {
        let (entry, second) = written(entry);
        let Some((_, first)) = seen.iter().find(|(other, _)| *other == entry) else {
            seen.push((entry, second));
            return true;
        };
        diag.conflict(Conflict {
            first: *first,
            second,
            message: format!("`{entry}` is listed twice in `{list}(..)`"),
            label: "this is the second one".to_owned(),
            notes: vec![reason.to_owned(), "remove one of the two".to_owned()],
        });
        false
    });
}
