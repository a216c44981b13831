//! M093: a server says which scopes exist.

use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    if server.scopes.is_none() {
        let help = "help: write `scopes = ..` with an enum that derives `Scope`";
        diag.push(
            server.name.span(),
            format_args!("this server does not say which scopes exist\n\n{help}\nnote: RFC 6749 section 3.3"),
        );
    }
}
