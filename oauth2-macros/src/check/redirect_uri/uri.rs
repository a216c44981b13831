//! A URI in its parts.

/// The parts of RFC 3986 section 3.
pub(super) struct Uri<'a> {
    pub(super) text: &'a str,
    /// In lower case; empty where there is none.
    pub(super) scheme: String,
    /// What follows the scheme.
    pub(super) rest: &'a str,
    pub(super) authority: Option<&'a str>,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

impl<'a> Uri<'a> {
    pub(super) fn split(text: &'a str) -> Self {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
            _ => (String::new(), text),
        };
        let hierarchy = rest.split('#').next().unwrap_or_default();
        let (hierarchy, query) = match hierarchy.split_once('?') {
            Some((hierarchy, query)) => (hierarchy, Some(query)),
            None => (hierarchy, None),
        };
        let (authority, path) = match hierarchy.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, hierarchy),
        };
        Self { text, scheme, rest, authority, path, query }
    }

    pub(super) fn is_web(&self) -> bool {
        matches!(self.scheme.as_str(), "http" | "https")
    }

    /// Host and port; the colons inside of an IPv6 address are not the one before a port.
    pub(super) fn host_and_port(&self) -> (&'a str, Option<&'a str>) {
        let authority = self.authority.unwrap_or_default();
        let after_address = match authority.strip_prefix('[') {
            Some(_) => authority.find(']').map_or(authority.len(), |end| end + 1),
            None => 0,
        };
        match authority.get(after_address..).and_then(|rest| rest.find(':')) {
            Some(colon) => {
                let (host, port) = authority.split_at(after_address + colon);
                (host, port.strip_prefix(':'))
            }
            None => (authority, None),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(rest)
}
