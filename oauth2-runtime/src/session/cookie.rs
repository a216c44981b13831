//! One cookie (RFC 6265): not readable by scripts, not sent along by other sites' forms, and never in clear over a network.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use crate::error::Error;
use crate::types::Issuer;

/// A prefix that browsers enforce: such a cookie comes from this host and over TLS, and no other host of the domain can
/// have planted it. Loopback servers have no TLS to prove.
///
/// The issuer's path is part of the name, so that issuers below one another do not see each other's cookies.
fn name(issuer: &Issuer) -> String {
    let prefix = match (issuer.is_secure(), issuer.path().is_empty()) {
        (true, true) => "__Host-",
        (true, false) => "__Secure-",
        (false, _) => "",
    };
    let path = issuer.path().replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    format!("{prefix}oauth2_session{path}")
}

/// The header that sets the cookie until the browser is closed.
pub(super) fn set_cookie(issuer: &Issuer, value: &str) -> Result<HeaderValue, Error> {
    let secure = if issuer.is_secure() { "; Secure" } else { "" };
    let path = if issuer.path().is_empty() { "/" } else { issuer.path() };
    let text = format!("{}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}", name(issuer));
    let mut header =
        HeaderValue::try_from(text).map_err(|source| Error::new("cannot set a cookie").caused_by(source))?;
    header.set_sensitive(true);
    Ok(header)
}

/// The cookie's value; `None` when it is missing, or there twice with different values, which no browser does by itself.
pub(super) fn identifier<'a>(issuer: &Issuer, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = name(issuer);
    // Bytes, because a browser sends the cookies of others along as they were set, and those may be of any characters.
    let headers = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let pairs = headers.flat_map(|header| header.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii);
    let mut values = pairs.filter_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    let value = values.next()?;
    if values.all(|other| other == value) { std::str::from_utf8(value).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (COOKIE, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn attributes_follow_the_issuer() {
        let set = |issuer: &str| {
            let issuer = Issuer::parse(issuer).unwrap();
            set_cookie(&issuer, "v").unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(
            set("https://id.example"),
            "__Host-oauth2_session=v; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            set("https://id.example/tenant"),
            "__Secure-oauth2_session_tenant=v; Path=/tenant; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(set("http://127.0.0.1:8080"), "oauth2_session=v; Path=/; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let issuer = Issuer::parse("http://127.0.0.1").unwrap();
        let find = |values: &[&'static str]| identifier(&issuer, &cookies(values)).map(str::to_owned);
        assert_eq!(find(&["a=b; oauth2_session=v; c=d"]), Some("v".to_owned()));
        assert_eq!(find(&["a=b", "oauth2_session=v"]), Some("v".to_owned()));
        assert_eq!(find(&["oauth2_session=v; oauth2_session=v"]), Some("v".to_owned()));
        assert_eq!(find(&["oauth2_session=v; oauth2_session=w"]), None);
        assert_eq!(find(&["xoauth2_session=v; oauth2_session"]), None);
        assert_eq!(find(&[]), None);
    }

    #[test]
    fn what_others_have_set_is_in_nobodys_way() {
        let issuer = Issuer::parse("http://127.0.0.1").unwrap();
        let find = |value: &'static [u8]| {
            let headers = [(COOKIE, HeaderValue::from_bytes(value).unwrap())].into_iter().collect();
            identifier(&issuer, &headers).map(str::to_owned)
        };
        assert_eq!(find("theme=\u{e9}; oauth2_session=v".as_bytes()), Some("v".to_owned()));
        assert_eq!(find(b"oauth2_session=v; \xff\xfe"), Some("v".to_owned()));
        assert_eq!(find(b"oauth2_session=\xff"), None);
        assert_eq!(find(b"oauth2_session=v; oauth2_session=\xff"), None);
    }
}
