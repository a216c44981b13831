//! M004, for the same path written twice. Different structs that answer one grant type are found by the rule
//! `distinct_grant_types` of the runtime.

use quote::ToTokens;

use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    for (index, grant) in server.grants.iter().enumerate() {
        let written = grant.to_token_stream().to_string();
        let before =
            server.grants.iter().take(index).any(|other| other.to_token_stream().to_string() == written);
        if before {
            diag.push_at(
                grant,
                format_args!("the grant `{written}` is listed twice\n\nhelp: remove one of the two"),
            );
        }
    }
}
