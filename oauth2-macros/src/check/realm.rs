//! A realm is text that a header can carry.

use crate::diag::Diagnostics;
use crate::ir::protect::Protect;

pub(crate) fn check(protect: &Protect, diag: &mut Diagnostics) {
    let Some(literal) = &protect.realm else { return };
    let realm = literal.value();
    if realm.is_empty() || !realm.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let help = "help: write it as `realm = \"photos\"`, or leave it out: then it is the issuer";
        diag.push(
            literal.span(),
            format_args!("a realm is printable ASCII, and not empty\n\n{help}\nnote: RFC 9110 section 11.5"),
        );
    }
}
