use std::fmt;

macro_rules! identifier {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The identifier's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> Self {
                identifier.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier! {
    /// A client identifier (RFC 6749 section 2.2). Public, unique, chosen by the server.
    ClientId
}

identifier! {
    /// Who a token speaks for: the identifier of a person in your own user table.
    ///
    /// A token without a subject is a client acting for itself. A client identifier is never a subject, so
    /// that a client cannot pass for the person whose identifier equals its own.
    Subject
}

identifier! {
    /// One authorization and everything that was issued from it: the token family.
    ///
    /// When a refresh token is presented twice, every token of its family ends (RFC 9700 section 4.14.2).
    GrantId
}
