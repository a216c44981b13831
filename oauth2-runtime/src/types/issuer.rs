use std::fmt;

use url::Url;

use super::is_loopback;

/// The server's issuer identifier (RFC 8414 section 2): an `https` URL without query and fragment, the base of
/// every endpoint's address. `http` is accepted on loopback hosts only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    path: String,
}

/// Why a text is not an issuer identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidIssuer(&'static str);

impl fmt::Display for InvalidIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidIssuer {}

impl Issuer {
    /// Checks `text`.
    ///
    /// # Errors
    ///
    /// [`InvalidIssuer`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidIssuer> {
        let url = Url::parse(text).map_err(|_| InvalidIssuer("it is not an absolute URL"))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidIssuer("an issuer has no query and no fragment"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidIssuer("an issuer has no user name and no password"));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => {
                return Err(InvalidIssuer("`http` is for loopback hosts only; use `https`"));
            }
            _ => return Err(InvalidIssuer("an issuer is an `https` URL")),
        }
        let text = text.trim_end_matches('/');
        // Clients compare issuers byte for byte, and the endpoints are mounted at the path as the parser has it.
        if url.as_str().trim_end_matches('/') != text {
            return Err(InvalidIssuer(
                "it is not in normal form: the host in lower case, no default port, nothing around it, and in the path \
                 only characters that need no encoding",
            ));
        }
        // A cookie for the issuer's path could not be told so: there a `;` ends the path (RFC 6265 section 4.1.1).
        if text.contains(';') {
            return Err(InvalidIssuer("an issuer has no `;` in its path"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        // A browser that is sent to a page below it would go to another host.
        if path.starts_with("//") {
            return Err(InvalidIssuer("an issuer's path begins with one `/`"));
        }
        Ok(Self { text: text.to_owned(), path })
    }

    /// The identifier without a trailing slash, as it is in metadata and tokens.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is an `https` URL, and not a server on this machine that is developed or tested.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// Scheme, host and port (RFC 6454 section 6.2).
    #[must_use]
    pub fn origin(&self) -> &str {
        self.text.strip_suffix(self.path.as_str()).unwrap_or(&self.text)
    }

    /// The path every endpoint is mounted under; empty when the issuer has none.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_http_are_issuers() {
        for (text, path) in [
            ("https://id.example", ""),
            ("https://id.example/", ""),
            ("https://id.example/tenant/a", "/tenant/a"),
            ("http://127.0.0.1:8080", ""),
            ("http://[::1]:8080/auth", "/auth"),
            ("http://localhost:3000", ""),
        ] {
            assert_eq!(Issuer::parse(text).unwrap().path(), path, "{text}");
        }
        assert_eq!(Issuer::parse("https://id.example/").unwrap().as_str(), "https://id.example");
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "id.example",
            "http://id.example",
            "ftp://id.example",
            "https://id.example?x",
            "https://id.example#f",
            "https://u:p@id.example",
            "http://127.0.0.1.evil.test",
            "http://localhost.evil.test",
            "https://id.example/a;b",
            "https://id.example//evil.test",
            "https://id.example/\\evil.test",
        ] {
            assert!(Issuer::parse(text).is_err(), "{text}");
        }
    }
}
