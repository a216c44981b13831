use std::fmt;

use url::{Host, Url};

/// Redirect URIs that a client may have: each request is compared with all of them.
pub const MAX_REDIRECT_URIS: usize = 50;

/// Redirect URIs that are known when you compile: [`RedirectUris`](crate::types::RedirectUris) of literals, each of them checked by
/// the compiler.
///
/// ```
/// use oauth2_runtime::prelude::*;
///
/// let uris: RedirectUris = redirect_uris!["https://printer.example/cb", "http://127.0.0.1/cb"];
/// assert!(uris.contain("https://printer.example/cb"));
/// ```
///
/// What [`Clients::register`](crate::clients::Clients::register) refuses at run time does not compile here, and the error says what to
/// write instead:
///
/// ```compile_fail
/// use oauth2_runtime::prelude::*;
///
/// let uris = redirect_uris!["http://printer.example/cb"];     // `http` is for loopback hosts only
/// ```
///
/// | refused | because of |
/// |---|---|
/// | what is no absolute URI, a fragment | RFC 6749 section 3.1.2 |
/// | `http` on a host that is not a loopback one | RFC 9700 section 2.6 |
/// | `javascript:`, `data:` and every other scheme that is no reversed domain name | RFC 8252 section 7.1 |
/// | a wildcard, and what is not in normal form: URIs are compared byte for byte | RFC 9700 section 2.1 |
/// | a user name or a password | RFC 3986 section 7.6 |
/// | a parameter `iss`, since the server adds its own | RFC 9207 section 2 |
/// | the same URI twice, and a list without any | |
///
/// A URI that only the running program knows goes into [`RedirectUris::from_iter`](crate::types::RedirectUris), and a client that
/// nobody is sent back to has [`RedirectUris::default`](crate::types::RedirectUris). What the label `xn--..` of a host name encodes is
/// left to the moment at which the client is stored.
#[macro_export]
macro_rules! redirect_uris {
    // No token of the user's is there to carry this from the macro that checks the literals.
    () => {
        ::core::compile_error!(
            "this list of redirect URIs is empty\n\n\
             help: write the address that people are sent back to, such as `\"https://app.example/cb\"`\n\
             note: OAuth 2.1 section 2.3.1; a client that nobody is sent back to has `RedirectUris::default()`"
        )
    };
    ($($uri:tt)+) => {
        $crate::__private::redirect_uris($crate::__private::redirect_uris!($($uri)+))
    };
}

/// The redirect URIs a client registered (RFC 6749 section 3.1.2.2), compared byte for byte.
///
/// ```
/// use oauth2_runtime::prelude::*;
///
/// let uris = redirect_uris!["https://client.example/cb", "http://127.0.0.1/cb"];
/// assert!(uris.contain("https://client.example/cb"));
/// assert!(!uris.contain("https://client.example/cb/"));
/// // Of a loopback address the port may differ.
/// assert!(uris.contain("http://127.0.0.1:51004/cb"));
/// ```
///
/// [`redirect_uris!`](crate::redirect_uris) checks literals when you compile. All are checked where a client is stored: [`Clients::register`](crate::clients::Clients::register).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedirectUris(Vec<String>);

impl RedirectUris {
    /// The registered URIs in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the client registered none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The only registered URI, which a request may leave out.
    #[must_use]
    pub fn only(&self) -> Option<&str> {
        match self.0.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Whether `presented` is a registered URI: the same bytes or, for a loopback address, the same but for the port,
    /// which a native application learns from its system (RFC 8252 section 7.3).
    #[must_use]
    pub fn contain(&self, presented: &str) -> bool {
        let without_port = loopback(presented);
        self.iter().any(|registered| {
            registered == presented || (without_port.is_some() && without_port == loopback(registered))
        })
    }
}

impl<U: Into<String>> FromIterator<U> for RedirectUris {
    fn from_iter<I: IntoIterator<Item = U>>(uris: I) -> Self {
        Self(uris.into_iter().map(Into::into).collect())
    }
}

/// The stored text: the URIs separated by spaces, which no URI contains.
impl From<&RedirectUris> for String {
    fn from(uris: &RedirectUris) -> Self {
        uris.0.join(" ")
    }
}

impl From<&str> for RedirectUris {
    fn from(stored: &str) -> Self {
        stored.split_ascii_whitespace().collect()
    }
}

/// The address and what follows the port of an `http` URI whose host is a loopback address. Texts are compared and not
/// what a parser makes of them: two parsers that disagree about a host are how codes reach strangers.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let address =
        ["http://127.0.0.1", "http://[::1]"].into_iter().find(|address| uri.starts_with(address))?;
    let rest = uri.strip_prefix(address)?;
    let rest = match rest.strip_prefix(':') {
        Some(port) => {
            let end = port.find(|byte: char| !byte.is_ascii_digit()).unwrap_or(port.len());
            let (port, rest) = port.split_at(end);
            port.parse::<u16>().ok().filter(|number| *number != 0 && !port.starts_with('0'))?;
            rest
        }
        None => rest,
    };
    // Otherwise the host goes on: `http://127.0.0.1.evil.example/`, `http://127.0.0.1:80@evil.example/`.
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((address, rest))
}

/// Why a URI cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRedirectUri(&'static str);

impl fmt::Display for InvalidRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidRedirectUri {}

/// Whether a client may register `uri` (RFC 6749 section 3.1.2, RFC 8252 section 8.4, RFC 9700 section 2.1, RFC 9207 section 2): an `https`
/// URL, an `http` one on a loopback host, or a scheme that is a reversed domain name.
pub(crate) fn check_redirect_uri(uri: &str) -> Result<(), InvalidRedirectUri> {
    let refuse = |reason| Err(InvalidRedirectUri(reason));
    let url = Url::parse(uri).map_err(|_| InvalidRedirectUri("it is not an absolute URI"))?;
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) || uri.contains(['*', '\\']) {
        return refuse("a redirect URI is printable ASCII without `*` and `\\`: there are no wildcards");
    }
    if uri.contains('#') {
        return refuse("a redirect URI has no fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("a redirect URI has no user name and no password");
    }
    if url.query_pairs().any(|(name, _)| name == "iss") {
        return refuse("a redirect URI has no `iss` parameter: the server adds its own (RFC 9207 section 2)");
    }
    if url.as_str() != uri && url.as_str().strip_suffix('/') != Some(uri) {
        return refuse(
            "it is not in normal form: scheme and host in lower case, no default port, no dot segments",
        );
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => refuse("`http` is for loopback hosts only; use `https`"),
        scheme if scheme.contains('.') => Ok(()),
        _ => {
            refuse("a scheme of an application's own is its reversed domain name, such as `com.example.app`")
        }
    }
}

/// Whether a code that is sent to `uri` may reach another application than the client: whoever listens on a port of this
/// machine, or has claimed the same scheme on it (RFC 8252 sections 8.3 and 8.6).
pub(crate) fn is_shared(uri: &str) -> bool {
    Url::parse(uri).map_or(true, |url| url.scheme() != "https" || is_loopback(&url))
}

/// What to call the place that `uri` leads to.
pub(crate) fn destination(uri: &str) -> String {
    match Url::parse(uri) {
        Ok(url) => match url.host_str() {
            Some(host) if is_loopback(&url) => format!("{host} (this device)"),
            Some(host) if url.scheme() == "https" => host.to_owned(),
            _ => format!("{} (an application on this device)", url.scheme()),
        },
        Err(_) => String::new(),
    }
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered(uris: &[&str]) -> RedirectUris {
        uris.iter().copied().collect()
    }

    #[test]
    fn only_the_port_of_a_loopback_address_may_differ() {
        let uris = registered(&["http://127.0.0.1/cb", "http://[::1]:7/cb?x=1"]);
        for right in [
            "http://127.0.0.1/cb",
            "http://127.0.0.1:5/cb",
            "http://127.0.0.1:65535/cb",
            "http://[::1]/cb?x=1",
        ] {
            assert!(uris.contain(right), "{right}");
        }
        for wrong in [
            "http://127.0.0.1:5/other",
            "http://127.0.0.1:5/cb?x",
            "http://127.0.0.1:5/cb/",
            "http://localhost:5/cb",
            "http://[::1]:5/cb",
            "http://attacker@127.0.0.1:5/cb",
            "http://127.0.0.1:5@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:05/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:/cb",
            "https://127.0.0.1:5/cb",
            "http://127.0.0.2:5/cb",
        ] {
            assert!(!uris.contain(wrong), "{wrong}");
        }
    }

    #[test]
    fn uris_that_can_be_registered() {
        for uri in [
            "https://client.example/cb",
            "https://client.example",
            "https://client.example/cb?tenant=1",
            "https://client.example/cb?miss=1&issue=iss",
            "http://127.0.0.1/cb",
            "http://localhost:3000/cb",
            "http://[::1]:3000/cb",
            "com.example.app:/cb",
            "com.example.app://cb",
        ] {
            assert_eq!(check_redirect_uri(uri), Ok(()), "{uri}");
        }
    }

    /// S03, S04, S05, S10.
    #[test]
    fn uris_that_cannot() {
        for uri in [
            "",
            "/cb",
            "http://client.example/cb",
            "https://client.example/cb#x",
            "https://client.example/cb#",
            "https://*.client.example/cb",
            "https://client.example/*",
            "https://a.test@evil.test/cb",
            "https://a.test:443@evil.test/",
            "https://Client.example/cb",
            "https://client.example:443/cb",
            "https://client.example/../cb",
            "https://client.example/%2e%2e/cb",
            "https://client.example\\cb",
            "https://client.example/c\u{e9}",
            "https://client.example/c b",
            "https://client.example/cb?iss=https://other.example",
            "https://client.example/cb?a=1&%69ss",
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            " data:x",
            "data:text/html,x",
            "vbscript:x",
            "myapp://cb",
            "https://client.example/cb?iss=https://id.example",
            "https://client.example/cb?tenant=1&%69ss",
            "com.example.app:/cb?iss=x",
        ] {
            assert!(check_redirect_uri(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn places_have_names() {
        assert_eq!(destination("https://client.example:8443/cb"), "client.example");
        assert_eq!(destination("http://127.0.0.1:1/cb"), "127.0.0.1 (this device)");
        assert_eq!(destination("com.example.app:/cb"), "com.example.app (an application on this device)");
        assert!(is_shared("http://localhost/cb") && is_shared("com.example.app:/cb"));
        assert!(!is_shared("https://client.example/cb"));
    }
}
