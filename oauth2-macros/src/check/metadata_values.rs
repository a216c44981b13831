//! The values of `metadata(..)`: URLs with `https`, and language tags (RFC 8414 section 2, RFC 5646 section 2.1).

use syn::LitStr;

use crate::diag::{Conflict, Diagnostics};
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    for (key, url) in &server.metadata.urls {
        if !is_https(&url.value()) {
            let help = format!("help: write `{key} = \"https://id.example/..\"`");
            let note = "note: RFC 8414 section 2";
            diag.push(url.span(), format_args!("`{key}` is an `https` URL with a host\n\n{help}\n{note}"));
        }
    }
    let tags = &server.metadata.ui_locales;
    for (index, tag) in tags.iter().enumerate() {
        let value = tag.value();
        if !is_language_tag(&value) {
            not_a_tag(tag, diag);
            continue;
        }
        let first = tags.iter().take(index).find(|other| other.value().eq_ignore_ascii_case(&value));
        if let Some(first) = first {
            diag.conflict(Conflict {
                first: first.span(),
                second: tag.span(),
                message: format!("the language `{value}` is there twice"),
                label: "this is the second one".to_owned(),
                notes: vec![
                    "RFC 5646 section 2.1.1: capital letters make no difference".to_owned(),
                    "remove one of the two".to_owned(),
                ],
            });
        }
    }
}

fn is_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let printable = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\');
    !host.is_empty() && !authority.contains('@') && url.bytes().all(printable)
}

/// The shape alone: which languages there are changes too often to be compiled in.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    // `x` and `i` are nothing by themselves: a private tag, and one from before there was a registry.
    let language = match first {
        "x" | "X" | "i" | "I" => tag.len() > 2,
        _ => (2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic()),
    };
    language
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn not_a_tag(tag: &LitStr, diag: &mut Diagnostics) {
    let value = tag.value();
    let mended = value.replace('_', "-");
    let help = if mended != value && is_language_tag(&mended) {
        format!("help: write `\"{mended}\"`")
    } else {
        "help: write one such as `\"en\"` or `\"de-AT\"`".to_owned()
    };
    let note = "note: RFC 5646 section 2.1 (BCP 47)";
    diag.push(tag.span(), format_args!("`{value}` is not a language tag\n\n{help}\n{note}"));
}
