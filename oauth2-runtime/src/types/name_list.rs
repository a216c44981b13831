/// A list of registered names, stored as the names separated by spaces.
macro_rules! name_list {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $name(Vec<String>);

        impl $name {
            /// Whether `name` is among them.
            #[must_use]
            pub fn contains(&self, name: &str) -> bool {
                self.0.iter().any(|listed| listed == name)
            }

            /// The names in order.
            pub fn iter(&self) -> impl Iterator<Item = &str> {
                self.0.iter().map(String::as_str)
            }
        }

        impl<N: Into<String>> FromIterator<N> for $name {
            fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
                Self(names.into_iter().map(Into::into).collect())
            }
        }

        /// The stored text: the names separated by spaces.
        impl From<&$name> for String {
            fn from(names: &$name) -> Self {
                names.0.join(" ")
            }
        }

        impl From<&str> for $name {
            fn from(stored: &str) -> Self {
                stored.split_ascii_whitespace().collect()
            }
        }
    };
}

name_list! {
    /// The grant types a client may use (RFC 7591 section 2, `grant_types`).
    GrantTypes
}

name_list! {
    /// The response types a client may ask the authorization endpoint for (RFC 7591 section 2, `response_types`). This
    /// server has one: `code`.
    ResponseTypes
}
