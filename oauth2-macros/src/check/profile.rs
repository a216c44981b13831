//! M152, M153: the profile is one that can be kept in full.

use crate::attr::similar;
use crate::diag::Diagnostics;
use crate::ir::server::{PROFILES, Server};

/// A profile that this framework cannot keep yet, and what it lacks for it.
struct Incomplete {
    name: &'static str,
    missing: &'static str,
    note: &'static str,
}

const INCOMPLETE: &[Incomplete] = &[
    Incomplete {
        name: "fapi2",
        missing: "pushed authorization requests (RFC 9126), no sender-constrained tokens (RFC 9449, RFC 8705), \
                  and neither `private_key_jwt` nor `tls_client_auth`",
        note: "FAPI 2.0 Security Profile, section 5.3.2",
    },
    Incomplete {
        name: "mcp",
        missing: "resource indicators (RFC 8707), no tokens bound to an audience, no protected resource metadata (RFC 9728), and \
                  clients cannot register themselves",
        note: "MCP authorization, revision 2025-11-25",
    },
];

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    let Some(written) = &server.profile_name else { return };
    let name = written.value();
    let names = || PROFILES.iter().map(|(known, _)| *known);
    if names().any(|known| known == name) {
        return;
    }
    if let Some(profile) = INCOMPLETE.iter().find(|profile| profile.name == name) {
        let Incomplete { name, missing, note } = profile;
        let help = "help: write `profile = \"oauth2.1\"` until then";
        diag.push(
            written.span(),
            format_args!(
                "the profile `{name}` cannot be kept yet: there are no {missing}\n\n{help}\nnote: {note}"
            ),
        );
        return;
    }
    let all: Vec<&str> = names().chain(INCOMPLETE.iter().map(|profile| profile.name)).collect();
    let help = match similar(&name, &all) {
        Some(near) => format!("help: a profile with a similar name exists: `{near}`"),
        None => format!("help: the profiles are `{}`", names().collect::<Vec<_>>().join("`, `")),
    };
    diag.push(written.span(), format_args!("unknown profile `{name}`\n\n{help}"));
}
