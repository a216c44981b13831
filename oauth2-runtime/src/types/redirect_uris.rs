/// The redirect URIs a client registered (RFC 6749 section 3.1.2.2), compared byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedirectUris(Vec<String>);

impl RedirectUris {
    /// The registered URIs in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the client registered none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
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
