//! What a list of redirect URIs adds to what each of them keeps: none is there twice.

use super::redirect_uri::verify;
use crate::attr::redirect_uris::RedirectUrisList;
use crate::diag::Diagnostics;

pub(crate) fn check(list: &RedirectUrisList, diag: &mut Diagnostics) {
    for (index, literal) in list.uris.iter().enumerate() {
        let uri = literal.value();
        if let Err(refusal) = verify(&uri) {
            let (reason, help, note) = (&refusal.reason, refusal.help(), refusal.note);
            diag.push(literal.span(), format_args!("{reason}\n\nhelp: {help}\nnote: {note}"));
        } else if list.uris.iter().take(index).any(|other| other.value() == uri) {
            let help = "help: remove one of the two";
            diag.push(literal.span(), format_args!("this redirect URI is there twice\n\n{help}"));
        }
    }
}
