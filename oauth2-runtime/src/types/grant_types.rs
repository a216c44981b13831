/// The grant types a client may use (RFC 7591 section 2, `grant_types`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantTypes(Vec<String>);

impl GrantTypes {
    /// Whether `grant_type` is among them.
    #[must_use]
    pub fn contains(&self, grant_type: &str) -> bool {
        self.0.iter().any(|name| name == grant_type)
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl<N: Into<String>> FromIterator<N> for GrantTypes {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

/// The stored text: the names separated by spaces.
impl From<&GrantTypes> for String {
    fn from(types: &GrantTypes) -> Self {
        types.0.join(" ")
    }
}

impl From<&str> for GrantTypes {
    fn from(stored: &str) -> Self {
        stored.split_ascii_whitespace().collect()
    }
}
