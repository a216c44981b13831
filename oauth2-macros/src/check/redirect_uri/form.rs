//! What must be written in one way only, since redirect URIs are compared byte for byte.

use std::net::Ipv6Addr;

use super::{Refusal, Uri, refuse};

const COMPARED: &str = "RFC 9700 section 2.1: redirect URIs are compared byte for byte";

pub(super) fn normal_form(uri: &Uri<'_>) -> Result<(), Refusal> {
    let (host, port) = uri.host_and_port();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match address.and_then(|address| address.parse::<Ipv6Addr>().ok()) {
        Some(address) => format!("[{address}]"),
        None if uri.is_web() => host.to_ascii_lowercase(),
        None => host.to_owned(),
    };
    let default_port = match uri.scheme.as_str() {
        "https" => "443",
        "http" => "80",
        _ => "",
    };
    let port = port.filter(|port| *port != default_port).map(|port| format!(":{port}")).unwrap_or_default();
    let authority = uri.authority.map(|_| format!("//{host}{port}")).unwrap_or_default();
    let path = if uri.is_web() && uri.path.is_empty() && uri.query.is_some() { "/" } else { uri.path };
    let query = uri.query.map(|query| format!("?{query}")).unwrap_or_default();
    let normal = format!("{}:{authority}{path}{query}", uri.scheme);
    if normal == uri.text {
        return Ok(());
    }
    let remedy =
        "write scheme and host in lower case, addresses as short as they can be, and no default port";
    refuse("this redirect URI is not in normal form", Some(normal), remedy, COMPARED)
}

pub(super) fn dot_segments(uri: &Uri<'_>) -> Result<(), Refusal> {
    let is_dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    };
    if !uri.path.split('/').any(is_dots) {
        return Ok(());
    }
    let reason = "the path of a redirect URI has no `.` and no `..` between its slashes";
    refuse(reason, None, "write the path that they lead to", COMPARED)
}
