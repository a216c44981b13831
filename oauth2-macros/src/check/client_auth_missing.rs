//! M028: a server says how clients authenticate.

use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    if server.client_auth.is_empty() {
        let help = "help: write `client_auth(client_secret_basic)`, and `none` for public clients";
        diag.push(
            server.name.span(),
            format_args!(
                "this server does not say how clients authenticate\n\n{help}\nnote: RFC 6749 section 2.3"
            ),
        );
    }
}
