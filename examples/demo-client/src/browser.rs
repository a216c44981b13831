//! How a browser is known again, and whether what it sends comes from a page of this client.

use axum::http::{HeaderMap, header};
use oauth2::{CsrfToken, url::Url};

/// The cookie that names a browser.
pub(crate) struct Cookie {
    name: &'static str,
    attributes: &'static str,
}

impl Cookie {
    /// Over TLS it is sent over nothing else, and no other host of the domain can set it. Without, cookies of a host are
    /// shared among its ports, so the name is one that the provider does not use.
    pub(crate) fn of(site: &Url) -> Self {
        match site.scheme() {
            "https" => {
                Self { name: "__Host-photo_album", attributes: "; Path=/; HttpOnly; SameSite=Lax; Secure" }
            }
            _ => Self { name: "photo_album", attributes: "; Path=/; HttpOnly; SameSite=Lax" },
        }
    }

    pub(crate) fn named(&self, browser: &str) -> String {
        format!("{}={browser}{}", self.name, self.attributes)
    }

    /// The name in a request.
    pub(crate) fn read<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut pairs =
            cookies.flat_map(|cookies| cookies.split("; ")).filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == self.name).map(|(_, value)| value)
    }
}

/// A name for a browser that nobody can guess.
pub(crate) fn new_name() -> String {
    CsrfToken::new_random().into_secret()
}

/// Whether a form was sent by a page of this client. `SameSite` does not tell: other ports of the host are the same site.
/// Browsers that say nothing of the site say at least the origin.
pub(crate) fn is_own_form(headers: &HeaderMap, site: &Url) -> bool {
    match headers.get("sec-fetch-site") {
        Some(from) => from == "same-origin",
        None => {
            let origin = site.origin().ascii_serialization();
            headers.get(header::ORIGIN).is_some_and(|from| from.as_bytes() == origin.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn site(address: &str) -> Url {
        Url::parse(address).unwrap()
    }

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        [(name.parse().unwrap(), HeaderValue::from_static(value))].into_iter().collect()
    }

    #[test]
    fn over_tls_the_cookie_belongs_to_the_host_alone() {
        let cookie = Cookie::of(&site("https://album.example/callback"));
        let named = "__Host-photo_album=b; Path=/; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(cookie.named("b"), named);
        assert_eq!(cookie.read(&headers("cookie", "photo_album=planted; __Host-photo_album=b")), Some("b"));
        let cookie = Cookie::of(&site("http://127.0.0.1:8081/callback"));
        assert_eq!(cookie.named("b"), "photo_album=b; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(cookie.read(&headers("cookie", "other=1; photo_album=b")), Some("b"));
        assert_eq!(cookie.read(&headers("cookie", "not_photo_album=b")), None);
    }

    #[test]
    fn forms_of_other_sites_and_other_ports_are_seen() {
        let own = |headers: &HeaderMap| is_own_form(headers, &site("http://127.0.0.1:8081/callback"));
        assert!(own(&headers("sec-fetch-site", "same-origin")));
        assert!(own(&headers("origin", "http://127.0.0.1:8081")));
        for (name, value) in [
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "none"),
            ("origin", "http://127.0.0.1:8080"),
            ("origin", "null"),
        ] {
            assert!(!own(&headers(name, value)), "{name}: {value}");
        }
        assert!(!own(&HeaderMap::new()));
    }
}
