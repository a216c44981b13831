//! Forms that another site makes a browser send (RFC 6819 sections 4.4.1.8 and 4.4.1.9).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use http::header::ORIGIN;
use sha2::Sha256;

use crate::types::Issuer;

/// The hidden field of a form: it fits one browser, one page, one request and what the page said of it, so a form that was
/// shown for one thing cannot be sent for another.
pub(crate) struct FormToken(Option<Hmac<Sha256>>);

impl FormToken {
    /// Keyed by the identifier in the browser's cookie, which no other site can read.
    pub(super) fn of(identifier: &str, page: &str, query: &str, shown: &[&str]) -> Self {
        // A key of any length is accepted; without one nothing would fit.
        let mut mac = Hmac::new_from_slice(identifier.as_bytes()).ok();
        for part in ["oauth2/form", page, query].iter().chain(shown) {
            if let Some(mac) = &mut mac {
                mac.update(&part.len().to_be_bytes());
                mac.update(part.as_bytes());
            }
        }
        Self(mac)
    }

    /// What the form carries.
    pub(crate) fn value(self) -> String {
        self.0.map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
    }

    /// Whether the form carried it. Compared in constant time.
    pub(crate) fn is(self, presented: Option<&str>) -> bool {
        let presented = presented.and_then(|presented| URL_SAFE_NO_PAD.decode(presented).ok());
        self.0.zip(presented).is_some_and(|(mac, presented)| mac.verify_slice(&presented).is_ok())
    }
}

/// Whether the browser itself says that another site made it send the form. Its silence proves nothing: old browsers say
/// nothing, and pages that hide their address, as ours do, make it say `null`.
pub(crate) fn comes_from_elsewhere(headers: &HeaderMap, issuer: &Issuer) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let site = text("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site");
    let origin = text(ORIGIN.as_str()).is_some_and(|origin| origin != "null" && origin != issuer.origin());
    site || origin
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_fits_one_browser_one_page_one_request_and_what_was_shown() {
        let of = |browser, page, query| FormToken::of(browser, page, query, &["read", "Printer"]);
        let token = || of("browser", "/consent", "scope=read");
        let value = token().value();
        assert!(token().is(Some(&value)));
        assert!(!of("other", "/consent", "scope=read").is(Some(&value)));
        assert!(!of("browser", "/login", "scope=read").is(Some(&value)));
        assert!(!of("browser", "/consent", "scope=write").is(Some(&value)));
        // Where one part ends and the next begins is part of it.
        assert!(!of("browser", "/consentscope", "=read").is(Some(&value)));
        for shown in [&[][..], &["read"], &["read write", "Printer"], &["readPrinter"], &["Printer", "read"]]
        {
            assert!(!FormToken::of("browser", "/consent", "scope=read", shown).is(Some(&value)), "{shown:?}");
        }
        for wrong in [None, Some(""), Some("AAAA"), Some("!"), Some(&value[1..])] {
            assert!(!token().is(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn other_origins_are_seen() {
        let issuer = Issuer::parse("https://id.example/tenant").unwrap();
        let elsewhere = |name: &'static str, value: &'static str| {
            let headers: HeaderMap =
                [(name.parse().unwrap(), HeaderValue::from_static(value))].into_iter().collect();
            comes_from_elsewhere(&headers, &issuer)
        };
        assert!(!comes_from_elsewhere(&HeaderMap::new(), &issuer));
        assert!(!elsewhere("origin", "https://id.example") && !elsewhere("origin", "null"));
        assert!(!elsewhere("sec-fetch-site", "same-origin") && !elsewhere("sec-fetch-site", "none"));
        assert!(elsewhere("origin", "https://evil") && elsewhere("origin", "http://id.example"));
        assert!(elsewhere("sec-fetch-site", "cross-site") && elsewhere("sec-fetch-site", "same-site"));
    }
}
