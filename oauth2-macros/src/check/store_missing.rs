//! M072: a server has a store.

use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    if server.store.is_none() {
        let help = "help: mark the field that stores clients and tokens with `#[oauth2(store)]`";
        diag.push(server.name.span(), format_args!("this server has no store\n\n{help}\nnote: codes and tokens are rows, so that they can be used once and revoked"));
    }
}
