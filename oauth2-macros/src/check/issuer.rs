//! M115, M176: an issuer literal is an `https` URL without query and fragment, or `http` on a loopback host, and its path begins with
//! one `/`.

use crate::diag::Diagnostics;
use crate::ir::server::{IssuerSource, Server};

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    let Some(IssuerSource::Literal(literal)) = &server.issuer else { return };
    let Err(reason) = verify(&literal.value()) else { return };
    let help = "help: write `issuer = \"https://id.example\"`";
    diag.push(literal.span(), format_args!("{reason}\n\n{help}\nnote: RFC 8414 section 2"));
}

fn verify(url: &str) -> Result<(), &'static str> {
    let rest = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => rest,
        (None, Some(rest)) if is_loopback(authority(rest)) => rest,
        (None, Some(_)) => return Err("an issuer with `http` is allowed on loopback hosts only"),
        (None, None) => return Err("an issuer is an `https` URL"),
    };
    let authority = authority(rest);
    if authority.is_empty() || authority.contains('@') {
        return Err("an issuer has a host name and nothing before it");
    }
    if url.contains(char::is_whitespace) {
        return Err("an issuer has no white space");
    }
    if url.contains(['?', '#']) {
        return Err("an issuer has no query and no fragment");
    }
    let path = rest.strip_prefix(authority).unwrap_or_default().trim_end_matches('/');
    if path.starts_with("//") {
        return Err("an issuer's path begins with one `/`");
    }
    Ok(())
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(ipv6) => return ipv6.starts_with("::1]"),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}
