use std::fmt::Write as _;

use crate::error::Error;

/// The names that the challenge itself uses (RFC 6750 section 3).
const RESERVED: [&str; 5] = ["realm", "scope", "error", "error_description", "error_uri"];

/// Attributes of a challenge beside those of RFC 6750, in the order they were added.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// Adds one, its name a token and its value text that fits into quotes (RFC 9110 section 11.2).
    pub(super) fn add(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let refuse = |reason: &str| {
            let name = name.escape_debug();
            Err(Error::new(format!("the challenge attribute `{name}` is not usable: {reason}")))
        };
        if name.is_empty() || !name.bytes().all(is_token) {
            return refuse("its name must be letters, digits and `!#$%&'*+-.^_|~` (RFC 9110 section 5.6.2)");
        }
        if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            return refuse(if name.eq_ignore_ascii_case("realm") {
                "the realm is set with `realm(..)`"
            } else {
                "the challenge itself says this (RFC 6750 section 3)"
            });
        }
        if self.0.iter().any(|(known, _)| name.eq_ignore_ascii_case(known)) {
            return refuse("it is there twice (RFC 9110 section 11.2)");
        }
        let Some(value) = quoted(value) else {
            return refuse("its value must be printable ASCII");
        };
        self.0.push((name.to_owned(), value));
        Ok(())
    }

    /// Appends them to a challenge.
    pub(super) fn write(&self, challenge: &mut String) {
        for (name, value) in &self.0 {
            let _ = write!(challenge, ", {name}={value}");
        }
    }
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// `text` as a quoted string (RFC 9110 section 5.6.4), or `None` for what a header cannot carry everywhere.
pub(super) fn quoted(text: &str) -> Option<String> {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ => return None,
        }
    }
    quoted.push('"');
    Some(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_so_that_they_cannot_end_early() {
        assert_eq!(quoted("a b").as_deref(), Some("\"a b\""));
        assert_eq!(quoted("a\", error=\"x").as_deref(), Some("\"a\\\", error=\\\"x\""));
        assert_eq!(quoted("a\\").as_deref(), Some("\"a\\\\\""));
        for text in ["a\r\nset-cookie: x", "a\0", "a\tb", "\u{e9}", "\u{7f}"] {
            assert_eq!(quoted(text), None, "{text:?}");
        }
    }

    #[test]
    fn names_are_tokens_that_are_free() {
        let mut attributes = Attributes::default();
        attributes.add("resource_metadata", "https://rs.example/").unwrap();
        for (name, reason) in [
            ("", "`` is not usable: its name must be"),
            ("a b", "its name must be letters"),
            ("a=b", "its name must be letters"),
            ("a\r\nb", "`a\\r\\nb` is not usable: its name must be letters"),
            ("\u{e9}", "its name must be letters"),
            ("Realm", "the realm is set with `realm(..)`"),
            ("SCOPE", "the challenge itself says this"),
            ("error", "the challenge itself says this"),
            ("error_description", "the challenge itself says this"),
            ("error_uri", "the challenge itself says this"),
            ("Resource_Metadata", "it is there twice"),
        ] {
            let error = attributes.add(name, "x").unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        assert!(attributes.add("x", "\n").unwrap_err().to_string().contains("printable ASCII"));
        let mut challenge = String::new();
        attributes.write(&mut challenge);
        assert_eq!(challenge, ", resource_metadata=\"https://rs.example/\"");
    }
}
