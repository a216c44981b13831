//! Where a redirect URI leads: the host, what precedes it, and the port.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Refusal, Uri, refuse};

pub(super) fn user(uri: &Uri<'_>) -> Result<(), Refusal> {
    let Some((user, _)) = uri.authority.and_then(|authority| authority.rsplit_once('@')) else {
        return Ok(());
    };
    let meant = uri.text.replacen(&format!("{user}@"), "", 1);
    let remedy = "leave out the `@` and what precedes it";
    let note = "RFC 3986 section 7.6: people take what precedes the `@` for the host";
    refuse("a redirect URI has no user name and no password", Some(meant), remedy, note)
}

pub(super) fn host(uri: &Uri<'_>) -> Result<(), Refusal> {
    let (host, port) = uri.host_and_port();
    let note = "RFC 3986 section 3.2.2";
    if host.is_empty() && (uri.is_web() || port.is_some()) {
        let meant = uri.authority.is_none().then(|| {
            let rest = uri.rest.trim_start_matches('/');
            format!("{}://{rest}", uri.scheme)
        });
        return refuse(
            "this redirect URI has no host",
            meant,
            "write it as `\"https://app.example/cb\"`",
            note,
        );
    }
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let known = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok() && !address.contains('.'),
        None if uri.is_web() => is_domain(host) || host.parse::<Ipv4Addr>().is_ok(),
        None => host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
    };
    if known {
        return Ok(());
    }
    let remedy = "write a domain name or an address, such as `app.example`, `127.0.0.1` or `[::1]`";
    refuse(format!("`{host}` is not the name of a host"), None, remedy, note)
}

fn is_domain(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    host.split('.').all(label) && !host.rsplit('.').next().is_some_and(is_number)
}

/// Whether the last label of a host makes browsers read the whole as an IPv4 address.
fn is_number(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    match label.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        None => label.bytes().all(|digit| digit.is_ascii_digit()),
    }
}

pub(super) fn port(uri: &Uri<'_>) -> Result<(), Refusal> {
    let (host, Some(port)) = uri.host_and_port() else { return Ok(()) };
    let is_port = port.parse::<u16>().is_ok_and(|number| number != 0 && number.to_string() == port);
    if is_port {
        return Ok(());
    }
    let meant = port.is_empty().then(|| uri.text.replacen(&format!("{host}:"), host, 1));
    let remedy = "write a number from 1 to 65535, or leave out the `:` too";
    let reason = if port.is_empty() {
        "no port follows the `:`".to_owned()
    } else {
        format!("`{port}` is not a port")
    };
    refuse(reason, meant, remedy, "RFC 3986 section 3.2.3")
}

/// M054.
pub(super) fn http(uri: &Uri<'_>) -> Result<(), Refusal> {
    if uri.scheme != "http" || is_loopback(uri.host_and_port().0) {
        return Ok(());
    }
    let meant = format!("https:{}", uri.rest);
    let note = "RFC 9700 section 2.6: anybody between would read the code";
    refuse("`http` is for loopback hosts only", Some(meant), "write `https`", note)
}

fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || address.and_then(|text| text.parse::<Ipv6Addr>().ok()).is_some_and(|address| address.is_loopback())
}
