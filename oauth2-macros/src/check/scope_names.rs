//! M095, M096: scope names have the characters of RFC 6749 section 3.3, and each is there once.

use crate::diag::Diagnostics;
use crate::ir::scope::Scopes;

pub(crate) fn check(scopes: &Scopes, diag: &mut Diagnostics) {
    for (index, variant) in scopes.variants.iter().enumerate() {
        let name = variant.name.value();
        let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if name.is_empty() || !name.bytes().all(legal) {
            let note = "note: RFC 6749 section 3.3: printable ASCII without spaces, `\"` and `\\`";
            diag.push(variant.name.span(), format_args!("`{name}` is not the name of a scope\n\n{note}"));
        }
        if scopes.variants.iter().take(index).any(|other| other.name.value() == name) {
            diag.push(
                variant.name.span(),
                format_args!("two scopes are called `{name}`\n\nhelp: give each its own name"),
            );
        }
    }
}
