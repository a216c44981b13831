//! M033, M176: a server has an issuer.

use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    if server.issuer.is_none() {
        let help = "help: write `issuer = \"https://..\"`, `issuer = env(\"..\")`, or mark a field with `#[oauth2(issuer)]`";
        diag.push(
            server.name.span(),
            format_args!("this server has no issuer\n\n{help}\nnote: RFC 8414 section 2"),
        );
    }
}
