//! M001: a server has grants.

use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    if server.grants.is_empty() {
        let help = "help: write `grants(..)` with structs that have `#[grant(..)]`";
        diag.push(server.name.span(), format_args!("this server has no grants, so nobody can obtain a token\n\n{help}\nnote: RFC 6749 section 1.3"));
    }
}
