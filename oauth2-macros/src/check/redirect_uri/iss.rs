//! What the server adds to a redirect URI by itself.

use super::{Refusal, Uri, refuse};

/// M058.
pub(super) fn iss(uri: &Uri<'_>) -> Result<(), Refusal> {
    let query = uri.query.unwrap_or_default();
    let is_iss = |pair: &&str| decoded(pair.split('=').next().unwrap_or_default()) == b"iss";
    if !query.split('&').any(|pair| is_iss(&pair)) {
        return Ok(());
    }
    let before = uri.text.split('?').next().unwrap_or_default();
    let others: Vec<&str> = query.split('&').filter(|pair| !is_iss(pair)).collect();
    let meant = if others.is_empty() { before.to_owned() } else { format!("{before}?{}", others.join("&")) };
    let reason = "a redirect URI has no `iss` parameter: the server adds its own";
    refuse(reason, Some(meant), "leave the parameter out", "RFC 9207 section 2")
}

/// The bytes that a name with percent-encodings stands for.
fn decoded(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.as_bytes().first() {
        let code = rest.get(1..3).filter(|_| *first == b'%');
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = rest.get(if code.is_some() { 3 } else { 1 }..).unwrap_or_default();
    }
    bytes
}
