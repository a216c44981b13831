//! M001, M028, M033, M093: what a server cannot do without.

use crate::diag::Diagnostics;
use crate::ir::server::Server;

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    // Entries that were there and wrong have their own errors.
    if diag.has_errors() {
        return;
    }
    let name = server.name.span();
    if server.issuer.is_none() {
        let help = "help: write `issuer = \"https://..\"`, `issuer = env(\"..\")`, or mark a field with `#[oauth2(issuer)]`";
        diag.push(name, format_args!("this server has no issuer\n\n{help}\nnote: RFC 8414 section 2"));
    }
    if server.scopes.is_none() {
        let help = "help: write `scopes = ..` with an enum that derives `Scope`";
        diag.push(
            name,
            format_args!("this server does not say which scopes exist\n\n{help}\nnote: RFC 6749 section 3.3"),
        );
    }
    if server.grants.is_empty() {
        let help = "help: write `grants(..)` with structs that have `#[grant(..)]`";
        diag.push(name, format_args!("this server has no grants, so nobody can obtain a token\n\n{help}\nnote: RFC 6749 section 1.3"));
    }
    if server.client_auth.is_empty() {
        let help = "help: write `client_auth(client_secret_basic)`, and `none` for public clients";
        diag.push(
            name,
            format_args!(
                "this server does not say how clients authenticate\n\n{help}\nnote: RFC 6749 section 2.3"
            ),
        );
    }
    if server.store.is_none() {
        let help = "help: mark the field that stores clients and tokens with `#[oauth2(store)]`";
        diag.push(name, format_args!("this server has no store\n\n{help}"));
    }
}
