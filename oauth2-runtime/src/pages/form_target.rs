//! Where a form may lead besides this server: to the client that started the request.

use url::Url;

/// Schemes that lead into the browser itself or to no client, and that no policy of ours ever allows.
const NO_CLIENT: &[&str] =
    &["about", "blob", "data", "file", "filesystem", "ftp", "javascript", "view-source", "ws", "wss"];

/// The source expression of a client's redirect URI for `form-action`.
///
/// Browsers apply `form-action` also to the redirects that follow a form, to all of them: with `'self'` alone the way back
/// to the client would be barred, and with the client's host alone a client whose redirect URI leads on to another host
/// of its own. What is left is the scheme: no form leads out of TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormTarget(Option<String>);

impl FormTarget {
    /// The target for a redirect URI. From one that has no safe expression it is empty, and then only this server's
    /// own addresses are allowed.
    pub(crate) fn of(redirect_uri: &str) -> Self {
        Self(Url::parse(redirect_uri).ok().and_then(|uri| expression(uri.scheme())))
    }

    /// The expression, made of the characters of schemes only: it can end neither the directive nor the header.
    fn source(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The value of `form-action`: this server, and the target where it has an expression.
    pub(crate) fn form_action(&self) -> String {
        match self.source() {
            Some(source) => format!("'self' {source}"),
            None => "'self'".to_owned(),
        }
    }
}

fn expression(scheme: &str) -> Option<String> {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    if NO_CLIENT.contains(&scheme) || !scheme.bytes().all(letters) {
        return None;
    }
    // An application on this machine may lead on to its own site.
    Some(if scheme == "http" { "http: https:".to_owned() } else { format!("{scheme}:") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(redirect_uri: &str, source: Option<&str>) {
        assert_eq!(FormTarget::of(redirect_uri).source(), source, "{redirect_uri}");
    }

    #[test]
    fn the_scheme_stays() {
        expect("https://client.example:8443/cb?x=1#y", Some("https:"));
        expect("http://127.0.0.1:53211/cb", Some("http: https:"));
        expect("com.example.app:/cb; script-src *", Some("com.example.app:"));
    }

    #[test]
    fn schemes_of_the_browser_are_no_target() {
        for uri in
            ["javascript:alert(1)", "data:text/html,x", "blob:https://a.example/x", "file:///etc/hosts"]
        {
            expect(uri, None);
        }
    }

    #[test]
    fn nothing_gets_into_the_header() {
        for uri in ["a;b:/cb", "*", "'none'", "/cb", "", "x y:z"] {
            expect(uri, None);
        }
    }
}
