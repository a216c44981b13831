//! M095, M096: scope names have the characters of RFC 6749 section 3.3, and each is there once.

use crate::diag::{Conflict, Diagnostics};
use crate::ir::scope::Scopes;

pub(crate) fn check(scopes: &Scopes, diag: &mut Diagnostics) {
    for (index, variant) in scopes.variants.iter().enumerate() {
        let name = variant.name.value();
        let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if name.is_empty() || !name.bytes().all(legal) {
            let note = "note: RFC 6749 section 3.3: printable ASCII without spaces, `\"` and `\\`";
            diag.push(variant.name.span(), format_args!("`{name}` is not the name of a scope\n\n{note}"));
        }
        let before = scopes.variants.iter().take(index).find(|other| other.name.value() == name);
        if let Some(first) = before {
            diag.conflict(Conflict {
                first: first.name.span(),
                second: variant.name.span(),
                message: format!("two scopes are called `{name}`"),
                label: "another scope has this name".to_owned(),
                notes: vec![
                    "RFC 6749 section 3.3: a token says by names alone what it is good for".to_owned(),
                    "give each scope a name of its own".to_owned(),
                ],
            });
        }
    }
}
